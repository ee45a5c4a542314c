import type { Revises } from './delivery.ts';
import type { MirrorRequest } from './mirror.ts';
import type { Ending } from './mirror-log.ts';
import type { AllDead, DeliveryRef } from './note.ts';
import type { NotificationRequest } from './notification.ts';
import type { NotificationRef } from './notification-log.ts';
import type {
  Addressee,
  AnswerHandle,
  ChatMessageId,
  ChatPersonId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  NotificationId,
  PairKey,
} from './people.ts';
import type { Taken } from './taken.ts';

/**
 * What somebody wrote, on its way to Chatter. Stored encrypted; `v` is the payload's version, so that a worker
 * can tell an older web's messages from its own.
 */
export interface WrittenMessage {
  v: 1;
  author: ChatPersonId;
  /** In the chat platform's own mark-up, as it came. */
  text: string;
  /**
   * What that text does not say (lists, files), in the chat platform's own form. Only the edge reads it, and one of
   * another version may not know all of it.
   */
  beyondText?: unknown;
  to:
    | { kind: 'people'; people: readonly Addressee[] }
    /** `isMirrored`: one that everybody in its place reads. */
    | { kind: 'thread'; thread: ChatThreadId; isMirrored?: true }
    /** The bridge's own words at the beginning of a mirror, and at its end. `text` is empty. */
    | { kind: 'mirror'; opens: MirrorRequest }
    | { kind: 'mirror'; ends: ChatThreadId; openedBy: DeliveryId; ending: Ending }
    /** One message to many: the worker makes one of each. */
    | { kind: 'notification'; id: NotificationId; to: NotificationRequest['to'] };
  /** It is one of those. */
  notification?: NotificationRef;
  /** Written before its thread was mirrored: it goes with its time. */
  isBrought?: true;
  /** It has gone to another conversation before, under this key: by that one its writer changes or deletes it. */
  copyOf?: DeliveryId;
  /** Where the command can be answered (commands only). */
  answer?: AnswerHandle;
  /** The message itself, to be marked when delivered (thread replies only). */
  source?: ChatMessageId;
}

/** A message as an edge hands it in. */
export interface Incoming {
  id: DeliveryId;
  lane: LaneKey;
  /** Order in the lane, microseconds since 1970 by the platform's clock; undefined: order of arrival. */
  order?: number;
  message: WrittenMessage;
  /** It is an edit, with the new text, or a deletion, of what was or will be handed in. */
  revises?: Revises;
}

/** A thread that the bridge knows: who may write in it and which lane its replies are in. */
export interface ThreadLink {
  v: 1;
  /** BRIDGE: the thread is mirrored, and whoever can read it may. */
  person: ChatPersonId;
  lane: LaneKey;
  pair: PairKey;
  /** What the bridge calls the thread, when its place has got another id since it was mirrored. */
  thread?: ChatThreadId;
}

/** A thread that was mirrored until not long ago: what was written before then may still be told of. */
export interface EndedLink extends ThreadLink {
  thread: ChatThreadId;
  /** Microseconds, by the bridge's clock. */
  untilUs: number;
}

/** How edges hand messages in. Never throws for a slow or absent Redis: it answers within its budget. */
export interface Intake {
  /**
   * @param redelivered whether the platform would send it again by itself. If not (commands), a message whose
   * storing timed out is cancelled, so that "nothing was sent" is true when it is said.
   */
  take(incoming: Incoming, redelivered: boolean): Promise<Taken>;
  /** The link of a thread, if the bridge knows it. Throws when Redis does not answer in time. */
  threadLink(thread: ChatThreadId): Promise<ThreadLink | undefined>;
  /** The same of one that is mirrored no more. Throws when Redis does not answer in time. */
  endedLink(thread: ChatThreadId): Promise<EndedLink | undefined>;
  /**
   * Whether something is being said to this person just now. Then a thread that is not known may be the one that is
   * being opened, seen by them before it is stored here. Throws when Redis does not answer in time.
   */
  isSaying(person: ChatPersonId): Promise<boolean>;
  /** Says once what the bridge cannot carry: a message outside its threads. */
  explain(id: DeliveryId, person: ChatPersonId, what: 'no-thread'): Promise<Taken>;
}

/** One of them, as it is shown to its writer. */
export interface FailedMessage {
  ref: DeliveryRef;
  /** It may have arrived. */
  isUncertain: boolean;
  sentence: string;
  /** Empty when its text cannot be read any more. */
  excerpt: string;
  /** By name as far as known, else as they were named; empty: not known any more. */
  to: { names: readonly string[] } | { addressees: readonly Addressee[] };
  takenAtMs: number;
  keptUntilMs: number;
}

export interface FailedMessages {
  all: AllDead;
  /** The first of them, in the order that they were written in. */
  first: readonly FailedMessage[];
}

export interface DecidedAll {
  done: number;
  /** Not sent again together with others, as they may have arrived: each is decided by itself. */
  uncertain: number;
  /** Moved on meanwhile. */
  outdated: number;
}

/** What people decide about their own deliveries and consent. Each throws when Redis does not answer. */
export interface Decisions {
  /** @returns whether it was done; false: the delivery has moved on since the button was shown. */
  decide(
    by: ChatPersonId,
    delivery: DeliveryId,
    version: number,
    what: 'retry' | 'discard',
  ): Promise<boolean>;
  /** The person's messages that failed, or that only they can decide any more. */
  failed(person: ChatPersonId): Promise<FailedMessages>;
  /** Decides about all of them that had failed when the button was shown. Thousands take many seconds. */
  decideAll(by: ChatPersonId, untilMs: AllDead['untilMs'], what: 'retry' | 'discard'): Promise<DecidedAll>;
  optOut(person: ChatPersonId): Promise<void>;
  optIn(person: ChatPersonId): Promise<void>;
  isOptedOut(person: ChatPersonId): Promise<boolean>;
  /**
   * Whether conversations that others begin in Chatter open a thread for them.
   * @returns false when that cannot be switched on, as they have opted out.
   */
  setInbox(person: ChatPersonId, isOn: boolean): Promise<boolean>;
}
