import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import { DeliveryError } from '../../bridge/delivery-error.ts';
import type { Notifications } from '../../bridge/notification.ts';
import type { NotificationId } from '../../bridge/people.ts';
import type { Files } from '../files.ts';
import { notifyWords } from '../notify-words.ts';
import { BlockActions, NOTIFY_ACTIONS } from '../payload-interactions.ts';
import { reportCsv } from '../report-csv.ts';
import type { ResponseUrls } from '../response-url.ts';
import { escapeText } from '../text/escape.ts';
import { renderScheduled } from '../views/scheduled.ts';
import { words } from '../words.ts';
import { onlyToSender } from './chatter-dm.ts';
import { type Doer, doerOf } from './who.ts';

export interface NotificationButtonPorts {
  notifications: Notifications;
  files: Files;
  responseUrls: ResponseUrls;
  log: Logger;
}

/** Hundreds are decided about one by one, and a file takes its time; Slack gets its answer before that. */
const ACK_WITHIN_MS = 1_500;

/** Made of Slack's own ids, or of the API's. */
const ID = /^[\w.-]{1,300}$/;

/** The buttons of a report, and of the list of what is to be sent later. Only whoever has sent it decides. */
export function listenToNotificationButtons(app: App, ports: NotificationButtonPorts): void {
  const pressedBy = new RegExp(`^(${Object.values(NOTIFY_ACTIONS).join('|')})$`);
  app.action({ type: 'block_actions', action_id: pressedBy }, async ({ body, context, ack }) => {
    const pressed = BlockActions.parse(body);
    const { action_id: action = '', value } = pressed.actions[0] ?? {};
    if (!value || !ID.test(value)) return ack();
    const doer = doerOf(pressed, context.teamId);
    const doing = does(action, value as NotificationId, doer, ports);
    await Promise.race([doing, pause(ACK_WITHIN_MS, undefined, { ref: false })]);
    await ack();
    // Not waited for: what was decided stands without it, and the report shows what comes of it.
    doing
      .then((told) => show(told, action, pressed, doer, ports))
      .catch((err: unknown) => ports.log.warn({ err }, 'decision about a notification not shown'));
  });
}

/** @returns what is said about it, to whoever has pressed; undefined: it shows itself. */
async function does(
  action: string,
  id: NotificationId,
  doer: Doer,
  { notifications, files, log }: NotificationButtonPorts,
): Promise<string | undefined> {
  const { person } = doer;
  try {
    switch (action) {
      case NOTIFY_ACTIONS.stop:
        return (await notifications.stop(id, person)) ? notifyWords.stopped : notifyWords.notStopped;
      case NOTIFY_ACTIONS.resume:
        return (await notifications.resume(id, person)) ? notifyWords.resumed : notifyWords.notResumed;
      case NOTIFY_ACTIONS.retry: {
        const count = await notifications.retryFailed(id, person);
        return count > 0 ? notifyWords.retried(count) : notifyWords.notRetried;
      }
      case NOTIFY_ACTIONS.cancel:
        return (await notifications.cancel(id, person)) ? notifyWords.cancelled : notifyWords.notCancelled;
      case NOTIFY_ACTIONS.csv:
        return await sendCsv(id, doer, notifications, files);
      default:
        return undefined;
    }
  } catch (error) {
    log.warn({ err: error, action }, 'nothing done about a notification');
    const isFile = action === NOTIFY_ACTIONS.csv && error instanceof DeliveryError;
    return isFile ? notifyWords.csvNotSent(escapeText(error.sentence)) : words.notStored;
  }
}

async function sendCsv(
  id: NotificationId,
  { person, user }: Doer,
  notifications: Pick<Notifications, 'report'>,
  files: Files,
): Promise<string | undefined> {
  const report = await notifications.report(id);
  if (report?.by !== person) return notifyWords.noReport;
  const day = new Date(report.createdAtMs).toISOString().slice(0, 10);
  await files.send(user, {
    name: `notification-${day}.csv`,
    title: `Notification of ${day}`,
    text: reportCsv(report),
  });
  return undefined;
}

async function show(
  told: string | undefined,
  action: string,
  { response_url }: BlockActions,
  { person }: Doer,
  { notifications, responseUrls }: NotificationButtonPorts,
): Promise<void> {
  if (!response_url || told === undefined) return;
  await responseUrls.post(
    response_url,
    action === NOTIFY_ACTIONS.cancel
      ? {
          response_type: 'ephemeral',
          replace_original: true,
          ...renderScheduled(await notifications.scheduled(person), told),
        }
      : { ...onlyToSender(told), replace_original: false },
  );
}
