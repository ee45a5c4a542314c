import { COMMAND, NOTIFY_COMMAND } from './payload.ts';
import { FULL } from './words.ts';

/** Why a notification cannot be understood. */
export type NotifyMisuse = 'nobody-named' | 'broadcast' | 'bare-channel' | 'no-text' | 'too-long';

const EXAMPLE = `\`${NOTIFY_COMMAND} @team The office closes at noon.\``;

const MISUSE: Readonly<Record<NotifyMisuse, string>> = {
  'nobody-named': `Nothing was sent: say whom it is for first, as in ${EXAMPLE}`,
  broadcast:
    'Nothing was sent: @here, @channel and @everyone do not say whom you mean. Name a user group, a #channel, or people.',
  'bare-channel':
    'Nothing was sent: Slack did not turn that into a channel. Type # and pick the channel from the list. If it belongs to your message, begin the message with another word.',
  'no-text': `Nothing was sent: the message is missing. Write it after the names, as in ${EXAMPLE}`,
  'too-long': 'Nothing was sent: a message has at most 40,000 characters.',
};

const AGAIN = 'Please try again in a minute.';

const people = (count: number): string => (count === 1 ? '1 person' : `${count.toLocaleString('en')} people`);

/** What is said about notifications outside of their reports, in Slack's mrkdwn; errors on fields are plain text. */
export const notifyWords = {
  people,

  help: [
    '*Send a Salesforce Chatter private message to each of many people*',
    `${EXAMPLE} sends it as you, to everybody in the user group.`,
    `Name user groups, #channels (their members), people and e-mail addresses, in any mix: \`${NOTIFY_COMMAND} @team #project @ada joan@corp.com Hello\`. Whoever is named twice gets it once.`,
    'Each gets a message of their own and does not see who else got it. When somebody answers, a thread opens in your direct messages with this app.',
    'Apps, guests and people of other companies are left out, and so are you. You are told who was reached and who was not, by name.',
    `\`${NOTIFY_COMMAND} scheduled\` lists what is to be sent later, to cancel it.`,
  ].join('\n'),

  misuse: (why: NotifyMisuse) => MISUSE[why],

  lookingUp: '*Finding out who is to get it…*',
  nobodyReached: '*Nobody was reached.*',

  /** Why there is no form, or nothing to press in it. */
  notFound: (why: string) => `*Nothing was sent.* ${why}`,
  notFoundOut: `It could not be found out just now who is meant. ${AGAIN}`,
  nobody: '*Nothing was sent:* none of those whom you named can be reached.',
  limited: {
    admins: (most: number) => `To more than ${people(most)} at once only admins may send.`,
    group: (most: number) =>
      `To more than ${people(most)} at once only members of one user group may send. Whoever runs the bridge has chosen it.`,
  },
  limitUnknown: `It could not be found out just now whether you may send to so many. ${AGAIN}`,

  whom: (count: number) =>
    `*${people(count)} get${count === 1 ? 's' : ''} it,* each a private message of their own:`,
  whomNot: (count: number) =>
    `*${people(count)} cannot be reached,* and get${count === 1 ? 's' : ''} nothing:`,
  looksLike: '*It is sent as you, and reads like this:*',
  answers:
    'You are told in your direct messages with this app whom it has reached. When somebody answers, a thread opens there.',
  when: 'When',
  now: 'Now',
  later: 'Later, at this time:',
  at: 'Time, as your own clock shows it',

  /** Its form is from another version of the bridge, or too old. */
  stale: 'This form cannot be used any more. Please close it and type the command again.',
  noTime: 'Choose when.',
  timePassed: 'That time has passed.',
  sendingTo: (count: number) =>
    `*Sending to ${people(count)}…* Your direct messages with this app say how far it is, and whom it has reached.`,
  planned: (count: number, when: string) =>
    `*To be sent to ${people(count)} ${when}.* \`${NOTIFY_COMMAND} scheduled\` lists it, to cancel it.`,
  notSent: {
    /** The form's own key absorbs a second press, so that it is safe to say so. */
    refused:
      'That could not be stored just now. Please press again in a moment: however often you do, it is sent once.',
    unsure:
      'It is not sure yet whether this will be sent. Please press again in a moment: however often you do, it is sent once.',
    'person-full': `Nothing was sent: ${FULL.person}`,
    'bridge-full': `Nothing was sent: ${FULL.bridge}`,
  },

  stopped: '*Stopped.* What has not gone yet does not go; what is on its way just now may still arrive.',
  notStopped: 'There is nothing to stop: it is over, or not yours.',
  resumed: 'Going on with what was stopped.',
  notResumed: 'There is nothing to go on with: it is not stopped, or not yours.',
  retried: (count: number) =>
    `Trying again: ${count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`}.`,
  notRetried: 'There is nothing to try again: it has moved on since that button was shown, or is not yours.',
  noReport: 'There is no such report any more, or it is not yours.',
  csvNotSent: (why: string) => `The CSV could not be sent. ${why}`,
  uncertainAside: `Those that are not confirmed you decide about one by one: \`${COMMAND} failed\` lists them.`,

  paused: (why: string, until: string) => `*Paused.* ${why} It goes on by itself, ${until} at the earliest.`,

  noneScheduled: 'None of your notifications is to be sent later.',
  scheduled: (count: number) =>
    count === 1 ? '*1 notification to be sent later*' : `*${count} notifications to be sent later*`,
  cancelled: '*Cancelled.* It will not be sent.',
  notCancelled: 'It was not cancelled: it has been sent or cancelled already, or is not yours.',
} as const;
