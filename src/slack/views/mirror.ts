import type { Rest } from '../../bridge/mirror.ts';
import type { Say } from '../../bridge/note.ts';
import type { ChatPersonId } from '../../bridge/people.ts';
import { parsePersonId } from '../ids.ts';
import { COMMAND } from '../payload.ts';
import { button, buttons, context, escapedSentence, linkTo, section } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import type { LookedUp, Rendered } from './rendered.ts';

/** The buttons about mirrored threads; the value of each is the thread's id. */
export const MIRROR_ACTIONS = { stop: 'stop_mirror', anew: 'mirror_anew' } as const;

/** Together with the rest of a sentence within what a section takes. */
const PEOPLE_LIMIT = 1_000;
const NAME_LIMIT = 150;

const LIST = new Intl.ListFormat('en-GB');

const OVER: Readonly<Record<Rest, string>> = {
  'app-removed': 'the app was removed from its channel',
  'app-silenced': 'the app may not write in its channel',
  'place-shared': 'its channel is shared with another company, which would read what is answered in Chatter',
  'place-archived': 'its channel was archived or deleted',
  'root-deleted': 'its first message was deleted',
};

const HOW_TO_GO_ON: Readonly<Record<Rest, string>> = {
  'app-removed':
    'To go on, invite the app to the channel again, and choose *Mirror thread to Chatter* in the menu of a message there.',
  'app-silenced':
    'To go on, ask whoever manages the channel to let apps write in it, and mirror the thread anew.',
  'place-shared':
    'To go on, ask whoever runs the bridge to allow it for this channel, and mirror the thread anew.',
  'place-archived': 'To go on, mirror a thread of another channel.',
  'root-deleted': 'To go on, mirror another thread.',
};

/** For all in the thread. Who has started it is named, so that nobody is alerted; mentioned when Slack gives no name. */
export function renderMirrored(say: Extract<Say, { words: 'mirrored' }>, lookedUp: LookedUp): Rendered {
  const heading = `*This thread is mirrored to Chatter*${withPeople(say.people)}`;
  const meaning =
    'What is written here they read in Chatter, and what they write there everybody who can read this thread reads here.';
  return {
    text: `${heading}. ${meaning}`,
    blocks: [
      section(`${heading} · ${linkTo(say.link, 'Open conversation')}\n${meaning}`),
      buttons([
        {
          ...button('Stop mirroring', MIRROR_ACTIONS.stop, say.thread),
          confirm: {
            title: { type: 'plain_text', text: 'Stop mirroring this thread?' },
            text: {
              type: 'plain_text',
              text: 'What is written from now on stays where it is written. What has travelled stays in both places.',
            },
            confirm: { type: 'plain_text', text: 'Stop mirroring' },
            deny: { type: 'plain_text', text: 'Go on' },
          },
        },
      ]),
      context(
        `Started by ${personIn(say.by, lookedUp)}. They, an admin, or anybody whose words travel can stop it: here, on the app's Home tab, or with \`${COMMAND} stop\`.`,
      ),
    ],
  };
}

/** In its place from then on. */
export function renderMirrorOver(say: Extract<Say, { words: 'mirror-over' }>, lookedUp: LookedUp): Rendered {
  const told = `*This thread is no longer mirrored to Chatter*${withPeople(say.people)}: ${ending(say, lookedUp)}. What is written here stays here.`;
  return { text: told, blocks: [section(told)] };
}

export function renderMirrorRests(
  { thread: _, people, why }: Extract<Say, { words: 'mirror-rests' }>,
  lookedUp: LookedUp,
): Rendered {
  const told = [
    '*A thread of yours is no longer mirrored to Chatter.*',
    `Nothing travels between ${threadIn(lookedUp, 'the thread')} and the conversation${withPeople(people)} any more, because ${OVER[why]}.`,
    HOW_TO_GO_ON[why],
  ].join(' ');
  return { text: told, blocks: [section(told)] };
}

export function renderNotMirrored(
  { sentence }: Extract<Say, { words: 'not-mirrored' }>,
  lookedUp: LookedUp,
): Rendered {
  const told = `*Not mirrored.* ${escapedSentence(sentence)} This is about ${threadIn(lookedUp, 'the thread that you wanted to mirror')}.`;
  return { text: told, blocks: [section(told)] };
}

export function renderOutsider(
  { thread, people }: Extract<Say, { words: 'outsider' }>,
  lookedUp: LookedUp,
): Rendered {
  const told = [
    '*The bridge speaks for you.*',
    `What you write in ${threadIn(lookedUp, 'the mirrored thread')} goes to its Chatter conversation${withPeople(people)} under your name, sent by the bridge.`,
    'You cannot be added there: Chatter fixes the people of a conversation with its first message.',
  ].join(' ');
  const offer = 'To take part yourself, start anew: a new conversation, with you in it, takes its place.';
  return {
    text: `${told} ${offer}`,
    blocks: [section(`${told}\n${offer}`), buttons([button('Start anew…', MIRROR_ACTIONS.anew, thread)])],
  };
}

export function renderDoesNotTravel(
  { sentence }: Extract<Say, { words: 'does-not-travel' }>,
  lookedUp: LookedUp,
): Rendered {
  const told = `*That stays in Slack.* What you write in ${threadIn(lookedUp, 'the mirrored thread')} does not go to Chatter. ${escapedSentence(sentence)}`;
  return { text: told, blocks: [section(told)] };
}

function ending({ by, why }: Extract<Say, { words: 'mirror-over' }>, lookedUp: LookedUp): string {
  if (why) return OVER[why];
  return by === undefined ? 'it was stopped' : `${personIn(by, lookedUp)} has stopped it`;
}

/** ` with Ada and Grace`; nothing where nobody is named. */
function withPeople(names: readonly string[]): string {
  return names.length === 0 ? '' : ` with ${escapedExcerpt(LIST.format(names), PEOPLE_LIMIT)}`;
}

function personIn(id: ChatPersonId, { name }: LookedUp): string {
  return name === undefined ? `<@${parsePersonId(id).user}>` : escapedExcerpt(name, NAME_LIMIT);
}

function threadIn({ permalink }: LookedUp, words: string): string {
  return permalink === undefined ? words : linkTo(permalink, words);
}
