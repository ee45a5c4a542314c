import type { App, ViewResponseAction } from '@slack/bolt';
import type { Logger } from 'pino';
import { laneOf } from '../../bridge/lane.ts';
import type { Intake, WrittenMessage } from '../../bridge/message.ts';
import type { Addressee, DeliveryId } from '../../bridge/people.ts';
import { type Drafts, readDraft } from '../drafts.ts';
import { makePersonId } from '../ids.ts';
import { mirrorWords } from '../mirror-words.ts';
import { FIELDS, FORMS, ViewClosed, ViewSubmission } from '../payload-interactions.ts';
import { type Mistakes, mistakenCount, type Picked, pickedIn } from '../picked.ts';
import { escapeText } from '../text/escape.ts';
import { notice, type Title } from '../views/modal.ts';
import { readSendAbout, type SendAbout, textIn } from '../views/send-form.ts';
import { type Doer, doerOf } from './who.ts';

export interface SendSubmissionPorts {
  intake: Intake;
  drafts: Drafts;
  log: Logger;
}

const TITLES: Readonly<Record<SendAbout['sends'], Title>> = {
  message: 'Send to Chatter',
  text: 'New Chatter message',
};

/** Sends what a form names to whom it names, as whoever has submitted it. It is stored before Slack is answered. */
export function listenToSendSubmission(app: App, ports: SendSubmissionPorts): void {
  app.view({ type: 'view_submission', callback_id: FORMS.send }, async ({ body, context, ack }) => {
    const submitted = ViewSubmission.parse(body);
    await ack(await answerTo(submitted, doerOf(submitted, context.teamId), ports));
  });
  app.view({ type: 'view_closed', callback_id: FORMS.send }, async ({ body, ack }) => {
    await ack();
    // Not waited for: it goes by itself in half an hour.
    ports.drafts
      .erase(ViewClosed.parse(body).view.id)
      .catch((err: unknown) => ports.log.warn({ err }, 'draft not erased'));
  });
}

async function answerTo(
  { view }: ViewSubmission,
  doer: Doer,
  ports: SendSubmissionPorts,
): Promise<ViewResponseAction> {
  const { id, private_metadata, state } = view;
  const about = readSendAbout(private_metadata);
  if (!about) return corrected({ [FIELDS.people.block]: mirrorWords.stale });
  const picked = pickedIn(state.values, doer.user);
  const miscounted = mistakenCount(picked, mirrorWords.mostPeople.send);
  if (miscounted) return corrected(miscounted);
  const written = about.sends === 'text' ? typed(textIn(state.values)) : await drafted(id, ports);
  if ('mistakes' in written) return corrected(written.mistakes);
  const mistakes = await send(id, written, picked, doer, ports);
  if (mistakes) return corrected(mistakes);
  ports.drafts.fade(id).catch((err: unknown) => ports.log.warn({ err }, 'draft not erased'));
  return { response_action: 'update', view: notice(TITLES[about.sends], mirrorWords.sending) };
}

type Written = Pick<WrittenMessage, 'text' | 'beyondText'> | { mistakes: Mistakes };

/** Typed text is literal; in a message Slack has its escapes. */
function typed(text: string): Written {
  if (text.trim() === '') return { mistakes: { [FIELDS.text.block]: mirrorWords.noText } };
  return { text: escapeText(text) };
}

async function drafted(view: string, { drafts, log }: SendSubmissionPorts): Promise<Written> {
  try {
    const draft = await drafts.read(view);
    if (draft !== undefined) return readDraft(draft);
    return { mistakes: { [FIELDS.people.block]: mirrorWords.stale } };
  } catch (error) {
    log.warn({ err: error }, 'draft not read');
    return { mistakes: { [FIELDS.people.block]: mirrorWords.notSent.refused } };
  }
}

async function send(
  view: string,
  written: Pick<WrittenMessage, 'text' | 'beyondText'>,
  { people, users }: Picked,
  { team, person }: Doer,
  { intake }: SendSubmissionPorts,
): Promise<Mistakes | undefined> {
  const addressees: Addressee[] = [
    ...people.map((user) => ({ kind: 'person' as const, id: makePersonId({ team, user }) })),
    ...users.map((user) => ({ kind: 'user' as const, ...user })),
  ];
  const taken = await intake.take(
    {
      id: `view-${team}-${view}` as DeliveryId,
      lane: laneOf(person, addressees),
      message: { v: 1, author: person, ...written, to: { kind: 'people', people: addressees } },
    },
    // Its form stays open when it could not be stored, and is submitted again under the same id.
    true,
  );
  if (taken === 'stored' || taken === 'duplicate') return undefined;
  return { [FIELDS.people.block]: mirrorWords.notSent[taken] };
}

const corrected = (errors: Mistakes): ViewResponseAction => ({ response_action: 'errors', errors });
