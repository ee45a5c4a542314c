import type { Arrived, Delivery, DeliveryEvent, Effect, Refusal } from '../../src/bridge/delivery.ts';
import { ended } from '../../src/bridge/delivery.ts';
import { judge } from '../../src/bridge/echo.ts';
import { next } from '../../src/bridge/next.ts';
import { applyToPair, newPair, type Pair, type TextMark } from '../../src/bridge/pair.ts';
import type { ChatterMessageId, SalesforceUserId } from '../../src/bridge/people.ts';
import { isWatched } from '../../src/bridge/watch.ts';
import { pairName, queued, timing } from './deliveries.ts';
import { type Fate, refusalOf } from './fates.ts';

export type Move =
  | { do: 'run'; fate: Fate }
  | {
      do:
        | 'land'
        | 'answer'
        | 'retry'
        | 'discard'
        | 'hold over'
        | 'edit'
        | 'delete'
        | 'restart'
        | 'a day goes by';
    }
  | { do: 'stray' };

interface Stored extends Arrived {
  part: number;
}

/**
 * One delivery, run as deliver.ts runs it, against a target that keeps a list of messages. Whatever happens is
 * checked here only where it can be seen as it happens; the rest is the properties'.
 */
export class SimulatedTarget {
  delivery: Delivery;
  pair: Pair = newPair({ key: pairName, sender: 'ada' as SalesforceUserId, recipients: [], names: [] });
  readonly stored: Stored[] = [];
  readonly history: string[] = [];
  readonly broken: string[] = [];
  /** How often a writer asked for an uncertain part to be sent again. */
  readonly asked: number[] = [0, 0, 0];
  readonly lateCommits: number[] = [0, 0, 0];
  lane: 'own' | 'shared' | 'none' = 'shared';
  erased = false;
  nowMs = 1_000;
  readonly parts: number;
  readonly #flying: number[] = [];
  readonly #answers: Stored[] = [];
  #restarted = false;
  /** Ghosts are kept for a day. */
  #ghostsAreGone = false;
  /** An unknown outcome that was not looked for since. */
  #inDoubt = false;

  constructor(parts: number) {
    this.parts = parts;
    this.delivery = deepFreeze({ ...queued, parts: 0 });
  }

  move(move: Move): void {
    this.nowMs += 100;
    const d = this.delivery;
    if (move.do === 'run') this.#run(move.fate);
    if (move.do === 'land') this.#land();
    if (move.do === 'answer') this.#answer();
    if (move.do === 'restart') this.#restarted = true;
    if (move.do === 'a day goes by') {
      this.nowMs += timing.giveUpMs;
      this.#ghostsAreGone = true;
    }
    if (move.do === 'retry') {
      const { part, phase } = d;
      this.#apply({ type: 'retry', order: this.nowMs * 1_000, atMs: this.nowMs });
      if (phase === 'uncertain') {
        this.asked[part] = (this.asked[part] ?? 0) + 1;
        this.#inDoubt = false;
      }
    }
    if (move.do === 'discard') this.#apply({ type: 'discard', atMs: this.nowMs });
    if (move.do === 'edit') this.#apply({ type: 'edited' });
    if (move.do === 'delete') this.#apply({ type: 'deleted' });
    if (move.do === 'hold over') this.nowMs = Math.max(this.nowMs, this.#holdEndsMs());
    if (move.do === 'stray' && ended(d.phase) && !isWatched(d)) this.#strays();
    this.#check();
  }

  /** From here on everything works, and nobody does anything. */
  settle(): void {
    for (let i = 0; i < 60 && this.#isMoving(); i++) this.move({ do: 'run', fate: 'accepted' });
  }

  copies(part: number): number {
    return this.stored.filter((message) => message.part === part).length;
  }

  /** Everything that is still under way commits now. */
  landAll(): void {
    while (this.#flying.length > 0) this.#land();
  }

  #isMoving(): boolean {
    const { phase, aside, wakeAtMs } = this.delivery;
    if (isWatched(this.delivery)) return true;
    return !ended(phase) && !(phase === 'uncertain' && aside && wakeAtMs === undefined);
  }

  #holdEndsMs(): number {
    const { waiting, aside } = this.delivery;
    return waiting && !aside && Number.isFinite(waiting.sinceMs) ? waiting.sinceMs + timing.holdMs : 0;
  }

  #run(fate: Fate): void {
    if (!this.#isMoving()) return;
    const holdEndsMs = this.#holdEndsMs() || Number.POSITIVE_INFINITY;
    const { phase, wakeAtMs } = this.delivery;
    const dueMs = phase === 'uncertain' && wakeAtMs === undefined ? holdEndsMs : (wakeAtMs ?? 0);
    this.nowMs = Math.max(this.nowMs, Math.min(dueMs, holdEndsMs));
    if (holdEndsMs <= this.nowMs && this.delivery.phase !== 'begun')
      this.#apply({ type: 'holdOver', atMs: this.nowMs });
    else if (isWatched(this.delivery)) this.#watch(fate);
    else if (phase === 'queued') this.#begin(fate);
    else if (phase === 'begun') this.#post(fate);
    else this.#look(fate);
  }

  #begin(fate: Fate): void {
    if (fate.startsWith('crash')) return;
    const refusal = refusalOf(fate);
    if (refusal) {
      this.#refuse(refusal);
      return;
    }
    // Prepared again when the text is to be made anew.
    if (this.delivery.parts === 0) this.delivery = deepFreeze({ ...this.delivery, parts: this.parts });
    const must = this.#restarted && this.delivery.posts === 0;
    // A restored Redis may have forgotten attempts, so what is ours goes back to when the message was written.
    const base = must ? { sinceMs: this.delivery.takenAtMs - 10_000, known: [] } : undefined;
    const begin: DeliveryEvent = { type: 'begin', base, must, atMs: this.nowMs };
    if (this.#apply(begin).some((effect) => effect.do === 'readBaseline')) {
      const known = this.stored.map((message) => message.id);
      this.#apply({ ...begin, base: { sinceMs: this.nowMs - 5_000, known } });
    }
    this.#restarted = false;
  }

