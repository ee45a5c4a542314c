import type { ChatterAnswer } from './chatter-answer.ts';
import type { Arrived, Delivery } from './delivery.ts';
import { DeliveryError } from './delivery-error.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { Destination, Outcome } from './destination.ts';
import type { MirrorEnd } from './mirror-end.ts';
import type { MirrorLog } from './mirror-log.ts';
import type { Say } from './note.ts';
import type { ChatContent, ChatOperation, OutboxEntry } from './outbox.ts';
import {
  BRIDGE,
  type ChatMessageId,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type LaneKey,
} from './people.ts';
import type { ChatNotes, ChatThreads, NotePlace, PostedNote } from './ports.ts';
import type { Shown } from './show-answer.ts';
import type { Timing } from './timing.ts';

export interface ToChatOptions {
  log: DeliveryLog;
  mirrors: Pick<MirrorLog, 'find' | 'end'>;
  mirrorEnd: Pick<MirrorEnd, 'end'>;
  notes: ChatNotes;
  threads: Pick<ChatThreads, 'restAfter'>;
  showAnswer: (delivery: Delivery, answer: ChatterAnswer, isLate: boolean) => Promise<Shown>;
  timing: Pick<Timing, 'markMs'>;
  now: () => number;
}

/**
 * What the bridge says to chat people, as a destination. The same protocol as towards Chatter, with an exact marker
 * (the delivery's id) instead of a text to look for; and where a repetition does no harm, nothing is looked for.
 */
export function createToChat(o: ToChatOptions): Destination {
  return {
    steps: {
      taken: 'outbox.taken',
      begun: 'slack.intent',
      answered: 'slack.answered',
      looked: 'slack.searched',
      stored: 'slack.cleared',
    },

    async prepare(delivery, json, late) {
      const content = readContent(json);
      if (content.entry.kind === 'answer-in-thread') {
        const shown = await o.showAnswer(delivery, content.entry.answer, late);
        if (!shown) return undefined;
        const prepared: ChatContent = { ...content, ...shown };
        return { content: JSON.stringify(prepared), parts: shown.pieces.length, repeatable: false };
      }
      const op = await operationOf(content, content.entry, o);
      if (!op) return undefined;
      return {
        content: JSON.stringify({ ...content, op } satisfies ChatContent),
        parts: 1,
        repeatable: op.do !== 'say',
      };
    },

    pairOf: async () => undefined,
    textOf: () => '',
    base: (delivery) => ({ sinceMs: delivery.takenAtMs, known: [] }),
    baseline: async () => ({ sinceMs: 0, known: [] }),

    async post(delivery, json, _pair, watch) {
      const content = readContent(json);
      const op = operationOfPart(content, delivery);
      await watch.guard();
      if (op.do === 'say') {
        const posted = await say(place(content, op), op.say, markerOf(delivery));
        await watch.step('slack.sent');
        return arrived(posted, o.now());
      }
      if (op.do === 'change') await o.notes.change(op.message, op.say, op.thread);
      if (op.do === 'mark' && !(await isLeftOut(delivery, o))) {
        await o.notes.markDelivered(op.message, op.thread);
      }
      if (op.do === 'answer') await o.notes.answer(op.handle, op.say);
      await watch.step('slack.sent');
      return { id: op.do === 'answer' ? delivery.id : op.message, conversation: '', atMs: o.now() };
    },

    async look(delivery, json) {
      const content = readContent(json);
      const op = operationOfPart(content, delivery);
      if (op.do !== 'say') return undefined;
      const found = await o.notes.find(place(content, op), markerOf(delivery));
      return found && { arrived: arrived(found, o.now()) };
    },

    lookForGhost: async () => undefined,

    outcome(after, effects, json): Outcome {
      const acknowledged = effects.some((effect) => effect.do === 'acknowledge');
      return { outbox: [], ...(acknowledged && json !== undefined && learned(after, readContent(json))) };
    },
  };

  /** Where a thread cannot be written in any more, its mirror rests. */
  async function say(to: NotePlace, what: Say, marker: DeliveryId): Promise<PostedNote> {
    try {
      return await o.notes.say(to, what, marker);
    } catch (error) {
      const rest = error instanceof DeliveryError ? o.threads.restAfter(error.code) : undefined;
      if (rest && to.person === BRIDGE && to.thread) {
        await o.mirrorEnd.end(to.thread, { state: 'resting', rest });
      }
      throw error;
    }
  }
}

/** A chat platform takes some marks a minute, and people look at the last of a thread. Asked anew at each try. */
async function isLeftOut(
  { id, lane, takenAtMs }: Delivery,
  { log, timing, now }: ToChatOptions,
): Promise<boolean> {
  return now() - takenAtMs > timing.markMs && (await log.last(lane)) !== id;
}

