import { pairKey } from './chatter-content.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { newsWaitMs } from './pace.ts';
import { type Pair, startOf } from './pair.ts';
import { BRIDGE, type SalesforceUserId } from './people.ts';
import type { MessageEvent } from './ports.ts';
import type { ReadCounter } from './read-budget.ts';
import type { Readers } from './readers.ts';
import type { Timing } from './timing.ts';

export interface HearNewsOptions {
  log: Pick<DeliveryLog, 'pair' | 'known' | 'person'>;
  readers: Pick<Readers, 'hurry' | 'readingAs' | 'usersIn'>;
  counter: Pick<ReadCounter, 'used'>;
  timing: Timing['reads'];
  /** The bridge's own user. */
  own: () => Promise<SalesforceUserId>;
}

/**
 * Reads soon whomever a new message concerns, as far as their readings of the hour allow. Whom it does not concern keeps
 * their readings: most of what people write to each other in Chatter never went through the bridge.
 */
export function createHearNews(o: HearNewsOptions): (event: MessageEvent) => Promise<void> {
  const { log, readers, counter, timing } = o;

  return async (event) => {
    const { conversation, members } = event;
    const users = members.length > 0 ? members : await readers.usersIn(conversation);
    for (const user of users) {
      const people = await readers.readingAs(user);
      if (people.length === 0 || !(await concerns(user, people, event))) continue;
      await readers.hurry(people, newsWaitMs(await counter.used(user, timing.windowMs), timing));
    }
  };

  async function concerns(
    user: SalesforceUserId,
    people: Awaited<ReturnType<Readers['readingAs']>>,
    event: MessageEvent,
  ): Promise<boolean> {
    const { sender, members, message } = event;
    // Who has written in it, and nothing else is known. What they wrote themselves is mostly what the bridge has sent.
    if (members.length === 0) return user !== sender;
    const key = pairKey(
      user,
      members.filter((member) => member !== user),
    );
    const pair = await log.pair(key);
    if (people.includes(BRIDGE)) return concernsMirror(pair, event);
    const own = await o.own();
    // A mirror's conversation: it is read as the bridge's own user alone.
    if (members.includes(own)) return false;
    if (user === sender) {
      // On its way, or known: the bridge has sent it. Else they typed it in Chatter.
      return pair !== undefined && !pair.intent && !(await log.known(key, [message])).has(message);
    }
    // Its first message is on its way, or has arrived and is not known to.
    if (pair && (startOf(pair) !== undefined || pair.intent)) return true;
    const records = await Promise.all(people.map((person) => log.person(person)));
    return records.some(({ inboxSinceMs = 0 }) => inboxSinceMs > 0);
  }

  /** Unless it is what the bridge has sent, as itself or as somebody in the conversation. `pair`: the bridge's own. */
  async function concernsMirror(
    pair: Pair | undefined,
    { sender, members, message }: MessageEvent,
  ): Promise<boolean> {
    if (!pair || (startOf(pair) === undefined && !pair.intent)) return false;
    const theirs = pairKey(
      sender,
      members.filter((member) => member !== sender),
    );
    const sent = await log.pair(theirs);
    return !sent?.intent && !(await log.known(theirs, [message])).has(message);
  }
}
