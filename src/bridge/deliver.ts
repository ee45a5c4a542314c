import { type Applied, type ApplyOptions, createApply, type Hand, pairOf } from './apply.ts';
import type { Delivery, DeliveryEvent, Refusal } from './delivery.ts';
import { ended } from './delivery.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Claim } from './delivery-log.ts';
import type { Found } from './destination.ts';
import type { FairShare } from './fair-share.ts';
import type { Held } from './gate.ts';
import { readable, unforeseen } from './obstacles.ts';
import type { DeliveryId } from './people.ts';
import { createRevisions, type DeletePolicy } from './revisions.ts';
import { newEnoughMs } from './settle.ts';
import { isWatched } from './watch.ts';

/** One run of a delivery's job by one worker. */
export interface Run {
  id: DeliveryId;
  /** Unique to this run, so that a former run of the same job can never write. */
  token: string;
  /** Makes sure that the job's lock is fresh. @returns false when it is lost. */
  hold(): Promise<boolean>;
  /** Throws when bytes may no longer leave (see Timing). */
  guard(): void | Promise<void>;
}

/** What the queue does with the job now. */
export type Verdict =
  | { kind: 'done' }
  | { kind: 'failed'; code: string }
  | { kind: 'park' }
  /** `version`: of the delivery when this was decided; a press on a button may have come since. */
  | { kind: 'wait'; forMs: number; version?: number };

export interface DeliverOptions extends ApplyOptions {
  /** 0 to 1. */
  random: () => number;
  share: FairShare;
  /** Absent: `note`. */
  deletePolicy?: DeletePolicy;
  /** Tells the author, once a closing, that a gate keeps back what they write. Called at each meeting. */
  sayPaused: (delivery: Pick<Delivery, 'author' | 'notification'>, held: Held) => Promise<void>;
}

/** Another delivery of the same pair has an open intent: look again this much later. */
const PAIR_BUSY_MS = 1_000;

/**
 * Carries one delivery as far as it goes now: claim, prepare, begin, post, and look before anything is posted again.
 * Decides nothing itself: every decision is `next`'s. Everything it learns is stored before it acts on it.
 */
