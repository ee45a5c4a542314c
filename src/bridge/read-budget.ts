import { heldBack } from './gates.ts';
import type { SalesforceUserId, Scope } from './people.ts';
import type { ReadBudget } from './ports.ts';
import type { Timing } from './timing.ts';

/** Counts readings in a rolling window, for all workers together. */
export interface ReadCounter {
  /** Counts one unless `most` of them lie in the window. @returns undefined, or when the next one is free. */
  count(
    reader: SalesforceUserId,
    most: number,
    windowMs: number,
  ): Promise<{ nowMs: number; freeAtMs: number } | undefined>;
}

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
      const most = use === 'look' ? mostInWindow : mostInWindow - reserve;
      const spent = await o.counter.count(reader, most, windowMs);
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
      throw heldBack(held, Math.ceil(leftMs * (1 + o.random() / 4)));
    },
  };
}
