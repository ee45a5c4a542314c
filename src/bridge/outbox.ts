import { answerId, answerLane, type ChatterAnswer } from './chatter-answer.ts';
import { excerptOf } from './chatter-content.ts';
import { type Delivery, newDelivery, type Telling } from './delivery.ts';
import type { NewEntry } from './delivery-log.ts';
import type { Held } from './gate.ts';
import type { Incoming } from './message.ts';
import type { Mirror, Rest } from './mirror.ts';
import type { Say } from './note.ts';
import type { Report } from './notification.ts';
import {
  type AnswerHandle,
  BRIDGE,
  type ChatMessageId,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type LaneKey,
  type NotificationId,
  type PairKey,
} from './people.ts';

const MICROSECONDS = 1_000;

/** Something to be said on the chat side: stored in the script that made it true, said by a delivery of its own. */
export type OutboxEntry =
  /** Answers a command where it was typed. */
  | { kind: 'answer'; handle: AnswerHandle; say: Say }
  /** Shows a message in the private thread of its pair: opens the thread, or adds a line to it. */
  | {
      kind: 'conversation';
      pair: PairKey;
      lane: LaneKey;
      people: readonly string[];
      text: string;
      link?: string;
    }
  /** What became of one delivery: one note, changed in place from then on. */
  | { kind: 'notice'; about: DeliveryId; pair?: PairKey; thread?: ChatThreadId; say: Say }
  | { kind: 'mark'; message: ChatMessageId; thread?: ChatThreadId }
  /** Shows what was written in Chatter in the thread of its conversation, or opens one for it. */
  | { kind: 'answer-in-thread'; answer: ChatterAnswer }
  /** Says in a thread that it is mirrored. */
  | { kind: 'mirror-opened'; openedBy: DeliveryId; thread: ChatThreadId; say: Say & { words: 'mirrored' } }
  /** Says to whoever wanted it that it is not, and ends what has begun. */
  | { kind: 'mirror-refused'; openedBy: DeliveryId; thread: ChatThreadId; sentence: string }
  | { kind: 'say'; say: Say; thread?: ChatThreadId };

/** Content of a delivery to chat. `op` is what the entry came down to when it was prepared; frozen with the intent. */
export interface ChatContent {
  v: 1;
  person: ChatPersonId;
  entry: OutboxEntry;
  op?: ChatOperation;
  /** A long text in pieces, one note each; `op` has the first. */
  pieces?: readonly string[];
}

export type ChatOperation =
  | { do: 'say'; thread?: ChatThreadId; say: Say }
  | { do: 'change'; message: ChatMessageId; say: Say; thread?: ChatThreadId }
  | { do: 'answer'; handle: AnswerHandle; say: Say }
  | { do: 'mark'; message: ChatMessageId; thread?: ChatThreadId };

/** An entry about a delivery. Its id follows from the delivery's state, so that storing twice makes one. */
export function outboxEntry(about: Delivery, what: Telling, entry: OutboxEntry): NewEntry {
  return entryFor(
    `${about.id}-${what}-${about.version + 1}-${entry.kind}` as DeliveryId,
    entry.kind === 'mirror-opened' ? BRIDGE : about.author,
    laneFor(about, entry),
    entry,
  );
}

/** Changes the notice of a mirror: it is over. */
export function mirrorOverEntry({ openedBy, thread, people, stoppedBy, rest }: Mirror): NewEntry {
  const say: Say = {
    words: 'mirror-over',
    people: people.map(({ name }) => name),
    ...(stoppedBy && { by: stoppedBy }),
    ...(rest && { why: rest }),
  };
  const entry: OutboxEntry = { kind: 'notice', about: openedBy, thread, say };
  return entryFor(`${openedBy}-over` as DeliveryId, BRIDGE, noticeLane(openedBy), entry);
}

/** Tells whoever has started a mirror that it rests. */
export function mirrorRestsEntry({ openedBy, thread, people, startedBy }: Mirror, why: Rest): NewEntry {
  const names = people.map(({ name }) => name);
  const say: Say = { words: 'mirror-rests', thread, people: names, why };
  const id = `${openedBy}-rests` as DeliveryId;
  return entryFor(id, startedBy, chatLane(startedBy), { kind: 'say', say });
}

/** Begins the report of a notification: from then on it is changed in place. */
export function reportEntry(report: Report): NewEntry {
  const { id, by } = report;
  const entry: OutboxEntry = { kind: 'notice', about: noticeOf(id), say: { words: 'notification', report } };
  return entryFor(`${noticeOf(id)}-report` as DeliveryId, by, chatLane(by), entry);
}

