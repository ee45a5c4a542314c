import type { App } from '@slack/bolt';
import type { WrittenMessage } from '../../bridge/message.ts';
import type { ChatPersonId } from '../../bridge/people.ts';
import type { Drafts } from '../drafts.ts';
import { writeDraft } from '../drafts.ts';
import { mirrorWords } from '../mirror-words.ts';
import type { Modal } from '../modals.ts';
import { GlobalShortcut, MessageShortcut, type PickedMessage, SHORTCUTS } from '../payload-interactions.ts';
import { type Places, whereabouts } from '../places.ts';
import { notice } from '../views/modal.ts';
import { composeForm, sendMessageForm } from '../views/send-form.ts';
import { writtenBelow, writtenIn } from '../written.ts';
import { type FormPorts, openForm, whyNotThem } from './opening.ts';
import { type Doer, doerOf } from './who.ts';

export interface SendFormPorts extends FormPorts {
  places: Places;
  drafts: Drafts;
}

type Written = Pick<WrittenMessage, 'text' | 'beyondText'>;

/** Opens the forms that send one message: the one in whose menu that was chosen, or a new one. */
export function listenToSendMessage(app: App, ports: SendFormPorts): void {
  app.shortcut({ type: 'message_action', callback_id: SHORTCUTS.send }, async ({ body, context, ack }) => {
    const used = MessageShortcut.parse(body);
    const doer = doerOf(used, context.teamId);
    const { trigger_id, response_url } = used;
    const prepare = (view: string) => prepareMessage(view, used, doer, ports);
    await openForm(
      { title: 'Send to Chatter', trigger: trigger_id, responseUrl: response_url, ack, prepare },
      ports,
    );
  });

  app.shortcut({ type: 'shortcut', callback_id: SHORTCUTS.compose }, async ({ body, context, ack }) => {
    const used = GlobalShortcut.parse(body);
    const { person } = doerOf(used, context.teamId);
    const prepare = async () => {
      const notThem = await whyNotThem(person, ports.people);
      return notThem === undefined ? composeForm() : notice('New Chatter message', notThem);
    };
    await openForm({ title: 'New Chatter message', trigger: used.trigger_id, ack, prepare }, ports);
  });
}

async function prepareMessage(
  view: string,
  { message, channel }: MessageShortcut,
  doer: Doer,
  ports: SendFormPorts,
): Promise<Modal> {
  const notThem = await whyNotThem(doer.person, ports.people);
  if (notThem !== undefined) return notice('Send to Chatter', notThem);
  const own = writtenIn(message);
  if (own === undefined) return notice('Send to Chatter', mirrorWords.nothingInIt);
  const written =
    message.user === doer.user ? own : writtenBelow(await whose(message, channel.id, doer, ports), own);
  // Slack shows it to us this once: without the right to read the channel it could not be read again.
  await ports.drafts.keep(view, writeDraft(written));
  return sendMessageForm(await ports.people.plainText(asMessage(written, doer.person)));
}

/** `Alan Turing wrote in #general:` */
async function whose(
  message: PickedMessage,
  channel: string,
  { person }: Doer,
  { people, places }: SendFormPorts,
): Promise<string> {
  const [place, name] = await Promise.all([
    places.look(channel),
    message.user
      ? people.plainText(asMessage({ text: `<@${message.user}>` }, person)).then(withoutAt)
      : (message.username ?? message.bot_profile?.name ?? 'An app'),
  ]);
  return `${name} wrote ${whereabouts(place)}:`;
}

const withoutAt = (mention: string): string => mention.replace(/^@/, '');

function asMessage(written: Written, author: ChatPersonId): WrittenMessage {
  return { v: 1, author, ...written, to: { kind: 'people', people: [] } };
}
