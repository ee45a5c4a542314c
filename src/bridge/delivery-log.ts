import type { Delivery } from './delivery.ts';
import type { EndedLink, ThreadLink } from './message.ts';
import type { Told } from './notification-log.ts';
import type { Pair, TextMark } from './pair.ts';
import type {
  ChatMessageId,
  ChatPersonId,
  ChatThreadId,
  ChatterMessageId,
  DeliveryId,
  LaneKey,
  PairKey,
  SalesforceUserId,
} from './people.ts';

/** A delivery to be stored, with its content: JSON, encrypted before it leaves the process. */
export interface NewEntry {
  delivery: Omit<Delivery, 'order' | 'takenAtMs'> & { order?: number };
  content: string;
}

/** `late`: it reached Redis after its deadline, by Redis's own clock, and was not stored. */
export type TakeResult =
  | { kind: 'stored'; head: DeliveryId | undefined }
  | { kind: 'duplicate' }
  | { kind: 'cancelled' }
  | { kind: 'late' }
  /** As much waits already as is taken in, of its writer or in all. It never will be stored, however often it comes. */
  | { kind: 'full'; of: 'person' | 'bridge' }
  /** The store is away: nothing has left this process. */
  | { kind: 'unreached' }
  /** The store takes no writes now: certainly nothing was stored. */
  | { kind: 'no-room'; cause: Error };

/**
 * What a job run is allowed to do with its delivery.
 * `go` it is ours: `run` is the token every write must carry · `park` not its turn · `wait` not yet ·
 * `ended` nothing to do, whatever woke us.
 */
export type Claim =
  | {
      kind: 'go';
      delivery: Delivery;
      /** undefined: it is lost, or cannot be opened any more. */
      content: string | undefined;
      revisedBy?: DeliveryId | undefined;
      /** Redis was restarted, restored or failed over since it was stored: look before anything is sent. */
      must: boolean;
      /** Something written later in this lane went before it. */
      late: boolean;
      nowMs: number;
      /** Since when this run of Redis is known: what began before it can have left its worker only shortly after. */
      redisSinceMs: number;
    }
  | { kind: 'park' }
  | { kind: 'wait'; forMs: number }
  | { kind: 'ended'; failed: boolean };

export interface Change {
  before: Delivery;
  after: Delivery;
  /** Absent for what people decide: those writes are fenced by the version alone. */
  run?: string;
  /** New content, or `erase`; absent: unchanged. */
  content?: string;
  erase?: boolean;
  pair?: { before: Pair; after: Pair };
  outbox: readonly NewEntry[];
  /** A thread of a pair was opened: replies in it are that pair's from now on. */
  threadLink?: { thread: ChatThreadId; link: ThreadLink };
  note?: { about: DeliveryId; message: ChatMessageId; thread: ChatThreadId };
  /** What became of one person's message of a notification. */
  told?: Told;
  /** Who reads what is answered; absent: its author. */
  reader?: { person: ChatPersonId; user: SalesforceUserId };
}

/**
 * `fenced` another run owns it · `moved` it changed since it was read · `pair-moved` the pair changed ·
 * `pair-busy` another delivery of the pair has an open intent. Nothing was written in any of these.
 */
export type Committed =
  | { kind: 'stored'; delivery: Delivery; head: DeliveryId | undefined }
  | { kind: 'fenced' }
  | { kind: 'moved' }
  | { kind: 'pair-moved' }
  | { kind: 'pair-busy' };

/** A message to Chatter that failed, or that only a person can decide any more. */
export interface DeadLetter {
  id: DeliveryId;
  /** Place in its lane, microseconds: when it was written. */
  order: number;
  /** By Redis's clock. Its text is gone then, and with it every choice. */
  keptUntilMs: number;
}

/** A delivery as it is stored. */
export interface StoredDelivery {
  delivery: Delivery;
  /** undefined: erased, expired, or it cannot be opened. */
  content: string | undefined;
  /** A content is stored, and no key opens it. */
  isUnreadable: boolean;
  /** The last that its writer has changed about it since (Delivery.revises). */
  revisedBy?: DeliveryId | undefined;
}

export interface PersonRecord {
  optedOut: boolean;
  /** With CONSENT=ask: the person pressed Allow. */
  allowed: boolean;
  /** The first-use notice or the question was handed to the outbox. */
  noticed: boolean;
  /**
   * Since when conversations that others begin in Chatter open a thread, by the bridge's clock; 0: they do not; undefined:
   * the person has not said.
   */
  inboxSinceMs?: number;
}

