import type { WaitsFor } from './delivery-error.ts';
import type { NotificationRef } from './notification-log.ts';
import type { ChatPersonId, ChatThreadId, DeliveryId, LaneKey, PairKey } from './people.ts';

/**
 * queued     waits for its turn, or for a passing no to pass; certainly not posted since the last look
 * begun      the intent is stored; a POST may be on its way
 * settling   an outcome is unknown; waits until it is looked for
 * uncertain  looked for and not found, yet it may have arrived; a person decides, or a late look finds it
 * sent, failed, discarded: ended. A failed one can be retried.
 */
export type Phase = 'queued' | 'begun' | 'settling' | 'uncertain' | 'sent' | 'failed' | 'discarded';

/** What must be newer than what, when looking for our own message. Frozen with the first POST. */
export interface Base {
  /** Salesforce's clock: nothing sent before this can be ours. Errs early; too late would hide our own message. */
  sinceMs: number;
  /** Messages that were there before. */
  known: readonly string[];
}

/** What the target has stored: a Chatter message and its conversation, or a chat note and its thread. */
export interface Arrived {
  id: string;
  conversation: string;
  /** The target's clock. */
  atMs: number;
}

export interface Explained {
  code: string;
  sentence: string;
}

/** What somebody has changed afterwards about a message of theirs: its text, or that it is there at all. */
export interface Revises {
  /** The message, by the natural key under which it was, or will be, taken in. */
  of: DeliveryId;
  how: 'edit' | 'delete';
  /** When that message was written, by the chat platform's clock. */
  writtenAtMs: number;
  /** Which of several is the last, microseconds. Nothing comes after a deletion. */
  atUs: number;
}

export interface Delivery {
  v: 1;
  id: DeliveryId;
  to: 'chatter' | 'chat';
  lane: LaneKey;
  /** Place in the lane, microseconds. */
  order: number;
  author: ChatPersonId;
  /** The chat thread that it was written in, when it is a reply. */
  thread?: ChatThreadId;
  /** An edit or deletion of another message, which follows that one, unless it goes with it (see revisions.ts). */
  revises?: Revises;
  /** The edit whose text it has taken. */
  edited?: { by: DeliveryId; atUs: number };
  /** It is one person's message of a notification, whose report says what becomes of it. */
  notification?: NotificationRef;
  takenAtMs: number;
  /** Counts every stored change: what was read must still be true when it is written. */
  version: number;
  phase: Phase;
  /** Which part of a long text is on its way (from 0), and how many there are; 0 until the text was prepared. */
  part: number;
  parts: number;
  pair?: PairKey;
  /** Posting twice does no harm (a change in place, a reaction): never looked for. */
  repeatable: boolean;
  /** POSTs begun for the current part. */
  posts: number;
  /** An attempt's outcome was unknown. Sticky for the part: from then on every POST is preceded by a settled look. */
  unknown: boolean;
  base?: Base;
  /** `takeover`: a former owner may have posted. It is looked for like `broken`. */
  lost?: 'silent' | 'broken' | 'takeover';
  /** Attempts that were given up, and that may still turn up (see watch.ts). */
  ghosts: number;
  /** Looks made since the last loss; of an ended one, since its end. */
  looks: number;
  /** After a restored or failed-over Redis: of several candidates the oldest is ours. */
  must: boolean;
  lostAtMs?: number;
  /** Since when every look has failed. Looks that a gate kept back say nothing: after them it counts anew. */
  unreadableSinceMs?: number;
  /** A certain, permanent no that came after an unknown: nothing may be claimed before a look. */
  refusal?: Explained;
  /** Nothing is to be done before. */
  wakeAtMs?: number;
  /** Since when passing noes are tried against; 0: it was never tried. */
  tryingSinceMs: number;
  tries: number;
  waiting?: Explained & { for: WaitsFor | 'certainty'; sinceMs: number };
  /** Out of its lane: it held it for too long. */
  aside: boolean;
  /** Goes after messages that were written later: it carries its time. */
  late: boolean;
  /** The person pressed Retry on an uncertain one, knowing that it may arrive twice. */
  mayDouble: boolean;
  failure?: Explained;
  arrived?: Arrived;
  /** Notices with a choice shown so far. Buttons carry it: a press on an older notice does nothing. */
  told: number;
  /** The notice (counted as `told`) with which the message itself was shown in its pair's thread. */
  shownAt?: number;
}