export function createDeliver(o: DeliverOptions): (run: Run) => Promise<Verdict> {
  const { log, destination, timing, step } = o;
  const steps = destination.steps;
  const apply = createApply(o);
  const revisions = createRevisions({ ...o, deletePolicy: o.deletePolicy ?? 'note' });

  return async function deliver(run) {
    const claim = await log.claim(run.id, run.token, timing.gatherMs);
    if (claim.kind === 'park') return { kind: 'park' };
    if (claim.kind === 'wait') return { kind: 'wait', forMs: claim.forMs };
    if (claim.kind === 'ended') return claim.failed ? { kind: 'failed', code: 'failed' } : { kind: 'done' };
    await step(steps.taken);
    const { author } = claim.delivery;
    const startedMs = o.now();
    const awayMs = o.share.enter(author, startedMs);
    if (awayMs !== undefined) return { kind: 'wait', forMs: awayMs };
    try {
      return await carry(run, claim, startedMs);
    } finally {
      o.share.leave(author, startedMs, o.now());
    }
  };

  async function carry(run: Run, claim: Claim & { kind: 'go' }, startedMs: number): Promise<Verdict> {
    const clock = () => claim.nowMs + (o.now() - startedMs);
    const { delivery, content, revisedBy } = claim;
    const hand: Hand = { delivery, content, pair: undefined, revisedBy };
    const go: Go = { must: claim.must, late: claim.late, lostAtMs: claim.redisSinceMs + timing.lockMs };
    // What had begun before Redis was restored may have gone on since, part after part, and all that is forgotten.
    // Then the last loss is not the one that is stored, either.
    if (claim.must && hand.delivery.phase !== 'queued' && !isWatched(hand.delivery)) {
      const lostAtMs = Math.max(hand.delivery.lostAtMs ?? 0, Math.min(go.lostAtMs, clock()));
      hand.delivery = { ...hand.delivery, must: true, lostAtMs };
    }
    if (hand.delivery.phase === 'begun') {
      const applied = await apply(hand, { type: 'takenOver', atMs: clock() }, run.token);
      if (applied === 'fenced') return { kind: 'done' };
      await step('unknown.marked');
    }
    for (;;) {
      const verdict = waits(hand.delivery, clock());
      if (verdict) {
        if (hand.delivery.phase === 'settling') await step('settle.waiting');
        return verdict;
      }
      const turn = await revisions.turn(hand.delivery, hand.content, clock());
      if (typeof turn === 'object') return { kind: 'wait', forMs: turn.waitMs };
      const went =
        turn === 'done'
          ? await apply(hand, { type: 'deleted' }, run.token)
          : await onward(hand, run, clock, go);
      if (went === 'fenced') return { kind: 'done' };
      if (went === 'pair-busy') return { kind: 'wait', forMs: PAIR_BUSY_MS };
    }
  }

  function waits(d: Delivery, nowMs: number): Verdict | undefined {
    if (ended(d.phase) && !isWatched(d)) {
      return d.phase === 'failed' ? { kind: 'failed', code: d.failure?.code ?? 'failed' } : { kind: 'done' };
    }
    const holdEndsMs = d.waiting && !d.aside ? d.waiting.sinceMs + timing.holdMs : Number.POSITIVE_INFINITY;
    if (holdEndsMs <= nowMs) return undefined;
    if (d.phase === 'uncertain' && d.wakeAtMs === undefined) {
      return holdEndsMs === Number.POSITIVE_INFINITY
        ? { kind: 'failed', code: 'uncertain' }
        : { kind: 'wait', forMs: holdEndsMs - nowMs, version: d.version };
    }
    const dueMs = Math.min(d.wakeAtMs ?? 0, holdEndsMs);
    return dueMs > nowMs ? { kind: 'wait', forMs: dueMs - nowMs, version: d.version } : undefined;
  }

  /** `must`: written before Redis was restarted or restored, and not looked for since, whatever was tried before. */
  type Go = { must: boolean; late: boolean; lostAtMs: number };

  async function onward(hand: Hand, run: Run, clock: () => number, go: Go): Promise<Applied> {
    const d = hand.delivery;
    const isHoldOver = d.waiting && !d.aside && d.waiting.sinceMs + timing.holdMs <= clock();
    if (isHoldOver && d.phase !== 'begun') {
      hand.pair ??= await pairOf(hand, o);
      return apply(hand, { type: 'holdOver', atMs: clock() }, run.token);
    }
    if (d.phase === 'queued') return begin(hand, run, clock, go);
    if (d.phase === 'begun') return post(hand, run, clock);
    // What turns up just after Redis was restored may be another's that it has forgotten: that one looks first.
    if (isWatched(d) && go.must)
      return apply(hand, { type: 'looked', found: undefined, atMs: clock() }, run.token);
    return look(hand, run, clock, go);
  }

  async function begin(hand: Hand, run: Run, clock: () => number, go: Go): Promise<Applied> {
    try {
      // What may have been sent, and that forgotten, is looked for as it was.
      const changed = go.must ? undefined : await revisions.takeOver(hand, run.token);
      if (changed) return changed;
      const content = await prepare(hand, go.late);
      if (content === undefined) return apply(hand, { type: 'deleted' }, run.token);
      // Here nothing is in doubt yet; behind an intent it would be, if this process died.
      await destination.ready?.(content);
      const { must, lostAtMs } = go;
      const base = destination.base(hand.delivery, hand.pair, must);
      let applied = await apply(hand, { type: 'begin', base, must, lostAtMs, atMs: clock() }, run.token);
      if (applied === 'same') {
        const read = await destination.baseline(content);
        await step('base.read');
        applied = await apply(hand, { type: 'begin', base: read, must, lostAtMs, atMs: clock() }, run.token);
      }
      if (applied === 'stored') {
        // What this run does from here on is known to it, and stored in the present epoch.
        if (hand.delivery.phase !== 'queued') go.must = false;
        // Between parts the intent follows an acknowledgement.
        await step(hand.delivery.part > 0 ? 'ack.begun' : steps.begun);
      }
      return applied;
    } catch (error) {
      if (error instanceof DeliveryError) {
        const applied = await apply(hand, refusedBy(error, clock()), run.token);
        await heard(hand, error);
        return applied;
      }
      // A message that trips over a mistake in this program must not hold its lane for ever without a word.
      await apply(hand, refusedBy(unforeseen(error), clock()), run.token);
      throw error;
    }
  }

  /** Looks up once what sending needs; what is frozen with an intent is never made again. */
  async function prepare(hand: Hand, wentLate: boolean): Promise<string | undefined> {
    const d = hand.delivery;
    if (d.parts > 0) hand.pair = await pairOf(hand, o);
    const content = readable(hand);
    if (d.parts > 0) return content;
    const late = d.late || wentLate;
    const prepared = await destination.prepare(d, content, late);
    if (!prepared) return undefined;
    hand.pair = prepared.pair;
    hand.content = prepared.content;
    hand.delivery = {
      ...d,
      late,
      parts: prepared.parts,
      repeatable: prepared.repeatable,
      ...(prepared.pair && { pair: prepared.pair.key }),
    };
    return prepared.content;
  }

  async function post(hand: Hand, run: Run, clock: () => number): Promise<Applied> {
    if (!(await run.hold())) return 'fenced';
    const { part } = hand.delivery;
    try {
      hand.pair ??= await pairOf(hand, o);
      const watch = { guard: run.guard, step };
      const arrived = await destination.post(hand.delivery, readable(hand), hand.pair, watch);
      await step(steps.answered);
      const applied = await apply(hand, { type: 'accepted', arrived, atMs: clock() }, run.token);
      if (applied === 'fenced') await witness(hand, { type: 'witnessed', arrived, part, atMs: clock() });
      return applied;
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      if (error.certain) {
        await step('refused.answered');
        const applied = await apply(hand, refusedBy(error, clock()), run.token);
        await step('nopost.done');
        await heard(hand, error);
        return applied;
      }
      const applied = await apply(
        hand,
        { type: 'lost', how: error.lost ?? 'broken', atMs: clock() },
        run.token,
      );
      await step('unknown.marked');
      await heard(hand, error);
      return applied;
    }
  }

  async function look(hand: Hand, run: Run, clock: () => number, go: Go): Promise<Applied> {
    const asOfMs = clock();
    let found: Found | undefined;
    try {
      hand.pair ??= await pairOf(hand, o);
      const dueMs = newEnoughMs(hand.delivery, asOfMs, timing);
      // What a restored Redis has forgotten may have been posted after any reading from before.
      const sinceRestartMs = Math.max(dueMs, Math.min(go.lostAtMs, asOfMs));
      // Redis's clock is what all machines share; what was read when is known by our own.
      const ownMs = sinceRestartMs - (asOfMs - o.now());
      const lookFor = isWatched(hand.delivery) ? destination.lookForGhost : destination.look;
      found = await lookFor(hand.delivery, readable(hand), hand.pair, ownMs);
    } catch (error) {
      const known = error instanceof DeliveryError ? error : undefined;
      const event: DeliveryEvent = {
        type: 'unreadable',
        atMs: clock(),
        ...(known?.retry.kind === 'after' && { retryAfterMs: known.retry.ms }),
        ...(known?.held && { isHeld: true }),
      };
      const applied = await apply(hand, event, run.token);
      // A mistake in this program is no reason to look for ever, and to hold the lane for as long.
      if (!known) throw error;
      // What was sent, or waits for a decision, is looked for on the side: nobody is kept waiting by that.
      if (hand.delivery.phase === 'settling') await heard(hand, known);
      return applied;
    }
    await step(steps.looked);
    await step(found ? 'recover.found' : 'recover.absent');
    const event: DeliveryEvent = { type: 'looked', found: found?.arrived, atMs: clock(), asOfMs };
    const applied = await apply(hand, found?.ghost ? { ...event, ghost: found.ghost } : event, run.token);
    if (hand.delivery.phase === 'begun') await step('reintent.done');
    if (hand.delivery.phase === 'uncertain') await step('uncertain.stored');
    return applied;
  }

  /** After the state is stored: a note that is lost here is said at the next meeting with that gate. */
  async function heard({ delivery }: Hand, { held }: DeliveryError): Promise<void> {
    if (held?.isLong && delivery.to === 'chatter') await o.sayPaused(delivery, held);
  }

  function refusedBy(error: DeliveryError, atMs: number): DeliveryEvent {
    const refusal: Refusal = {
      code: error.code,
      sentence: error.sentence,
      kind: error.retry.kind === 'never' ? 'permanent' : 'passing',
      ...(error.retry.kind === 'after' && { afterMs: error.retry.ms }),
      ...(error.waitsFor && { waitsFor: error.waitsFor }),
      ...(error.held && { isHeld: true }),
    };
    return { type: 'refused', error: refusal, atMs, jitter: o.random() };
  }

  /** Our POST was answered, yet the delivery is not ours any more: its id is proof all the same. */
  async function witness(hand: Hand, event: DeliveryEvent): Promise<void> {
    const read = await log.read(hand.delivery.id);
    if (!read) return;
    const now: Hand = { delivery: read.delivery, content: hand.content, pair: undefined };
    now.pair = await pairOf(now, o);
    const applied = await apply(now, event);
    // Writing without a run ends the one in hand: somebody has to go on.
    if (applied === 'stored' && !ended(now.delivery.phase))
      await o.bell.ring(now.delivery.to, now.delivery.id);
  }
}
