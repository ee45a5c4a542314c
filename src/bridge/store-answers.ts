import type { ChatterAnswer } from './chatter-answer.ts';
import { pairKey } from './chatter-content.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Bell, DeliveryLog } from './delivery-log.ts';
import { answerEntry } from './outbox.ts';
import { newPair, type Pair, startOf } from './pair.ts';
import type { ChatPersonId, SalesforceUser, SalesforceUserId } from './people.ts';
import type { PrivateMessage } from './ports.ts';
import type { Reader } from './readers.ts';

/** Who has read, as whom, and since when conversations that others begin open threads for them. */
export interface Reading {
  reader: Reader;
  user: SalesforceUser;
  /** The bridge's own user: what they take part in is a mirror's conversation, read as them alone. */
  own: SalesforceUser;
  opensSinceMs: number | undefined;
}

/** Nobody waits for an answer that is being stored; with a deadline it is not stored beyond what the bridge keeps. */
const TAKE_MS = 5_000;

/**
 * Stores what of the messages that were read belongs to threads of their reader; the rest is dropped here.
 * Gives whether there was anything new. @throws DeliveryError when not all could be stored: then they are read again.
 */
export function createStoreAnswers(o: {
  log: Pick<DeliveryLog, 'pair' | 'openPair' | 'known' | 'take'>;
  bell: Bell;
}): (reading: Reading, seen: readonly PrivateMessage[]) => Promise<boolean> {
  const { log } = o;

  return async ({ reader, user, own, opensSinceMs }, seen) => {
    const { person, cursorMs = 0 } = reader;
    let hadTraffic = false;
    const pairs = new Map<string, Pair | undefined>();
    for (const message of seen.toSorted(byTime)) {
      const others = message.people.filter((id) => id !== user.id);
      if (others.length === 0 || others.includes(own.id)) continue;
      const key = pairKey(user.id, others);
      if (!pairs.has(key)) pairs.set(key, await log.pair(key));
      const known = pairs.get(key);
      const isOpen = known !== undefined && startOf(known) !== undefined;
      const pair = isOpen ? known : opening(user, others, message, opensSinceMs, known);
      if (!pair || message.sentAtMs < (startOf(pair) ?? Number.POSITIVE_INFINITY)) continue;
      if (!isOpen && !(await log.openPair(pair))) throw notStored('pair-moved');
      pairs.set(key, pair);
      if (message.sender === user.id && (await log.known(key, [message.id])).has(message.id)) continue;
      const isNew = await take(person, answerOf(message, pair));
      // Stored by a reading that was cut off, and never counted.
      if (isNew || message.sentAtMs > cursorMs) hadTraffic = true;
    }
    return hadTraffic;
  };

  async function take(person: ChatPersonId, answer: ChatterAnswer): Promise<boolean> {
    const entry = answerEntry(person, answer);
    const taken = await log.take(entry, TAKE_MS);
    if (taken.kind === 'duplicate' || taken.kind === 'cancelled') return false;
    if (taken.kind !== 'stored') throw notStored(taken.kind);
    await o.bell.add('chat', entry.delivery.id, taken.head === entry.delivery.id);
    return true;
  }
}

/** A conversation that somebody else began, if it may open a thread. `known`: nothing was ever sent in it from here. */
function opening(
  reader: SalesforceUser,
  others: readonly SalesforceUserId[],
  { id, sender, sentAtMs, conversationId, names }: PrivateMessage,
  opensSinceMs: number | undefined,
  known: Pair | undefined,
): Pair | undefined {
  if (opensSinceMs === undefined || sentAtMs < opensSinceMs || sender === reader.id) return undefined;
  const pair = known ?? {
    ...newPair({ key: pairKey(reader.id, others), sender: reader.id, recipients: others, names: [] }),
    names: others.map((other) => names.get(other) ?? 'somebody'),
  };
  return { ...pair, conversation: conversationId, startedAtMs: sentAtMs, last: id };
}

function answerOf({ id, sender, names, text, sentAtMs }: PrivateMessage, { key }: Pair): ChatterAnswer {
  return { id, pair: key, sender, senderName: names.get(sender) ?? 'Somebody', text, sentAtMs };
}

const byTime = (a: PrivateMessage, b: PrivateMessage): number =>
  a.sentAtMs - b.sentAtMs || (a.id < b.id ? -1 : 1);

function notStored(kind: string): DeliveryError {
  return new DeliveryError({
    retry: { kind: 'later' },
    certain: true,
    code: `answers-not-stored-${kind}`,
    sentence: 'Redis takes no answers from Chatter now. They are read again.',
  });
}
