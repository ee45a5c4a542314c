import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import { DeliveryError } from '../../bridge/delivery-error.ts';
import type { Named, Notifications, Preview, Previews } from '../../bridge/notification.ts';
import type { NotificationId } from '../../bridge/people.ts';
import { MAX_TEXT_LENGTH } from '../../bridge/split.ts';
import type { Drafts } from '../drafts.ts';
import { makePersonId, parsePersonId } from '../ids.ts';
import type { NotifyLimit, WhyNotSoMany } from '../may-notify.ts';
import type { Modal } from '../modals.ts';
import { type NotifyCommand, parseNotifyCommand } from '../notify-command.ts';
import { writeNotifyDraft } from '../notify-draft.ts';
import { notifyWords } from '../notify-words.ts';
import { NOTIFY_COMMAND } from '../payload.ts';
import { escapeText } from '../text/escape.ts';
import { NOTIFY_TITLE, notifyForm, notifyNotice } from '../views/notify-form.ts';
import { renderScheduled } from '../views/scheduled.ts';
import { words } from '../words.ts';
import { onlyToSender } from './chatter-dm.ts';
import { type FormPorts, openForm } from './opening.ts';
import { takenWords } from './taken-words.ts';
import type { Doer } from './who.ts';

export interface NotifyPorts extends FormPorts {
  notifications: Pick<Notifications, 'send' | 'scheduled'>;
  previews: Previews;
  drafts: Pick<Drafts, 'keep'>;
  notifyLimit: NotifyLimit;
  whyNotSoMany: WhyNotSoMany;
  now: () => number;
}

/** More than so many are shown before anything is sent. */
const MOST_AT_ONCE = 5;
/** Slack limits how many people can be looked up in a minute. Nobody waits longer than this for a form. */
const PATIENCE_MS = 3 * 60_000;

/** Answers `/chatter-notify`: to few people it is sent at once, everything else is confirmed in a form. */
export function listenToChatterNotify(app: App, ports: NotifyPorts): void {
  app.command(NOTIFY_COMMAND, async ({ command: typed, ack }) => {
    const { team_id: team, user_id: user, trigger_id: trigger } = typed;
    const doer: Doer = { team, user, person: makePersonId({ team, user }) };
    const command = parseNotifyCommand(typed.text, team);
    switch (command.kind) {
      case 'help':
        return ack(onlyToSender(notifyWords.help));
      case 'usage':
        return ack(onlyToSender(notifyWords.misuse(command.why)));
      case 'scheduled':
        return ack(
          await ports.notifications.scheduled(doer.person).then(
            (theirs) => ({ response_type: 'ephemeral' as const, ...renderScheduled(theirs) }),
            () => onlyToSender(words.notRead),
          ),
        );
      case 'send':
        if (isAtOnce(command.named, ports.notifyLimit)) {
          // Stored first, answered then: the answer leaves only when this listener is done.
          const id = `${team}-${user}-${trigger}` as NotificationId;
          return ack(onlyToSender(await sendAtOnce(id, command, doer, ports)));
        }
        return openForm(
          {
            title: NOTIFY_TITLE,
            trigger,
            responseUrl: typed.response_url,
            ack: () => ack(),
            prepare: (view) => prepare(view, command, doer, ports),
          },
          ports,
        );
    }
  });
}

type Sending = Extract<NotifyCommand, { kind: 'send' }>;

/** People alone, and no more than anybody may send to. */
function isAtOnce(named: readonly Named[], { free }: NotifyLimit): boolean {
  const isPerson = ({ kind }: Named) => kind === 'person' || kind === 'email';
  return named.length <= Math.min(MOST_AT_ONCE, free) && named.every(isPerson);
}

async function sendAtOnce(
  id: NotificationId,
  { named, text }: Sending,
  { person }: Doer,
  { notifications }: NotifyPorts,
): Promise<string> {
  return takenWords(await notifications.send(id, { by: person, text, to: { named } }), named.map(shown));
}

function shown(named: Named): string {
  if (named.kind === 'person') return `<@${parsePersonId(named.id).user}>`;
  const said = escapeText(named.kind === 'email' ? named.email : named.name);
  return named.kind === 'email' ? `<mailto:${said}|${said}>` : said;
}

/** The form, or why there is nothing to submit. */
async function prepare(view: string, command: Sending, doer: Doer, ports: NotifyPorts): Promise<Modal> {
  try {
    return await formFor(view, command, doer, ports);
  } catch (error) {
    ports.log.warn({ err: error }, 'notification not prepared');
    const isFinal = error instanceof DeliveryError && error.retry.kind === 'never';
    const why = error instanceof DeliveryError ? error.sentence : '';
    const said = escapeText(isFinal ? why : `${why} ${notifyWords.notFoundOut}`.trim());
    return notifyNotice(notifyWords.notFound(said));
  }
}

async function formFor(
  view: string,
  { named, text }: Sending,
  { person, user }: Doer,
  ports: NotifyPorts,
): Promise<Modal> {
  const preview = await patientPreview(() => ports.previews.preview(person, named), ports.now);
  const { reachable, leftOut } = preview;
  if (reachable.length === 0) return notifyNotice(notifyWords.nobody, leftOut);
  const whyNot = await ports.whyNotSoMany(user, reachable.length);
  if (whyNot !== undefined) return notifyNotice(notifyWords.notFound(whyNot));
  const plain = await ports.people.plainText({
    v: 1,
    author: person,
    text,
    to: { kind: 'people', people: [] },
  });
  if (plain.trim() === '') return notifyNotice(notifyWords.misuse('no-text'));
  if (plain.length > MAX_TEXT_LENGTH) return notifyNotice(notifyWords.misuse('too-long'));
  await ports.drafts.keep(view, writeNotifyDraft({ text, preview }));
  return notifyForm(preview, plain, ports.now());
}

/** Waits as long as Slack asks to; what it has told before that is known then. */
async function patientPreview(preview: () => Promise<Preview>, now: () => number): Promise<Preview> {
  const untilMs = now() + PATIENCE_MS;
  for (;;) {
    try {
      return await preview();
    } catch (error) {
      const { retry } = error instanceof DeliveryError ? error : {};
      if (retry?.kind !== 'after' || now() + retry.ms > untilMs) throw error;
      await pause(retry.ms, undefined, { ref: false });
    }
  }
}
