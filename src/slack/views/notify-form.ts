import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import type { LeftOut, LeftOutReason, Preview } from '../../bridge/notification.ts';
import type { Modal } from '../modals.ts';
import { notifyWords } from '../notify-words.ts';
import { FIELDS, FORMS, type Values } from '../payload-interactions.ts';
import { fieldIn } from '../picked.ts';
import { GROUPS } from '../report-groups.ts';
import { context, section } from './blocks.ts';
import { escapedPieces, SECTION_LIMIT } from './excerpt.ts';
import { form, plainText, shown } from './modal.ts';
import { namesLine } from './names.ts';

export const NOTIFY_TITLE = 'Notify in Chatter';

/** The text is shown in up to this many sections; it is sent in full. */
const TEXT_SECTIONS = 3;
const MOST_NAMED = 50;
/** Below what a section takes, with the heading. */
const NAMES_LIMIT = 2_500;
const FEW_NAMED = 15;
const FEW_LIMIT = 800;
/** What somebody would choose: the full hour after the next. */
const HOUR_MS = 60 * 60 * 1_000;

/** What somebody confirms: who gets it, who does not and why, and the text as it will be in Chatter. */
export function notifyForm({ reachable, leftOut }: Preview, text: string, nowMs: number): Modal {
  return form(NOTIFY_TITLE, 'Send', {
    callback: FORMS.notify,
    metadata: '',
    blocks: [
      section(`${notifyWords.whom(reachable.length)}\n${namesOf(reachable)}`),
      ...whomNot(leftOut),
      section(notifyWords.looksLike),
      ...escapedPieces(text, SECTION_LIMIT, TEXT_SECTIONS).map(section),
      ...whenFields(nowMs),
      context(notifyWords.answers),
    ],
    tellsWhenClosed: true,
  });
}

/** Instead of it, when there is nothing to submit. */
export function notifyNotice(said: string, leftOut: readonly LeftOut[] = []): Modal {
  return shown(NOTIFY_TITLE, [section(said), ...whomNot(leftOut)]);
}

function namesOf(people: Preview['reachable']): string {
  return namesLine(
    people.map(({ name }) => name),
    { limit: NAMES_LIMIT, most: MOST_NAMED },
  );
}

function whomNot(leftOut: readonly LeftOut[]): KnownBlock[] {
  if (leftOut.length === 0) return [];
  const lines = (Object.keys(GROUPS) as LeftOutReason[]).flatMap((why) => {
    const those = leftOut.filter((one) => one.why === why);
    return those.length === 0 ? [] : [`• ${GROUPS[why].says}: ${fewNames(those)}`];
  });
  return packed([notifyWords.whomNot(leftOut.length), ...lines]).map(section);
}

/** Lines together, in as few sections as they fit into. */
function packed(lines: readonly string[]): string[] {
  const sections: string[] = [];
  for (const line of lines) {
    const longer = `${sections.at(-1) ?? ''}\n${line}`;
    if (sections.length > 0 && longer.length <= SECTION_LIMIT) sections[sections.length - 1] = longer;
    else sections.push(line);
  }
  return sections;
}

const fewNames = (those: readonly LeftOut[]): string =>
  namesLine(
    those.map(({ name }) => name),
    { limit: FEW_LIMIT, most: FEW_NAMED },
  );

function whenFields(nowMs: number): KnownBlock[] {
  const now = { text: plainText(notifyWords.now), value: 'now' };
  const later = { text: plainText(notifyWords.later), value: 'later' };
  return [
    {
      type: 'input',
      block_id: FIELDS.when.block,
      label: plainText(notifyWords.when),
      element: {
        type: 'radio_buttons',
        action_id: FIELDS.when.action,
        options: [now, later],
        initial_option: now,
      },
    },
    {
      type: 'input',
      block_id: FIELDS.at.block,
      optional: true,
      label: plainText(notifyWords.at),
      element: {
        type: 'datetimepicker',
        action_id: FIELDS.at.action,
        initial_date_time: ((Math.floor(nowMs / HOUR_MS) + 2) * HOUR_MS) / 1_000,
      },
    },
  ];
}

const Chosen = z.object({ selected_option: z.object({ value: z.enum(['now', 'later']) }) });
/** Unix seconds: Slack shows it in the time zone of whoever chooses. */
const ChosenTime = z.object({ selected_date_time: z.number().int().positive() });

/** When it is to be sent; `later` without a time: none was chosen. */
export function whenIn(values: Values): { isLater: boolean; atMs: number | undefined } {
  const isLater = Chosen.safeParse(fieldIn(values, FIELDS.when)).data?.selected_option.value === 'later';
  const seconds = ChosenTime.safeParse(fieldIn(values, FIELDS.at)).data?.selected_date_time;
  return { isLater, atMs: seconds === undefined ? undefined : seconds * 1_000 };
}