/** Everything durable about deliveries. Each method is one script: it happens whole or not at all. */
export interface DeliveryLog {
  /**
   * What revises another message is noted with that one in the same script: whoever is just about to send it reads anew.
   * @param deadlineMs how long from now Redis may still store it, and only while there is room. Absent: the bridge has
   * to say it, and it is stored however much waits.
   */
  take(entry: NewEntry, deadlineMs?: number): Promise<TakeResult>;
  /**
   * @param isOverdue what was sent to be stored is past its deadline: then not to be stored means never.
   * @returns true: it was not stored and never will be.
   */
  cancel(id: DeliveryId, isOverdue?: boolean): Promise<boolean>;
  /** @param gatherMs a delivery younger than that waits, so that neighbours can line up. */
  claim(id: DeliveryId, run: string, gatherMs: number): Promise<Claim>;
  commit(change: Change): Promise<Committed>;
  read(id: DeliveryId): Promise<StoredDelivery | undefined>;
  /** The same of a message that may not be stored yet: an edit can overtake its original. */
  revisedBy(id: DeliveryId): Promise<DeliveryId | undefined>;
  /** All that was changed about it, first come first. */
  revisionsOf(id: DeliveryId): Promise<readonly DeliveryId[]>;
  /** The head of a lane now: read again after parking, so that no wake-up is lost. */
  head(delivery: Delivery): Promise<DeliveryId | undefined>;
  pair(key: PairKey): Promise<Pair | undefined>;
  /** Which of these messages were acknowledged, also those that the pair's own list has no room for any more. */
  known(key: PairKey, ids: readonly ChatterMessageId[]): Promise<ReadonlySet<ChatterMessageId>>;
  /**
   * A pair in which nothing was sent yet: somebody else has begun the conversation.
   * @returns false when it was changed since `version`: nothing was written.
   */
  openPair(pair: Pair): Promise<boolean>;
  /** The pair's thread of this person. Two people in chat can be one Salesforce user, and have one each. */
  threadOf(key: PairKey, person: ChatPersonId): Promise<ChatThreadId | undefined>;
  threadLink(thread: ChatThreadId): Promise<ThreadLink | undefined>;
  endedLink(thread: ChatThreadId): Promise<EndedLink | undefined>;
  /** Whether nothing waits or is under way in a lane. */
  isEmpty(lane: LaneKey): Promise<boolean>;
  /** The last that waits or is under way in a lane. */
  last(lane: LaneKey): Promise<DeliveryId | undefined>;
  /** A thread is about to be opened for this person by what somebody else wrote. */
  opensThread(person: ChatPersonId): Promise<void>;
  /** Whether that was so in the last minute: they may have seen the thread before it is stored here. */
  isOpeningThread(person: ChatPersonId): Promise<boolean>;
  /**
   * Whether something that they wrote before Redis was last restarted waits to be looked for: it may have been sent, and
   * that forgotten.
   */
  hasUnlooked(person: ChatPersonId): Promise<boolean>;
  /** The dead letters of a person, or of all, in the order that they were written in. */
  deadLetters(person?: ChatPersonId): Promise<DeadLetter[]>;
  /** How many there are of a person now, and until when the last of them is kept. */
  countDead(person: ChatPersonId): Promise<{ count: number; untilMs: number }>;
  note(about: DeliveryId): Promise<{ message: ChatMessageId; thread: ChatThreadId } | undefined>;
  person(id: ChatPersonId): Promise<PersonRecord>;
  /** All who have opted out. */
  optedOut(): Promise<readonly ChatPersonId[]>;
  setPerson(id: ChatPersonId, change: Partial<PersonRecord>): Promise<void>;
}

/** Keyed hashes of texts. */
export interface TextMarks {
  mark(text: string): TextMark;
  same(a: TextMark, b: TextMark): boolean;
}

/** The queue, as the core sees it. Losing a call is harmless: the sweeper makes up for it. */
export interface Bell {
  /** A job for a delivery that was just stored; it sleeps unless it is the head of its lane. */
  add(to: Delivery['to'], id: DeliveryId, isHead: boolean): Promise<void>;
  /** It is this delivery's turn, or there is something new for it to do: its job runs now. */
  ring(to: Delivery['to'], id: DeliveryId): Promise<void>;
}
