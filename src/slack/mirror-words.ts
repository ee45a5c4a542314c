import { MAX_RECIPIENTS } from '../bridge/lane.ts';
import { LAST_REPLIES, MAX_MIRROR_PEOPLE } from '../bridge/mirror.ts';
import { COMMAND } from './payload.ts';
import { FULL } from './words.ts';

const AGAIN = 'Please try again in a minute.';

/** Why a thread cannot be mirrored from where it is. */
export const notHere = {
  direct:
    'A direct message cannot be mirrored: only threads in channels can. To bring a single message to Chatter, use *Send to Chatter* in its menu.',
  archived: 'This channel is archived, so nothing can be written in it any more.',
  shared:
    'This channel is shared with another company, which would read what is answered in Chatter. Whoever runs the bridge can allow it for this channel.',
  notIn: (app: string) =>
    `This app is not in the channel, so it cannot read the thread. Type \`/invite\` and ${app} in the channel, then try again.`,
  notTheirs: 'You are not in that conversation any more, so its thread is not yours to mirror.',
} as const;

/** What is said in forms, in Slack's mrkdwn where it stands in blocks; errors on fields are plain text. */
export const mirrorWords = {
  loading: 'One moment…',
  ifStuck: 'If nothing happens, close this and try again.',
  notOpened: `The form could not be opened just now. ${AGAIN}`,
  notPrepared: `Something that this form needs could not be found out just now. ${AGAIN}`,
  /** Its form is from another version of the bridge, or too old. */
  stale: 'This form cannot be used any more. Please close it and open it again.',

  nobody: 'Choose somebody other than yourself, in Slack or in Salesforce.',
  tooMany: (most: number, chosen: number) =>
    `At most ${most} people, both fields together; you have chosen ${chosen}.`,
  busy: 'These people could not be looked up in time. Nothing has happened yet: please press again.',

  thisIs: (place: string) =>
    `*This thread ${place} becomes a Chatter conversation.* What is written on either side is read on both.`,
  anew: 'The mirror that this thread has now ends when this one begins.',
  bring: 'What was written before',
  brings: {
    root: 'Only the message that the thread begins with',
    last: `That, and the last ${LAST_REPLIES} replies`,
    all: 'Everything that Slack still has',
  },
  whoSees: (place: string) =>
    [
      '*Who sees what*',
      `• Everybody ${place} reads what is written in Chatter.`,
      '• The people you choose read this thread in Chatter, what you bring along and all that follows. Nobody can be added later.',
      '• You are in the conversation, and so is the bridge’s own user: it sends what others write in the thread, under their name.',
    ].join('\n'),
  mirroring:
    '*The thread is being mirrored.* In a moment it says so itself, for all to see. If something is in the way, your direct messages with this app say what.',

  isMirrored: (people: string, by: string) =>
    `*This thread is mirrored already,* with ${people}. ${by} has started that. ${mirrorWords.whoMayStop}`,
  whoMayStop: `Whoever has started a mirror, whoever writes in its thread, or an admin can stop it: with the button in the thread, in the Home tab of this app, or with \`${COMMAND} stop\`.`,
  notStarted: {
    'thread-taken': 'This thread is mirrored already. It has to be stopped before it can be mirrored anew.',
    'people-taken':
      'Just these people have another mirrored thread, and a set of people has one at a time. Stop that one, or choose somebody more.',
    refused: `Nothing was started: that could not be stored just now. Please close this form and begin again in a minute.`,
    unsure:
      'It is not sure yet whether this was started. If the thread does not say so within a minute, press again: that never starts it twice.',
    'person-full': `Nothing was started: ${FULL.person}`,
    'bridge-full': `Nothing was started: ${FULL.bridge}`,
  },

  stopped:
    '*Stopped.* What was written before still arrives; nothing that is written from now on leaves this thread.',
  notLive: 'That thread is not mirrored any more.',
  notTheirs:
    'You cannot stop that: only whoever has started it, whoever writes in the thread, or an admin can.',
  noMirrors: `No thread that you have started or write in is mirrored. *Mirror thread to Chatter* in a message’s menu does that.`,
  mirrors: (count: number) => (count === 1 ? '*1 mirrored thread*' : `*${count} mirrored threads*`),

  asWritten: 'It is sent as you, and reads like this:',
  sentAs:
    'It is sent as you. The confirmation, and what people answer, come in your direct messages with this app.',
  sending:
    '*Sending…* The confirmation comes in your direct messages with this app, and so does what people answer.',
  nothingInIt: 'There is nothing in this message that could be sent: no text and no files.',
  noText: 'Write something first.',
  notSent: {
    /** The form's own key absorbs a second press, so that it is safe to say so. */
    refused:
      'That could not be stored just now. Please press again in a moment: however often you do, it is sent once.',
    unsure:
      'It is not sure yet whether this will be sent. Please press again in a moment: however often you do, it is sent once.',
    'person-full': `Nothing was sent: ${FULL.person}`,
    'bridge-full': `Nothing was sent: ${FULL.bridge}`,
  },
  mostPeople: { mirror: MAX_MIRROR_PEOPLE, send: MAX_RECIPIENTS },
} as const;