/** Under which the note of a notification is known. */
export const noticeOf = (id: NotificationId): DeliveryId => `notify-${id}` as DeliveryId;

/** Once to each person who is not in the conversation of a mirror: the bridge speaks for them. */
export function outsiderEntry({ openedBy, thread, people }: Mirror, person: ChatPersonId): NewEntry {
  const say: Say = { words: 'outsider', thread, people: people.map(({ name }) => name) };
  const id = `${openedBy}-outsider-${person}` as DeliveryId;
  return entryFor(id, person, chatLane(person), { kind: 'say', say });
}

/** Once to each person whose words may not travel from there. */
export function doesNotTravelEntry(
  { openedBy, thread }: Mirror,
  person: ChatPersonId,
  sentence: string,
): NewEntry {
  const id = `${openedBy}-stays-${person}` as DeliveryId;
  const say: Say = { words: 'does-not-travel', thread, sentence };
  return entryFor(id, person, chatLane(person), { kind: 'say', say });
}

/** An entry about a person, said once: the id is the person's. */
export function personalEntry(
  kind: 'first-use' | 'ask-consent' | 'no-thread',
  id: DeliveryId,
  person: ChatPersonId,
): NewEntry {
  return entryFor(id, person, chatLane(person), { kind: 'say', say: { words: kind } });
}

/** Says that a message was not taken, once, in the thread that it was written in. */
export function notTakenEntry({ id, message }: Incoming, of: 'person' | 'bridge'): NewEntry {
  const { author, to } = message;
  const excerpt = excerptOf({ v: 1, message });
  return entryFor(`full-${id}` as DeliveryId, author, chatLane(author), {
    kind: 'say',
    say: { words: 'not-taken', of, excerpt },
    ...(to.kind === 'thread' && { thread: to.thread }),
  });
}

/** Says that a gate keeps back what a person writes, once a closing: the id is that of both. */
export function pausedEntry(person: ChatPersonId, { scope, reason, sinceMs, untilMs }: Held): NewEntry {
  const id = `paused-${scope}-${sinceMs}-${person}` as DeliveryId;
  return entryFor(id, person, chatLane(person), { kind: 'say', say: { words: 'paused', reason, untilMs } });
}

/** What was written in Chatter, in a lane of its thread's own: nothing that is stuck elsewhere holds it. */
export function answerEntry(person: ChatPersonId, answer: ChatterAnswer): NewEntry {
  const { delivery, content } = entryFor(answerId(person, answer), person, answerLane(person, answer), {
    kind: 'answer-in-thread',
    answer,
  });
  return { delivery: { ...delivery, order: answer.sentAtMs * MICROSECONDS }, content };
}

/** The lane of all that a person reads in their conversation with the app. */
export const chatLane = (person: ChatPersonId): LaneKey => `chat-${person}` as LaneKey;

/** What is said in a mirrored thread about the mirror itself: not in the mirror's own lane, where what goes to Chatter waits. */
const noticeLane = (openedBy: DeliveryId): LaneKey => `notice-${openedBy}` as LaneKey;

/** Answers a command that was withdrawn after nobody could say whether it was stored. */
export function withdrawnEntry(id: DeliveryId, person: ChatPersonId, handle: AnswerHandle): NewEntry {
  const entry: OutboxEntry = { kind: 'answer', handle, say: { words: 'withdrawn' } };
  return entryFor(`${id}-withdrawn` as DeliveryId, person, `answer-${id}` as LaneKey, entry);
}

/**
 * What a person reads in their conversation with the app stays in order. Answers wait for nobody, and marks for those of
 * the same thread alone, so that what is too late of them can be left out (to-chat.ts).
 */
function laneFor(about: Delivery, entry: OutboxEntry): LaneKey {
  if (entry.kind === 'mirror-opened') return noticeLane(entry.openedBy);
  if (entry.kind === 'answer') return `answer-${about.id}` as LaneKey;
  if (entry.kind === 'mark') return `marks-${about.lane}` as LaneKey;
  return chatLane(about.author);
}

function entryFor(id: DeliveryId, person: ChatPersonId, lane: LaneKey, entry: OutboxEntry): NewEntry {
  const content: ChatContent = { v: 1, person, entry };
  const repeatable = entry.kind === 'answer' || entry.kind === 'mark';
  const {
    order: _order,
    takenAtMs: _takenAtMs,
    ...delivery
  } = newDelivery({
    id,
    to: 'chat',
    lane,
    order: 0,
    author: person,
    takenAtMs: 0,
    repeatable,
  });
  return { delivery, content: JSON.stringify(content) };
}
