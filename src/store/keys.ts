import type {
  ChatPersonId,
  ChatPlaceId,
  ChatThreadId,
  ConversationId,
  DeliveryId,
  LaneKey,
  NotificationId,
  PairKey,
  SalesforceUserId,
  Scope,
} from '../bridge/people.ts';

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

/**
 * How long what stays. Slack redelivers for up to a day ("Delayed Events" tries hourly for 24 h), so what has ended
 * is remembered for 26 hours: that is the whole de-duplication. Threads live as long as people come back to them.
 */
export const keepMs = {
  ended: 26 * HOUR,
  cancelled: 26 * HOUR,
  laneInfo: 26 * HOUR,
  /** Since the person's last change. A count that lapsed is lax, never strict, and mends itself with the next change. */
  open: 30 * DAY,
  pair: 180 * DAY,
  known: 3 * DAY,
  thread: 180 * DAY,
  /** As long as its threads. */
  reader: 180 * DAY,
  person: 400 * DAY,
  /** As long as a form may be left open. */
  draft: HOUR / 2,
  sentDraft: 60 * 1_000,
  /** Longer than saying something and storing where it went, the death of a worker in between included. */
  opening: 60 * 1_000,
  /** Longer than any Retry-After that is obeyed. */
  gate: 25 * HOUR,
  /** Failures that lie further apart are no row. */
  failures: HOUR / 6,
  /** An Idempotency-Key with its answer (docs/openapi.yaml). */
  apiRequest: DAY,
  /** What is sent later, beyond when it is due: for how long all workers may be away. */
  schedule: 30 * DAY,
} as const;

/**
 * Every key in Redis but BullMQ's. All share one hash tag, so that any script may touch any of them, also on Redis
 * Cluster: the limits of Salesforce are far below what one slot carries (docs/decisions/0002-one-hash-tag.md).
 */
