import type { ChatterAnswer } from './chatter-answer.ts';
import { pairKey } from './chatter-content.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryError } from './delivery-error.ts';
import type { DeliveryLog, TextMarks } from './delivery-log.ts';
import { type Judgement, judge } from './echo.ts';
import type { Mirror } from './mirror.ts';
import type { MirrorLog } from './mirror-log.ts';
import { isWithin } from './mirror-span.ts';
import type { Speaker } from './note.ts';
import { type ChatOperation, chatLane } from './outbox.ts';
import type { Pair } from './pair.ts';
import { BRIDGE, type ChatThreadId, type PairKey } from './people.ts';
import type { ChatNotes, ChatPeople, SalesforceDirectory } from './ports.ts';
import { comparable } from './same-text.ts';
import type { Step } from './steps.ts';
import type { Timing } from './timing.ts';
import type { Witness } from './witness.ts';

export interface ShowAnswerOptions {
  log: DeliveryLog;
  mirrors: Pick<MirrorLog, 'writers' | 'lastOf'>;
  marks: TextMarks;
  notes: Pick<ChatNotes, 'pieces'>;
  people: Pick<ChatPeople, 'nameByEmail'>;
  directory: Pick<SalesforceDirectory, 'emailOf'>;
  witness: Witness;
  link: (pair: Pair) => string;
  timing: Timing;
  now: () => number;
  step: Step;
}

/** What an answer comes down to: a note and the pieces of its text; undefined: it is our own, and shown already. */
export type Shown = { op: ChatOperation & { do: 'say' }; pieces: readonly string[] } | undefined;

/**
 * Judged when its turn has come, not when it was read: by then the POST that it may be the echo of has an outcome, or
 * it waits for that here, and what was written after it waits behind it.
 */
export function createShowAnswer(o: ShowAnswerOptions) {
  const { heldMs, lateMs } = o.timing.reading;

  return async (delivery: Delivery, answer: ChatterAnswer, isLate: boolean): Promise<Shown> => {
    const pair = await o.log.pair(answer.pair);
    // Forgotten since it was read: it belongs to no thread any more. Or its reader has opted out since.
    if (!pair || (await o.log.person(delivery.author)).optedOut) return undefined;
    const isMirrored = delivery.author === BRIDGE;
    const mirror = isMirrored ? await o.mirrors.lastOf(pair.key) : undefined;
    if (isMirrored && !mirror) return undefined;
    const isOwn = answer.sender === pair.sender;
    const sent = isMirrored && !isOwn ? await o.log.pair(pairOfSender(answer, pair)) : pair;
    if ((isOwn || isMirrored) && sent && (await isOurs(delivery, answer, sent))) return undefined;
    const thread = mirror ? await threadOf(mirror, delivery, answer) : await threadFor(delivery, pair);
    if (!thread && mirror) return undefined;
    const from = await speaker(answer, isOwn && !isMirrored);
    const [first = '', ...rest] = o.notes.pieces(answer.text);
    const said = {
      from,
      text: first,
      ...((isLate || o.now() - answer.sentAtMs > lateMs) && { sentAtMs: answer.sentAtMs }),
    };
    const pieces = [first, ...rest];
    if (thread) return { op: { do: 'say', thread, say: { words: 'answer', ...said } }, pieces };
    await o.log.opensThread(delivery.author);
    const opened = { words: 'opened', people: pair.names, link: o.link(pair), ...said } as const;
    return { op: { do: 'say', say: opened }, pieces };
  };

  /** @throws DeliveryError while that is not known. */
  async function isOurs(delivery: Delivery, answer: ChatterAnswer, pair: Pair): Promise<boolean> {
    const { id, sentAtMs } = answer;
    const sighting = { id, atMs: sentAtMs, mark: o.marks.mark(comparable(answer.text)) };
    const isKnown = (await o.log.known(pair.key, [id])).has(id);
    const judged: Judgement = isKnown ? { kind: 'echo' } : judge(pair, sighting, o.marks.same);
    const isPatient = o.now() - delivery.takenAtMs < o.timing.holdMs;
    const mayBe = async () =>
      judged.kind === 'held'
        ? isPatient
        : // What a restored Redis has forgotten is looked for first, however long that is paused: this may be it.
          judged.kind !== 'echo' && (await hasUnlooked(delivery, answer));
    if (await mayBe()) {
      await o.step('inbound.held');
      throw notYet('held', waitMs(delivery));
    }
    if (delivery.wakeAtMs !== undefined) await o.step('held.released');
    if (judged.kind !== 'ghost') return judged.kind !== 'theirs';
    const { ghost } = judged;
    const arrived = { id, conversation: pair.conversation ?? '', atMs: sentAtMs };
    await o.witness(ghost.delivery, arrived, ghost.part, ghost.mark);
    return true;
  }

  /** Of whoever may have written it: in a mirrored thread anybody whose words travel. */
  async function hasUnlooked({ author }: Delivery, { pair }: ChatterAnswer): Promise<boolean> {
    if (author !== BRIDGE) return o.log.hasUnlooked(author);
    const mirror = await o.mirrors.lastOf(pair);
    for (const writer of mirror ? await o.mirrors.writers(mirror.thread) : []) {
      if (await o.log.hasUnlooked(writer)) return true;
    }
    return false;
  }

  /** Of what was written while it was mirrored there; undefined: what was written before or after it is for nobody in chat. */
  async function threadOf(
    mirror: Mirror,
    delivery: Delivery,
    answer: ChatterAnswer,
  ): Promise<ChatThreadId | undefined> {
    const isIts = await isWithin(mirror, answer, o.log);
    if (isIts === 'unknown') throw notYet('mirror-not-known', waitMs(delivery));
    return isIts ? mirror.thread : undefined;
  }

  /** The pair's thread; a new one is opened unless the one that our own message opens is on its way. */
  async function threadFor(delivery: Delivery, pair: Pair): Promise<ChatThreadId | undefined> {
    const thread = await o.log.threadOf(pair.key, delivery.author);
    if (thread) return thread;
    if (await o.log.isEmpty(chatLane(delivery.author))) return undefined;
    throw notYet('thread-not-open', waitMs(delivery));
  }

  async function speaker({ sender, senderName }: ChatterAnswer, isReader: boolean): Promise<Speaker> {
    if (isReader) return { name: senderName, isReader };
    try {
      const email = await o.directory.emailOf(sender);
      return { name: (email && (await o.people.nameByEmail(email))) || senderName };
    } catch (error) {
      // Their name in Chatter will do: nothing is to wait for the other.
      if (error instanceof DeliveryError) return { name: senderName };
      throw error;
    }
  }

  function waitMs({ takenAtMs }: Delivery): number {
    return Math.min(Math.max((o.now() - takenAtMs) / 4, heldMs.first), heldMs.most);
  }
}

/** Whoever takes part in a mirror's conversation sends to all others in it, the bridge's own user among them. */
function pairOfSender({ sender }: ChatterAnswer, { sender: bridge, recipients }: Pair): PairKey {
  return pairKey(
    sender,
    [bridge, ...recipients].filter((id) => id !== sender),
  );
}

function notYet(code: string, ms: number): DeliveryError {
  const sentence = 'It is not known yet where this belongs.';
  return new DeliveryError({ retry: { kind: 'after', ms }, certain: true, code, sentence });
}
