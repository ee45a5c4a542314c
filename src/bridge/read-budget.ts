import { heldBack } from './gates.ts';
import type { SalesforceUserId, Scope } from './people.ts';
import type { ReadBudget, ReadUse } from './ports.ts';
import type { Timing } from './timing.ts';

/** Counts readings in a rolling window, for all workers together. */
export interface ReadCounter {
  /**
   * Counts one unless `most` of all lie in the window, or `mostPolls` of the polls and this is one.
   * @returns undefined, or when the next one is free.
   */
  count(
    reader: SalesforceUserId,
    use: ReadUse,
    limits: { most: number; mostPolls: number; windowMs: number },
  ): Promise<{ nowMs: number; freeAtMs: number } | undefined>;
  /** How many polls lie in the window now. */
  used(reader: SalesforceUserId, windowMs: number): Promise<number>;
}

/** Who waited for the same is spread over this. */
const SPREAD_MS = 10_000;

/**
 * One budget of readings a person: Salesforce states 60 polls of private messages an hour as the most (Connect guide,
 * rate limits). Whatever else reads leaves a part of it to looking before resending.
 */
export function createReadBudget(o: {
  counter: ReadCounter;
  timing: Timing['reads'];
  /** Closed for that long, people are told. */
  tellAfterMs: number;
  /** 0 to 1: spreads those who wait. */
  random: () => number;
}): ReadBudget {
  const { mostInWindow, reserve, windowMs } = o.timing;
  return {
    async take(reader, use) {
      const limits = { most: mostInWindow, mostPolls: mostInWindow - reserve, windowMs };
      const spent = await o.counter.count(reader, use, limits);
      if (!spent) return;
      const { nowMs, freeAtMs } = spent;
      const leftMs = Math.max(freeAtMs - nowMs, 1);
      const held = {
        scope: `chatter-reads:${reader}` as Scope,
        reason: 'reads-spent',
        // It is spent anew with every reading that becomes free: people hear of it once a window.
        sinceMs: Math.floor(freeAtMs / windowMs) * windowMs,
        untilMs: freeAtMs,
        isLong: leftMs >= o.tellAfterMs,
      } as const;
      throw heldBack(held, Math.ceil(leftMs + Math.min(leftMs / 4, SPREAD_MS) * o.random()));
    },
  };
}