export function createKeys(namespace: string) {
  const tag = `{${namespace}}`;
  return {
    /**
     * Hash: state (JSON), version, order, takenAt, lane, run, epoch; revisions: its edits and its deletion, and
     * revisedBy, revisedAt: the last of them; also before it is there itself.
     */
    delivery: (id: DeliveryId) => `${tag}:delivery:${id}`,
    /** String: encrypted content. */
    content: (id: DeliveryId) => `${tag}:content:${id}`,
    /** Sorted set: delivery ids by order. */
    lane: (lane: LaneKey) => `${tag}:lane:${lane}`,
    /** Hash: current (the delivery whose turn it is), begun (highest order begun so far). */
    laneInfo: (lane: LaneKey) => `${tag}:lane-info:${lane}`,
    /** Sorted set: lanes with deliveries, by when something last happened in them. */
    lanes: `${tag}:lanes`,
    /** Sorted set: every delivery that is under way, to Chatter or to chat, by when it was stored (ms). */
    open: `${tag}:open`,
    /** The same of one person's messages to Chatter: what the bound on waiting messages counts. */
    openOf: (person: ChatPersonId) => `${tag}:open-of:${person}`,
    /**
     * Sorted set: messages to Chatter that failed, or that only a person can decide any more, by until when they are
     * kept (ms). What has expired is dropped whenever another comes, and never counted.
     */
    dead: `${tag}:dead`,
    /** The same of one person. */
    deadOf: (person: ChatPersonId) => `${tag}:dead-of:${person}`,
    /** Hash: state (JSON), version, holder, thread (the one opened last), and the thread of each person. */
    pair: (pair: PairKey) => `${tag}:pair:${pair}`,
    /** Sorted set: ids of acknowledged messages of a pair by when they were sent, more than its state has. */
    known: (pair: PairKey) => `${tag}:known:${pair}`,
    thread: (thread: ChatThreadId) => `${tag}:thread:${thread}`,
    /** The same of one that is mirrored no more, for as long as what was written before may still come. */
    threadEnded: (thread: ChatThreadId) => `${tag}:thread-ended:${thread}`,
    /** Hash: state (JSON), openedBy, isLive ('1' while it is), brought (JSON). */
    mirror: (thread: ChatThreadId) => `${tag}:mirror:${thread}`,
    /** String: the state (JSON) of one that has ended, by its lane: what was written in it is still to go. */
    mirrorEnded: (lane: LaneKey) => `${tag}:mirror-ended:${lane}`,
    /** String: the thread that is tied to the conversation of these people. */
    mirrored: (pair: PairKey) => `${tag}:mirrored:${pair}`,
    /** String: the lane of the one that was the last to be tied to it, and has ended. */
    mirrorLast: (pair: PairKey) => `${tag}:mirror-last:${pair}`,
    /** Set: threads of a place that are mirrored. */
    mirrorsIn: (place: ChatPlaceId) => `${tag}:mirrors-in:${place}`,
    /** Sorted set: mirrored threads that a person has started or writes in, by when they were started (ms). */
    mirrorsOf: (person: ChatPersonId) => `${tag}:mirrors-of:${person}`,
    /** Set: whose words travel. */
    mirrorWriters: (thread: ChatThreadId) => `${tag}:mirror-writers:${thread}`,
    /** Set: who was told how their words travel, or that they do not. */
    mirrorTold: (thread: ChatThreadId) => `${tag}:mirror-told:${thread}`,
    /** String; there while the bridge speaks for somebody. */
    mirrorRelay: (thread: ChatThreadId, person: ChatPersonId) => `${tag}:mirror-relay:${thread}:${person}`,
    /** Hash: state (encrypted JSON), hasPeople, stopped, version (of what became of it), shown (the version in its
     * report), endMinute (that its report foresees), since and paused (JSON). */
    notification: (id: NotificationId) => `${tag}:notification:${id}`,
    /** Hash: what became of it for each Salesforce user. */
    outcomes: (id: NotificationId) => `${tag}:outcomes:${id}`,
    /** Sorted set: notifications whose report may have to be shown anew, by when that is due (ms). */
    reports: `${tag}:reports`,
    note: (about: DeliveryId) => `${tag}:note:${about}`,
    person: (person: ChatPersonId) => `${tag}:person:${person}`,
    /** Set: people who have opted out. */
    optedOut: `${tag}:opted-out`,
    /** String; there while a thread that the person has not begun may be being opened. */
    opening: (person: ChatPersonId) => `${tag}:opening:${person}`,
    /** String: an encrypted message that is not sent yet, by the form that asks to whom. */
    draft: (form: string) => `${tag}:draft:${form}`,
    /** String: state (JSON). */
    gate: (scope: Scope) => `${tag}:gate:${scope}`,
    /** Sorted set: ids of readings of this person's messages, by time. */
    reads: (reader: SalesforceUserId) => `${tag}:reads:${reader}`,
    /** The same of those for news, which leave a reserve to the others. */
    polls: (reader: SalesforceUserId) => `${tag}:polls:${reader}`,
    /** Sorted set: people whose Chatter messages are read, by when that is due (ms). */
    readers: `${tag}:readers`,
    /** Hash: how far one of them was read (see readers.ts). */
    reader: (person: ChatPersonId) => `${tag}:reader:${person}`,
    /** Set: the people who read as this user, or in this conversation: whom news of it concern. */
    readersAs: (user: SalesforceUserId) => `${tag}:readers-as:${user}`,
    readersIn: (conversation: ConversationId) => `${tag}:readers-in:${conversation}`,
    /** Hash: holder and heldUntilMs (the lease), aliveUntilMs, replayId. */
    push: `${tag}:push`,
    /** Hash: mark (of its body), sinceMs, answer, and token and leasedUntilMs of whoever carries it out. */
    apiRequest: (hash: string) => `${tag}:api-request:${hash}`,
    /** Sorted set: ids of requests to the API, by time. */
    apiCalls: `${tag}:api-calls`,
    /** Hash: by, when (JSON), nextAtMs, request (encrypted), lastRun; isOver ('1') once it has gone or was cancelled. */
    schedule: (id: NotificationId) => `${tag}:schedule:${id}`,
    /** Sorted set: notifications that are sent later, by when they are due next (ms). */
    schedules: `${tag}:schedules`,
    /** The same of one sender. */
    schedulesOf: (by: ChatPersonId) => `${tag}:schedules-of:${by}`,
    /** Hash: run (Redis's run id), number, sinceMs. */
    epoch: `${tag}:epoch`,
    /** Hash: epoch, count, atMs (the last beat); untilCount, untilMs (the last before this epoch); listed, paused (run ids). */
    pulse: `${tag}:pulse`,
  };
}

/** Field of a pair's hash. */
export const threadField = (person: ChatPersonId): string => `thread:${person}`;

export type Keys = ReturnType<typeof createKeys>;

/** BullMQ's keys: the same namespace with a tag of their own. */
export const queuePrefix = (namespace: string): string => `{${namespace}-jobs}`;
