import type {
  ChatPersonId,
  ChatPlaceId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  PairKey,
  SalesforceUserId,
} from './people.ts';
import type { Taken } from './taken.ts';

/** How much of a thread goes along that was written before it was mirrored: at least its root. */
export type BringAlong = 'root' | 'last' | 'all';

/** How many replies `last` brings along, beside the root. */
export const LAST_REPLIES = 20;

/** The conversation has ten people: the bridge's own user, who has begun it, and eight beside that. */
export const MAX_MIRROR_PEOPLE = 8;

/** Somebody in a mirror's conversation, by their name in Salesforce. */
export interface MirrorPerson {
  id: SalesforceUserId;
  name: string;
}

/** What somebody asks for: a thread tied to a conversation in Chatter. */
export interface MirrorRequest {
  thread: ChatThreadId;
  place: ChatPlaceId;
  startedBy: ChatPersonId;
  /** Everybody in the conversation but the bridge's own user; whoever has started it among them. */
  people: readonly MirrorPerson[];
  bring: BringAlong;
  /** Whatever is brought along, what was written from here on travels. Microseconds, by the chat platform's clock. */
  sinceUs: number;
  /** Ends the mirror that the thread has, and takes its place. */
  isAnew?: true;
}

/**
 * live      what is written on either side travels, as soon as Chatter has its first message
 * stopped   somebody has stopped it, or begun another in its place
 * resting   it cannot go on where it was: see Rest
 * refused   Chatter did not take its first message
 */
export type MirrorState = 'live' | 'stopped' | 'resting' | 'refused';

/**
 * Why a mirror rests: the app was removed from the channel, or may not write there; the channel was archived or deleted; another
 * company reads it now, and that is not allowed; the thread's root was deleted.
 */
export type Rest = 'app-removed' | 'app-silenced' | 'place-archived' | 'place-shared' | 'root-deleted';

/** A thread in chat that is, or was, tied to a conversation: one at a time for a thread, and for a set of people. */
export interface Mirror extends MirrorRequest {
  v: 1;
  state: MirrorState;
  /** The delivery of its first message. */
  openedBy: DeliveryId;
  /** The bridge's own Salesforce user, and that one's pair with all others. */
  user: SalesforceUserId;
  pair: PairKey;
  /** What was written in the thread, by whomever, in order. */
  lane: LaneKey;
  startedAtMs: number;
  /** What its thread is called now, when its place has got another id. */
  at?: ChatThreadId;
  /** Who has stopped it. */
  stoppedBy?: ChatPersonId;
  rest?: Rest;
  /** By the bridge's clock. */
  endedAtMs?: number;
}

/** Whom a form names: people in chat, and people found by name in Salesforce. */
export interface Chosen {
  people: readonly ChatPersonId[];
  users: readonly SalesforceUserId[];
}

/** Whether they can be written to; each mistake by where it was made. `busy`: that could not be found out in time. */
export type Checked =
  | { kind: 'fine'; people: readonly MirrorPerson[] }
  | { kind: 'mistaken'; people?: string; users?: string }
  | { kind: 'busy' };

/** What people do about mirrors. Each throws when Redis does not answer. */
export interface Mirrors {
  /**
   * Who is meant, the starter included, each once. Sentences say which person, and why not.
   * @param withinMs after that the answer is `busy`.
   */
  check(startedBy: ChatPersonId, chosen: Chosen, withinMs: number): Promise<Checked>;
  /**
   * Takes it in, like a message. The worker opens it, and what goes wrong then is told to whoever has started it.
   * `thread-taken`, `people-taken`: this thread, or just these people, have a live mirror already; nothing was stored.
   */
  start(id: DeliveryId, request: MirrorRequest): Promise<Taken | 'thread-taken' | 'people-taken'>;
  find(thread: ChatThreadId): Promise<Mirror | undefined>;
  /** Live ones that this person has started or writes in, the newest first. */
  of(person: ChatPersonId): Promise<readonly Mirror[]>;
  /**
   * At once: nothing that is written from now on travels. What was written before still goes, then a word of farewell.
   * `not-theirs`: only whoever has started it, whose words travel, or an admin may.
   */
  stop(
    thread: ChatThreadId,
    by: ChatPersonId,
    isAdmin: boolean,
  ): Promise<'stopped' | 'not-live' | 'not-theirs'>;
  /** One thread, or all of a place; its owner is told. */
  rest(where: { thread: ChatThreadId } | { place: ChatPlaceId }, why: Rest): Promise<void>;
  /**
   * A place has got another id: what comes from there, or goes there, is meant for the same threads.
   * @param threadAt what a thread is called there now.
   */
  moved(from: ChatPlaceId, to: ChatPlaceId, threadAt: (thread: ChatThreadId) => ChatThreadId): Promise<void>;
}
