import type { KnownBlock } from '@slack/web-api';
import type { Scheduled } from '../../bridge/notification.ts';
import { notifyWords } from '../notify-words.ts';
import { NOTIFY_ACTIONS } from '../payload-interactions.ts';
import { button, context, section } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import { moment } from './moment.ts';
import type { Rendered } from './rendered.ts';

/** A message has 50 blocks, and nobody reads more. */
const MOST_SHOWN = 20;
const WHEN_LIMIT = 200;

/**
 * Somebody's notifications that are to be sent later, the next first, each with a button that cancels it.
 * @param told what became of a press on one of these buttons, said above the list as it is now
 */
export function renderScheduled(scheduled: readonly Scheduled[], told?: string): Rendered {
  const above = told === undefined ? [] : [context(told)];
  const said = scheduled.length === 0 ? notifyWords.noneScheduled : notifyWords.scheduled(scheduled.length);
  const more = scheduled.length - MOST_SHOWN;
  const next = scheduled.toSorted((one, other) => one.nextAtMs - other.nextAtMs);
  return {
    text: told ?? said,
    blocks: [
      ...above,
      section(said),
      ...next.slice(0, MOST_SHOWN).map(one),
      ...(more > 0 ? [context(`${more} more: shown when these are cancelled or sent.`)] : []),
    ],
  };
}

function one({ id, when, nextAtMs }: Scheduled): KnownBlock {
  const again =
    'cron' in when ? `, and again: ${escapedExcerpt(`${when.cron} (${when.timeZone})`, WHEN_LIMIT)}` : '';
  return {
    ...section(`${moment(nextAtMs)}${again}`),
    accessory: button('Cancel', NOTIFY_ACTIONS.cancel, id, 'danger'),
  };
}
