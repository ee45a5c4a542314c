import { answerId, answerLane, type ChatterAnswer } from './chatter-answer.ts';
import { excerptOf } from './chatter-content.ts';
import { type Delivery, newDelivery, type Telling } from './delivery.ts';
import type { NewEntry } from './delivery-log.ts';
import type { Held } from './gate.ts';
import type { Incoming } from './message.ts';
import type { Say } from './note.ts';
import type {
  AnswerHandle,
  ChatMessageId,
  ChatPersonId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  PairKey,
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
  | { kind: 'mark'; message: ChatMessageId }
  /** Shows what was written in Chatter in the thread of its conversation, or opens one for it. */
  | { kind: 'answer-in-thread'; answer: ChatterAnswer }
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
  | { do: 'change'; message: ChatMessageId; say: Say }
  | { do: 'answer'; handle: AnswerHandle; say: Say }
  | { do: 'mark'; message: ChatMessageId };

/** An entry about a delivery. Its id follows from the delivery's state, so that storing twice makes one. */
export function outboxEntry(about: Delivery, what: Telling, entry: OutboxEntry): NewEntry {
  return entryFor(
    `${about.id}-${what}-${about.version + 1}-${entry.kind}` as DeliveryId,
    about.author,
    laneFor(about, entry),
    entry,
  );
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

/** Answers a command that was withdrawn after nobody could say whether it was stored. */
export function withdrawnEntry(id: DeliveryId, person: ChatPersonId, handle: AnswerHandle): NewEntry {
  const entry: OutboxEntry = { kind: 'answer', handle, say: { words: 'withdrawn' } };
  return entryFor(`${id}-withdrawn` as DeliveryId, person, `answer-${id}` as LaneKey, entry);
}

/** What a person reads in their conversation with the app stays in order; answers and marks wait for nobody. */
function laneFor(about: Delivery, entry: OutboxEntry): LaneKey {
  if (entry.kind === 'answer') return `answer-${about.id}` as LaneKey;
  if (entry.kind === 'mark') return `mark-${about.id}` as LaneKey;
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
