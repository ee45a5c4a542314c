/**
 * The named moments between two durable writes or network calls. Crash tests kill the process at each of them,
 * and fail when a step exists that they do not kill at. In production a step does nothing.
 */
export const WEB_STEPS = [
  'enq.before', // nothing stored yet
  'enq.sent', // the script is on the wire, its answer not seen
  'enq.stored', // stored, no job yet: the sweeper adds it
  'wake.added', // job added, the platform not answered yet
  'cancel.before',
  'cancel.sent',
] as const;

export const WORKER_STEPS = [
  'lease.taken', // the delivery is ours, nothing else happened
  'base.read', // the baseline was read, not stored
  'begin.done', // intent written, no byte sent
  'post.guarded', // deadline check passed, no byte written
  'post.partial', // headers and half of the body are out
  'post.sent', // all bytes are out, no answer yet
  'post.answered', // answer seen, not stored
  'ack.sent', // stored, nobody rung: neither the outbox nor the next in the lane
  'ack.begun', // the next part's intent is written
  'unknown.marked', // outcome unknown, stored
  'settle.waiting', // it waits for the settled read, the job is not delayed yet
  'recover.read', // looked, nothing decided
  'recover.found', // found, not stored
  'recover.absent', // not found, not stored
  'reintent.done', // the decision to post again is stored, nothing sent
  'refused.answered', // a certain no was seen, not stored
  'nopost.done', // it is stored, the job not released
  'park.done', // job delayed, the head not read again yet
  'uncertain.stored',
  'release.before', // the outcome is stored, the next in the lane not woken
] as const;

export const OUTBOX_STEPS = [
  'outbox.taken',
  'slack.intent',
  'slack.sent',
  'slack.answered',
  'slack.searched',
  'slack.cleared',
] as const;

/** What Chatter people answer, on its way to chat; its own sending then comes to the outbox's steps. */
export const INBOUND_STEPS = [
  'poll.fetched', // read, nothing stored
  'inbound.stored', // what belongs to a thread is stored, the cursor not moved
  'inbound.held', // it may be our own, whose POST is still open: nothing decided
  'cursor.moved', // stored, the reader still ours
  'held.released', // it was held, and is judged anew: nothing stored
] as const;

/** A mirrored thread, as it begins and ends. */
export const MIRROR_STEPS = [
  'mirror.opened', // the thread is tied, nothing of it was read
  'mirror.brought', // a message that goes along is stored, the next one not
  'mirror.ending', // its farewell is stored, what is written still travels
] as const;

export type StepName =
  | (typeof WEB_STEPS)[number]
  | (typeof WORKER_STEPS)[number]
  | (typeof OUTBOX_STEPS)[number]
  | (typeof INBOUND_STEPS)[number]
  | (typeof MIRROR_STEPS)[number];

/** Called at each step; awaited, so that a test can hold or end the process there. */
export type Step = (name: StepName) => void | Promise<void>;

export const noStep: Step = () => {};