export type DeliveryEvent =
  /** `lostAtMs`: with `must`, the last moment at which a forgotten POST can have left; absent: now. */
  | { type: 'begin'; base: Base | undefined; must: boolean; lostAtMs?: number; atMs: number }
  | { type: 'takenOver'; atMs: number }
  | { type: 'accepted'; arrived: Arrived; atMs: number }
  | { type: 'refused'; error: Refusal; atMs: number; jitter: number }
  | { type: 'lost'; how: 'silent' | 'broken'; atMs: number }
  /**
   * `asOfMs`: when the look began; absent: now. `ghost`: which attempt that was given up it is that was found, by the
   * mark of its text.
   */
  | {
      type: 'looked';
      found: Arrived | undefined;
      ghost?: { mark: string; part: number };
      atMs: number;
      asOfMs?: number;
    }
  /** `isHeld`: a gate is closed, so that nothing was asked. */
  | { type: 'unreadable'; retryAfterMs?: number; isHeld?: true; atMs: number }
  | { type: 'holdOver'; atMs: number }
  | { type: 'retry'; order: number; atMs: number }
  | { type: 'discard'; atMs: number }
  /** `by`: which edit. One that is older than what was taken already means nothing. */
  | { type: 'edited'; by?: Delivery['edited'] }
  | { type: 'deleted' }
  /**
   * `part`: which one that POST was about; absent, the current one. `ghost`: it was given up before, with a text of that
   * mark.
   */
  | { type: 'witnessed'; arrived: Arrived; part?: number; ghost?: string; atMs: number };

export interface Refusal extends Explained {
  kind: 'passing' | 'permanent';
  afterMs?: number;
  waitsFor?: WaitsFor;
  /** It waits for a gate: that is nobody's attempt. */
  isHeld?: true;
}

/** What the store and the outbox have to do together with the new state, in one script. */
export type Effect =
  | { do: 'readBaseline' }
  | { do: 'holdPair' }
  | { do: 'releasePair' }
  /**
   * Chatter has it: high-water mark, known id, last message of the conversation; held sightings are judged.
   * `ghost`: it is an attempt that was given up, which is one less that may turn up.
   */
  | { do: 'acknowledge'; arrived: Arrived; ghost?: string }
  /** We stop waiting for an attempt that may still turn up: its late sighting is ours, not typed by hand. */
  | { do: 'leaveGhost' }
  | { do: 'leaveLane' }
  | { do: 'rejoinLane' }
  | { do: 'erase' }
  | { do: 'replaceText' }
  | { do: 'followUp'; kind: 'edit' | 'delete' }
  | { do: 'tell'; what: Telling };

export type Telling =
  | 'sent'
  | 'failed'
  | 'uncertain'
  | 'waiting'
  | 'set-aside'
  | 'discarded'
  | 'trying-again'
  | 'arrived-twice';

export interface Next {
  delivery: Delivery;
  effects: readonly Effect[];
}

export const ended = (phase: Phase): boolean =>
  phase === 'sent' || phase === 'failed' || phase === 'discarded';

/** Failed, or uncertain and looked for long enough: nothing happens any more unless a person decides. */
export const isDead = (d: Delivery): boolean =>
  d.phase === 'failed' || (d.phase === 'uncertain' && d.wakeAtMs === undefined);

/** A delivery as it is first stored. */
export function newDelivery(
  from: Pick<Delivery, 'id' | 'to' | 'lane' | 'order' | 'author' | 'takenAtMs'> &
    Partial<Pick<Delivery, 'repeatable' | 'thread' | 'revises' | 'notification'>>,
): Delivery {
  return {
    v: 1,
    ...from,
    repeatable: from.repeatable ?? false,
    version: 1,
    phase: 'queued',
    part: 0,
    parts: 0,
    posts: 0,
    unknown: false,
    ghosts: 0,
    looks: 0,
    must: false,
    tryingSinceMs: from.takenAtMs,
    tries: 0,
    aside: false,
    late: false,
    mayDouble: false,
    told: 0,
  };
}
