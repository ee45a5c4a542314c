import { setTimeout as pause } from 'node:timers/promises';
import type { App, ViewResponseAction } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Notifications } from '../../bridge/notification.ts';
import type { NotificationId } from '../../bridge/people.ts';
import type { Taken } from '../../bridge/taken.ts';
import type { Drafts } from '../drafts.ts';
import type { WhyNotSoMany } from '../may-notify.ts';
import { type NotifyDraft, readNotifyDraft } from '../notify-draft.ts';
import { notifyWords } from '../notify-words.ts';
import { FIELDS, FORMS, ViewClosed, ViewSubmission } from '../payload-interactions.ts';
import type { Mistakes } from '../picked.ts';
import { notice } from '../views/modal.ts';
import { moment } from '../views/moment.ts';
import { NOTIFY_TITLE, whenIn } from '../views/notify-form.ts';
import { type Doer, doerOf } from './who.ts';

export interface NotifySubmissionPorts {
  notifications: Pick<Notifications, 'send' | 'schedule' | 'cancel' | 'report'>;
  drafts: Drafts;
  whyNotSoMany: WhyNotSoMany;
  log: Logger;
  now: () => number;
}

/** Slack waits three seconds; half a second remains for the way back. */
const ANSWER_MS = 2_500;

type Answer = { said: string } | { mistakes: Mistakes };

/** Sends what was confirmed to those who were confirmed, or plans it. It is stored before Slack is answered. */
export function listenToNotifySubmission(app: App, ports: NotifySubmissionPorts): void {
  app.view({ type: 'view_submission', callback_id: FORMS.notify }, async ({ body, context, ack }) => {
    const submitted = ViewSubmission.parse(body);
    const answering = answerTo(submitted.view, doerOf(submitted, context.teamId), ports);
    // The same form is the same notification, so that whoever is not sure may press again.
    const unsure: Answer = onWhen(notifyWords.notSent.unsure);
    await ack(responseOf(await Promise.race([answering, pause(ANSWER_MS, unsure, { ref: false })])));
  });
  app.view({ type: 'view_closed', callback_id: FORMS.notify }, async ({ body, ack }) => {
    await ack();
    // Not waited for: it goes by itself in half an hour.
    ports.drafts
      .erase(ViewClosed.parse(body).view.id)
      .catch((err: unknown) => ports.log.warn({ err }, 'draft not erased'));
  });
}

function responseOf(answer: Answer): ViewResponseAction {
  if ('mistakes' in answer) return { response_action: 'errors', errors: answer.mistakes };
  return { response_action: 'update', view: notice(NOTIFY_TITLE, answer.said) };
}

async function answerTo(
  { id, state }: ViewSubmission['view'],
  doer: Doer,
  ports: NotifySubmissionPorts,
): Promise<Answer> {
  const { drafts, whyNotSoMany, log, now } = ports;
  const { isLater, atMs } = whenIn(state.values);
  if (isLater && atMs === undefined) return onTime(notifyWords.noTime);
  if (isLater && atMs !== undefined && atMs <= now()) return onTime(notifyWords.timePassed);
  try {
    const kept = await drafts.read(id);
    if (kept === undefined) return onWhen(notifyWords.stale);
    const draft = readNotifyDraft(kept);
    const count = draft.preview.reachable.length;
    const whyNot = await whyNotSoMany(doer.user, count).catch((err: unknown) => {
      log.warn({ err }, 'not known whether somebody may notify so many');
      return notifyWords.limitUnknown;
    });
    if (whyNot !== undefined) return onWhen(whyNot);
    const taken = await take(id, draft, isLater ? atMs : undefined, doer, ports);
    if (taken === 'too-late') return onTime(notifyWords.timePassed);
    if (taken !== 'stored' && taken !== 'duplicate' && taken !== 'sent-before')
      return onWhen(notifyWords.notSent[taken]);
    drafts.fade(id).catch((err: unknown) => log.warn({ err }, 'draft not erased'));
    return {
      said:
        isLater && atMs !== undefined && taken !== 'sent-before'
          ? notifyWords.planned(count, moment(atMs))
          : notifyWords.sendingTo(count),
    };
  } catch (error) {
    log.warn({ err: error }, 'notification not taken');
    return onWhen(notifyWords.notSent.refused);
  }
}

async function take(
  view: string,
  { text, preview }: NotifyDraft,
  atMs: number | undefined,
  { team, person }: Doer,
  { notifications }: NotifySubmissionPorts,
): Promise<Taken | 'too-late' | 'sent-before'> {
  const id = `${team}-${view}` as NotificationId;
  const request = { by: person, text, to: { confirmed: preview } };
  if (atMs === undefined) {
    // Planned by a press of which nobody knew whether it was stored: it would go once more then.
    await notifications.cancel(id, person);
    // The form stays open when it could not be stored, and is submitted again under the same id.
    return notifications.send(id, request, true);
  }
  if (await notifications.report(id)) return 'sent-before';
  try {
    return await notifications.schedule(id, request, { atMs });
  } catch (error) {
    if (error instanceof RangeError) return 'too-late';
    throw error;
  }
}

const onWhen = (mistake: string): Answer => ({ mistakes: { [FIELDS.when.block]: mistake } });
const onTime = (mistake: string): Answer => ({ mistakes: { [FIELDS.at.block]: mistake } });
