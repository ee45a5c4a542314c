import type { Arrived, Delivery, Effect } from './delivery.ts';
import type {
  ChatThreadId,
  ChatterMessageId,
  ConversationId,
  DeliveryId,
  PairKey,
  SalesforceUserId,
} from './people.ts';

/** A keyed hash of a text: what must be recognised when the text itself is gone. Made and compared by the store. */
export type TextMark = string & { readonly __textMark: never };

/**
 * What once-only is kept for: one Salesforce sender and one set of people. Its key never changes, also when the
 * conversation's id becomes known. At most one delivery of a pair has an open intent at any time (`holder`).
 */
export interface Pair {
  v: 1;
  key: PairKey;
  version: number;
  sender: SalesforceUserId;
  recipients: readonly SalesforceUserId[];
  names: readonly string[];
  /** The delivery with the open intent. */
  holder?: DeliveryId;
  /** What the open intent is about, to recognise our message when it is seen before its POST was answered. */
  intent?: { mark: TextMark; sinceMs: number };
  /** Our last acknowledged message: whatever is ours and unacknowledged is newer. */
  highWater?: { id: ChatterMessageId; atMs: number };
  conversation?: ConversationId;
  /** Since when it is a conversation of the bridge's, by Salesforce's clock: nothing older is shown in its thread. */
  startedAtMs?: number;
  /** The last message known of the conversation: what a reply names. */
  last?: ChatterMessageId;
  /** Messages of ours that were acknowledged, to be left out when looking; the oldest are dropped. */
  known: readonly { id: ChatterMessageId; atMs: number }[];
  /** Attempts that were given up, yet may still turn up. */
  ghosts: readonly Ghost[];
  /** The private thread of this pair in the sender's chat. */
  thread?: ChatThreadId;
}

export interface Ghost {
  delivery: DeliveryId;
  /** Which part of its text. */
  part: number;
  mark: TextMark;
  sinceMs: number;
  /** When it was given up. */
  atMs: number;
}

/** A message seen in Chatter by reading, before it is known whose it is. */
export interface Sighting {
  id: ChatterMessageId;
  mark: TextMark;
  atMs: number;
}

/** Enough for a day of one person's messages to one set of people at Salesforce's own pace. */
const MOST_KNOWN = 200;
/** A late commit after this long is nothing we have ever heard of. */
export const GHOST_MS = 24 * 60 * 60 * 1_000;

export function newPair(
  from: Pick<Pair, 'key' | 'sender' | 'recipients' | 'names'> & { thread?: ChatThreadId },
): Pair {
  return { v: 1, version: 0, known: [], ghosts: [], ...from };
}

/** The pair after what the state machine said; `mark` is that of the delivery's current part. */
export function applyToPair(
  pair: Pair,
  delivery: Delivery,
  effects: readonly Effect[],
  mark: TextMark,
  nowMs: number,
): Pair {
  const sinceMs = delivery.base?.sinceMs ?? 0;
  let after = pair;
  for (const effect of effects) {
    if (effect.do === 'holdPair') after = { ...after, holder: delivery.id, intent: { mark, sinceMs } };
    if (effect.do === 'releasePair' && after.holder === delivery.id) after = withoutIntent(after);
    if (effect.do === 'acknowledge') {
      after = acknowledge(after, effect.arrived);
      if (effect.ghost !== undefined) after = withoutGhost(after, delivery.id, effect.ghost);
    }
    if (effect.do === 'leaveGhost') {
      const ghosts = after.ghosts.filter((ghost) => nowMs - ghost.atMs < GHOST_MS);
      after = {
        ...after,
        ghosts: [...ghosts, { delivery: delivery.id, part: delivery.part, mark, sinceMs, atMs: nowMs }],
      };
    }
  }
  return after;
}

function acknowledge(pair: Pair, arrived: Arrived): Pair {
  const id = arrived.id as ChatterMessageId;
  const known = [...pair.known.filter((k) => k.id !== id), { id, atMs: arrived.atMs }].slice(-MOST_KNOWN);
  // The mark never steps back, whatever order late finds come in.
  const isNewer = pair.highWater === undefined || arrived.atMs >= pair.highWater.atMs;
  return {
    ...pair,
    known,
    conversation: arrived.conversation as ConversationId,
    startedAtMs: startOf(pair) ?? arrived.atMs,
    ...(isNewer && { highWater: { id, atMs: arrived.atMs }, last: id }),
  };
}

/** Absent: nothing was ever sent in it. Pairs of a version that did not keep it have their oldest known message. */
export const startOf = ({ startedAtMs, known }: Pair): number | undefined => startedAtMs ?? known[0]?.atMs;

/** Whether this message of ours was acknowledged before. */
export const knows = (pair: Pair | undefined, { id }: Pick<Arrived, 'id'>): boolean =>
  pair?.known.some((known) => known.id === id) ?? false;

/** One attempt less that may still turn up. */
function withoutGhost(pair: Pair, delivery: DeliveryId, mark: string): Pair {
  const spent = pair.ghosts.find((ghost) => ghost.delivery === delivery && ghost.mark === mark);
  return { ...pair, ghosts: pair.ghosts.filter((ghost) => ghost !== spent) };
}

function withoutIntent(pair: Pair): Pair {
  const { holder: _holder, intent: _intent, ...rest } = pair;
  return rest;
}