  #post(fate: Fate): void {
    if (fate === 'crash before') {
      this.#lose({ type: 'takenOver', atMs: this.nowMs });
      return;
    }
    if (this.#inDoubt) this.broken.push('posted without a look since an unknown outcome');
    if (this.pair.holder !== this.delivery.id) this.broken.push('posted without holding its pair');
    const refusal = refusalOf(fate);
    if (refusal) {
      this.#refuse(refusal);
      return;
    }
    const { part } = this.delivery;
    if (fate.startsWith('late')) {
      this.#flying.push(part);
      this.lateCommits[part] = (this.lateCommits[part] ?? 0) + 1;
    }
    const arrived = /^(accepted|answer|crash|stalled)/.test(fate) ? this.#commit(part) : undefined;
    if (arrived && fate === 'accepted') {
      this.#apply({ type: 'accepted', arrived, atMs: this.nowMs });
    } else if (fate === 'crash after' || fate === 'stalled') {
      if (arrived && fate === 'stalled') this.#answers.push(arrived);
      this.#lose({ type: 'takenOver', atMs: this.nowMs });
    } else {
      this.#lose({ type: 'lost', how: fate.endsWith('silent') ? 'silent' : 'broken', atMs: this.nowMs });
    }
  }

  #look(fate: Fate): void {
    if (fate.startsWith('crash')) return;
    const refusal = refusalOf(fate);
    if (refusal) {
      const unreadable: DeliveryEvent = { type: 'unreadable', atMs: this.nowMs };
      this.#apply(refusal.isHeld ? { ...unreadable, isHeld: true, retryAfterMs: 500 } : unreadable);
      return;
    }
    const { part, must, base } = this.delivery;
    const isKnown = (id: string) => base?.known.includes(id) || this.pair.known.some((k) => k.id === id);
    const seen = this.stored.filter(
      (m) => m.part === part && m.atMs >= (base?.sinceMs ?? 0) && !isKnown(m.id),
    );
    this.#inDoubt = false;
    this.#apply({ type: 'looked', found: must ? seen[0] : seen.at(-1), atMs: this.nowMs });
  }

  /** A look for attempts that were given up. */
  #watch(fate: Fate): void {
    if (fate.startsWith('crash')) return;
    if (refusalOf(fate)) {
      this.#apply({ type: 'unreadable', atMs: this.nowMs });
      return;
    }
    const found = this.stored.find(({ id }) => !this.pair.known.some((known) => known.id === id));
    const event: DeliveryEvent = { type: 'looked', found, atMs: this.nowMs };
    this.#apply(found ? { ...event, ghost: { mark: `part ${found.part}`, part: found.part } } : event);
  }

  #refuse(error: Refusal): void {
    this.#apply({ type: 'refused', error, atMs: this.nowMs, jitter: 0.5 });
  }

  #lose(event: DeliveryEvent): void {
    this.#apply(event);
    this.#inDoubt = this.delivery.phase === 'settling';
  }

  #commit(part: number): Stored {
    const message: Stored = { id: `m${this.stored.length}`, conversation: 'c', atMs: this.nowMs, part };
    this.stored.push(message);
    return message;
  }

  #land(): void {
    const part = this.#flying.shift();
    if (part !== undefined) this.#commit(part);
  }

  #answer(): void {
    const arrived = this.#answers.shift();
    if (arrived) this.#apply({ type: 'witnessed', arrived, part: arrived.part, atMs: this.nowMs });
  }

  /** What a stale run may still say to a delivery that has ended. */
  #strays(): void {
    const before = this.delivery;
    const atMs = this.nowMs;
    this.#apply({ type: 'begin', base: { sinceMs: 0, known: [] }, must: false, atMs });
    this.#apply({ type: 'takenOver', atMs });
    this.#apply({ type: 'accepted', arrived: { id: 'stray', conversation: 'c', atMs }, atMs });
    this.#apply({ type: 'lost', how: 'broken', atMs });
    this.#apply({ type: 'looked', found: { id: 'stray', conversation: 'c', atMs }, atMs });
    this.#apply({ type: 'unreadable', atMs });
    this.#apply({ type: 'holdOver', atMs });
    if (this.delivery !== before) this.broken.push('an ended delivery was moved by a stray event');
  }

  #apply(event: DeliveryEvent): readonly Effect[] {
    const before = this.delivery;
    const { delivery: after, effects } = next(before, deepFreeze(event), timing);
    const mark = `part ${after.part}` as TextMark;
    this.pair = applyToPair(this.pair, after, effects, mark, this.nowMs);
    for (const effect of effects) {
      if (effect.do === 'erase') this.erased = true;
      if (effect.do === 'rejoinLane') this.lane = 'shared';
      if (effect.do === 'leaveLane') {
        if (this.lane === 'none') this.broken.push('left a lane that it was not in');
        this.lane = isWatched(after) || (after.aside && !ended(after.phase)) ? 'own' : 'none';
      }
    }
    const shows = effects.some(
      (e) => e.do === 'tell' && /^(failed|uncertain|waiting|set-aside)$/.test(e.what),
    );
    if (after.told !== before.told + (shows ? 1 : 0)) this.broken.push('notices and their numbers differ');
    if (after.part !== before.part) this.#inDoubt = false;
    this.delivery = deepFreeze(after);
    this.history.push(`${event.type}: ${after.phase} ${JSON.stringify(effects)}`);
    return effects;
  }

  #check(): void {
    const { phase, aside, part } = this.delivery;
    const watch = isWatched(this.delivery);
    const lane = watch ? 'own' : ended(phase) ? 'none' : aside ? 'own' : 'shared';
    if (this.lane !== lane) this.broken.push(`${phase}, but in lane: ${this.lane}`);
    const isOver = (phase === 'sent' || phase === 'discarded') && !watch;
    if (this.erased !== isOver) this.broken.push(`${phase}, erased: ${this.erased}`);
    const holds = this.pair.holder !== undefined;
    if (holds && (ended(phase) || (phase === 'uncertain' && aside)))
      this.broken.push(`${phase}, holds its pair`);
    if (!holds && !this.#ghostsAreGone && this.#readsAsSomebodyElses())
      this.broken.push('our own message would be read as typed by hand');
    const doubted = this.asked[part] || this.lateCommits[part];
    if (phase === 'failed' && this.copies(part) > 0 && !doubted)
      this.broken.push('failed, though it arrived');
  }

  #readsAsSomebodyElses(): boolean {
    let { pair } = this;
    for (const { id, part, atMs } of this.stored) {
      const sighting = { id: id as ChatterMessageId, mark: `part ${part}` as TextMark, atMs };
      const judged = judge(pair, sighting, (a, b) => a === b);
      if (judged.kind === 'theirs') return true;
      // Each ghost stands for one message.
      if (judged.kind === 'ghost')
        pair = { ...pair, ghosts: pair.ghosts.filter((ghost) => ghost !== judged.ghost) };
    }
    return false;
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
