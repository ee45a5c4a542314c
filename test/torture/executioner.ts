import { setTimeout as pause } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import type { Role } from './bridge-process.ts';
import { type Execution, nameOf } from './executions.ts';
import type { Occasions } from './occasion.ts';
import type { Chance } from './seeded.ts';
import { until } from './settled.ts';

export interface Kill {
  readonly role: Role;
  /** `before post.sent`, or `anywhere`. */
  readonly where: string;
  readonly pid: number;
  readonly atMs: number;
}

/** Long enough for a step that comes after silence and all its looks. */
const patienceMs: Partial<Record<string, number>> = { 'uncertain.stored': 60_000 };
const PATIENCE_MS = 12_000;
const TRIES = 3;
const REPLACED_MS = 60_000;
/** What follows a step is cut off somewhere in its first moments. */
const CUT_OFF_MS = 4;

/** Ends processes: at named steps, one after another, and anywhere. */
export class Executioner {
  readonly kills: Kill[] = [];
  readonly standstills: { fromMs: number; toMs: number }[] = [];
  readonly #arena: Arena;
  readonly #occasions: Occasions;
  readonly #chance: Chance;
  /** A standstill ends no sooner than this holds. */
  readonly #mayGoOn: () => boolean;

  constructor(arena: Arena, occasions: Occasions, chance: Chance, mayGoOn: () => boolean = () => true) {
    this.#arena = arena;
    this.#occasions = occasions;
    this.#chance = chance;
    this.#mayGoOn = mayGoOn;
  }

  /** One after another, each with its occasion; a random death in between. Gives those that never came about. */
  async executeAll(executions: readonly Execution[], restMs: number): Promise<Execution[]> {
    const missed: Execution[] = [];
    for (const [i, execution] of executions.entries()) {
      // One is always left to take over: without any there is nothing to see.
      await until(() => this.#arena.fleet.of(execution.role).length > 1, REPLACED_MS);
      if (!(await this.execute(execution))) missed.push(execution);
      await pause(restMs);
      if (i % 4 === 3 && this.#arena.fleet.of(execution.role).length > 1) this.killAnyone(execution.role);
    }
    return missed;
  }

  /** @returns whether somebody came to the step. */
  async execute({ role, step, mode }: Execution): Promise<boolean> {
    const { fleet } = this.#arena;
    const fate = { step, mode, afterMs: this.#chance.whole(0, CUT_OFF_MS) };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const armed = fleet.arm(role, fate, patienceMs[step] ?? PATIENCE_MS);
      await this.#occasions.arrange(step);
      const struck = await armed;
      if (!struck) continue;
      this.#note(role, nameOf({ step, mode }), struck.member.pid);
      if (mode === 'stop') await this.#resumeLater(struck.member);
      return true;
    }
    return false;
  }

  killAnyone(role: Role): void {
    const { fleet } = this.#arena;
    const able = fleet.of(role);
    if (able.length === 0) return;
    const member = this.#chance.pick(able);
    this.#note(role, 'anywhere', member.pid);
    fleet.signal(member, 'SIGKILL');
  }

  /** By where they happened. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { where } of this.kills) counts.set(where, (counts.get(where) ?? 0) + 1);
    return counts;
  }

  /** Longer than the lock and all looks: somebody else has taken over, and has sent it if it was not there. */
  async #resumeLater(member: Parameters<Arena['fleet']['signal']>[0]): Promise<void> {
    const fromMs = Date.now();
    const { lockMs, stalledCheckMs, lookAfterMs } = this.#arena.waits.timing;
    await pause(lockMs + stalledCheckMs + (lookAfterMs.broken.at(-1) ?? 0) + 1_000);
    await until(this.#mayGoOn, REPLACED_MS);
    this.#arena.fleet.signal(member, 'SIGCONT');
    this.standstills.push({ fromMs, toMs: Date.now() });
  }

  #note(role: Role, where: string, pid: number): void {
    this.kills.push({ role, where, pid, atMs: Date.now() });
  }
}
