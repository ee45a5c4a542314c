import { bounds } from '../bridge/bounds.ts';
import { MAX_RECIPIENTS } from '../bridge/lane.ts';
import type { DecidedAll } from '../bridge/message.ts';
import { COMMAND, NOTIFY_COMMAND } from './payload.ts';

/** Why a command cannot be understood. */
export type Misuse =
  | 'no-people'
  | 'bare-name'
  | 'group'
  | 'too-many-people'
  | 'yourself'
  | 'no-text'
  | 'too-long';

const EXAMPLE = `\`${COMMAND} @ada Lunch at noon?\``;

const MISUSE: Readonly<Record<Misuse, string>> = {
  'no-people': `Nothing was sent: say who it is for first, as in ${EXAMPLE}`,
  'bare-name':
    'Nothing was sent: Slack did not turn that name into a person. Type @ and pick them from the list, or give their e-mail address.',
  group: `Nothing was sent: ${COMMAND} reaches people, not groups. Name up to ${MAX_RECIPIENTS} people one by one, or use ${NOTIFY_COMMAND}.`,
  'too-many-people': `Nothing was sent: a Chatter private message has at most ${MAX_RECIPIENTS} recipients.`,
  yourself: 'Nothing was sent: a private message needs somebody other than yourself.',
  'no-text': `Nothing was sent: the message is missing. Write it after the people, as in ${EXAMPLE}`,
  'too-long': 'Nothing was sent: a message has at most 40,000 characters.',
};

/** Why a message is not taken although nothing is wrong with it. */
export const FULL: Readonly<Record<'person' | 'bridge', string>> = {
  person: `${bounds.ofPerson.toLocaleString('en')} of your messages wait or have failed, and the bridge keeps no more of one person. \`${COMMAND} failed\` lists those that failed. Please try again when others have gone.`,
  bridge: 'too many messages wait in the bridge just now. Please try again later.',
};

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

/** Everything that is said to people outside of a note (views/say.ts), in Slack's mrkdwn. */
export const words = {
  help: [
    '*Send a Salesforce Chatter private message from Slack*',
    `\`${COMMAND} @ada @grace Lunch at noon?\` sends it as you, to up to ${MAX_RECIPIENTS} people. E-mail addresses work too.`,
    'The conversation goes on in your direct messages with this app: a reply in its thread goes to Chatter.',
    `\`${COMMAND} inbox on\` also opens a thread there for each conversation that others begin with you in Chatter.`,
    '*Mirror thread to Chatter*, in the menu of a message in a channel, ties its thread to a Chatter conversation.',
    `\`${COMMAND} stop\` lists those threads, to stop one.`,
    '*Send to Chatter*, in the same menu, sends that one message. *New Chatter message*, among the shortcuts, writes one.',
    `\`${NOTIFY_COMMAND} @team Hello\` sends one to each of many people; \`${NOTIFY_COMMAND} help\` says how.`,
    `\`${COMMAND} failed\` lists your messages that could not be sent, to try again or discard.`,
    `\`${COMMAND} opt-out\` stops this app from acting for you in Salesforce; \`${COMMAND} opt-in\` allows it again.`,
  ].join('\n'),

  home: [
    '*Salesforce Chatter private messages, from Slack*',
    `\`${COMMAND} @ada @grace Lunch at noon?\` sends one as you. The conversation goes on in *Messages*, above.`,
    '*Mirror thread to Chatter*, in the menu of a message in a channel, ties its thread to a Chatter conversation.',
    '*Send to Chatter*, in the same menu, sends that one message. *New Chatter message*, among the shortcuts, writes one.',
    `\`${NOTIFY_COMMAND} @team Hello\` sends one to each of many people.`,
  ].join('\n'),

  misuse: (why: Misuse) => MISUSE[why],

  unknownCommand: (command: string) =>
    `This app does not know ${command.replace(/[^\w/-]/g, '')}. Try \`${COMMAND} help\`.`,

  otherWorkspace:
    'Nothing was sent: this workspace is not one that the bridge works for. Its administrator decides that.',

  /** @param people as mrkdwn: Slack shows mentions by name, so nobody has to be looked up. */
  sending: (people: readonly string[]) => `Sending to ${people.join(', ')}…`,

  refused: 'Nothing was sent: the message could not be stored just now. Please try again in a minute.',

  full: (of: 'person' | 'bridge') => `Nothing was sent: ${FULL[of]}`,

  unsure:
    'It is not sure yet whether this will be sent. Please wait for the confirmation before you try again, or it may arrive twice.',

  nothingFailed: 'None of your messages waits for you to decide.',
  notRead: 'That could not be looked up just now. Please try again in a minute.',
  messages,
  decidedOne: { retry: 'Trying it again.', discard: 'Discarded.' },
  decidedAll: (what: 'retry' | 'discard', { done, uncertain, outdated }: DecidedAll) =>
    [
      `${what === 'retry' ? 'Trying again' : 'Discarded'}: ${messages(done)}.`,
      ...(uncertain > 0
        ? [`Not sent again: ${messages(uncertain)} that may have arrived. Decide about each by itself.`]
        : []),
      ...(outdated > 0 ? [`Not changed: ${messages(outdated)} that moved on meanwhile.`] : []),
    ].join(' '),

  optedOut: `This app no longer acts for you in Salesforce. \`${COMMAND} opt-in\` allows it again.`,
  actsForYou: `This app acts for you in Salesforce when you use it. \`${COMMAND} opt-out\` stops that.`,
  optedIn: `This app may send Chatter private messages as you. \`${COMMAND} opt-out\` stops that.`,
  inboxOn: `Conversations that others begin with you in Chatter now open a thread here. \`${COMMAND} inbox off\` stops that.`,
  inboxOff:
    'Conversations that others begin with you in Chatter no longer open a thread here. Threads that are open go on.',
  notWhileOptedOut: `You have opted out, so this app reads nothing for you. \`${COMMAND} opt-in\` changes that.`,
  notStored: 'That could not be stored just now. Please try again in a minute.',

  outdated: 'Nothing was changed: this message has moved on since that button was shown, or is not yours.',
} as const;