/**
 * What an entry comes down to now; undefined: nothing is to be said any more. The first word in a thread opens it, the first
 * notice of a delivery is posted.
 */
async function operationOf(
  content: ChatContent,
  entry: Exclude<OutboxEntry, { kind: 'answer-in-thread' }>,
  { log, mirrors }: Pick<ToChatOptions, 'log' | 'mirrors'>,
): Promise<ChatOperation | undefined> {
  switch (entry.kind) {
    case 'answer':
      return { do: 'answer', handle: entry.handle, say: entry.say };
    case 'mark':
      return { do: 'mark', message: entry.message, ...(entry.thread && { thread: entry.thread }) };
    case 'say':
      return { do: 'say', say: entry.say, ...(entry.thread !== undefined && { thread: entry.thread }) };
    case 'conversation': {
      const thread = await log.threadOf(entry.pair, content.person);
      const { people, text, link } = entry;
      if (thread) return { do: 'say', thread, say: { words: 'line', text } };
      return { do: 'say', say: { words: 'root', people, text, ...(link !== undefined && { link }) } };
    }
    case 'mirror-opened': {
      const { openedBy, thread, say } = entry;
      const mirror = await mirrors.find(thread);
      // Stopped before it had begun.
      const isLive = mirror?.openedBy === openedBy && mirror.state === 'live';
      return isLive ? { do: 'say', thread, say } : undefined;
    }
    case 'mirror-refused': {
      const { openedBy, thread, sentence } = entry;
      await mirrors.end(thread, { state: 'refused' }, openedBy);
      return { do: 'say', say: { words: 'not-mirrored', thread, sentence } };
    }
    case 'notice': {
      const note = await log.note(entry.about);
      const say = await withAll(entry.say, content.person, log);
      if (note) return { do: 'change', message: note.message, say, thread: note.thread };
      const thread = entry.thread ?? (entry.pair && (await log.threadOf(entry.pair, content.person)));
      return { do: 'say', say, ...(thread && { thread }) };
    }
  }
}

/** A failure that is not the only one of this person offers to decide about all of them. */
async function withAll(say: Say, person: ChatPersonId, log: DeliveryLog): Promise<Say> {
  if (say.words !== 'failed') return say;
  const all = await log.countDead(person);
  return all.count > 1 ? { ...say, all } : say;
}

/** Where the note went is remembered: replies in a new root belong to its pair, a notice is changed in place. */
function learned(after: Delivery, content: ChatContent): Omit<Outcome, 'outbox'> {
  const { entry, op, person } = content;
  if (op?.do !== 'say' || !after.arrived) return {};
  const thread = after.arrived.conversation as ChatThreadId;
  if (entry.kind === 'conversation' && op.say.words === 'root') {
    return { threadLink: { thread, link: { v: 1, person, lane: entry.lane, pair: entry.pair } } };
  }
  if (entry.kind === 'answer-in-thread' && op.say.words === 'opened') {
    const { pair } = entry.answer;
    // Replies in it have a lane of their own, as nobody was addressed to begin with.
    return { threadLink: { thread, link: { v: 1, person, lane: `opened-${pair}` as LaneKey, pair } } };
  }
  if (entry.kind === 'mirror-opened') {
    return { note: { about: entry.openedBy, message: after.arrived.id as ChatMessageId, thread } };
  }
  if (entry.kind === 'notice') {
    return { note: { about: entry.about, message: after.arrived.id as ChatMessageId, thread } };
  }
  return {};
}

function readContent(json: string): ChatContent {
  const content = JSON.parse(json) as ChatContent;
  if (content.v !== 1) throw new Error(`content version ${String(content.v)} is newer than this program`);
  return content;
}

/** What the current part of a note comes down to: the pieces after the first are further lines of its thread. */
function operationOfPart({ op, pieces }: ChatContent, { part, arrived }: Delivery): ChatOperation {
  if (!op) throw new Error('the note was not prepared');
  const text = pieces?.[part];
  if (part === 0 || text === undefined || op.do !== 'say') return op;
  const { say } = op;
  if (say.words !== 'answer' && say.words !== 'opened') return op;
  const thread = op.thread ?? (arrived?.conversation as ChatThreadId);
  return { do: 'say', thread, say: { words: 'answer', from: say.from, text } };
}

/** By which a note is found again: each piece has its own. */
const markerOf = ({ id, part }: Delivery): DeliveryId => (part === 0 ? id : (`${id}-${part}` as DeliveryId));

const place = (content: ChatContent, op: ChatOperation & { do: 'say' }): NotePlace => ({
  person: content.person,
  ...(op.thread && { thread: op.thread }),
});

const arrived = (note: PostedNote, atMs: number): Arrived => ({
  id: note.message,
  conversation: note.thread,
  atMs,
});
