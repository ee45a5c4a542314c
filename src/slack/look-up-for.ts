import { setTimeout as pause } from 'node:timers/promises';
import type { Say } from '../bridge/note.ts';
import type { ChatMessageId, ChatPersonId, ChatThreadId } from '../bridge/people.ts';
import { makeMessageId, parsePersonId, parseThreadId } from './ids.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import type { LookedUp } from './views/rendered.ts';
import { type WhereIs, whereMessageIs } from './whereabouts.ts';

/**
 * What is said does not wait longer for what is only convenient in it. Well below what a worker may still post after it
 * last proved that the delivery is its own (the core's Timing: lockMs).
 */
const WITHIN_MS = 500;

export interface LookUpForOptions {
  userOf: (user: string) => Promise<SlackUser>;
  permalinkOf: (message: ChatMessageId) => Promise<string | undefined>;
  whereIs: WhereIs;
}

/** Looks up what makes what is said easier to read. Never throws: it can be read without. */
export function createLookUpFor({
  userOf,
  permalinkOf,
  whereIs,
}: LookUpForOptions): (say: Say) => Promise<LookedUp> {
  const linkTo = async (message: ChatMessageId) =>
    permalinkOf(makeMessageId(await whereMessageIs(message, undefined, whereIs)));
  return async (say) => {
    const message = messageIn(say);
    const person = personIn(say);
    const [permalink, user] = await Promise.all([
      message && inTime(linkTo(message)),
      person && inTime(userOf(parsePersonId(person).user)),
    ]);
    return { ...(permalink && { permalink }), ...(user && { name: nameOf(user) }) };
  };
}

const inTime = <T>(found: Promise<T>): Promise<T | undefined> =>
  Promise.race([found.catch(() => undefined), pause(WITHIN_MS, undefined, { ref: false })]);

/** What it is about, where that is not where it is said. */
function messageIn(say: Say): ChatMessageId | undefined {
  switch (say.words) {
    case 'failed':
    case 'uncertain':
    case 'waiting':
    case 'set-aside':
      return say.at;
    case 'mirror-rests':
    case 'not-mirrored':
    case 'outsider':
    case 'does-not-travel':
      return rootOf(say.thread);
    default:
      return undefined;
  }
}

function personIn(say: Say): ChatPersonId | undefined {
  return say.words === 'mirrored' || say.words === 'mirror-over' ? say.by : undefined;
}

const rootOf = (thread: ChatThreadId): ChatMessageId => makeMessageId(parseThreadId(thread));
