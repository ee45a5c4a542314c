import type { Delivery } from '../../../src/bridge/delivery.ts';
import type { Pair } from '../../../src/bridge/pair.ts';
import { type Timing, timing } from '../../../src/bridge/timing.ts';
import type { Scenario } from './scenario.ts';

/**
 * Time in the model: nothing is waited for, and everything that is waited for may come at any moment from now on. So
 * there is one moment, `NOW_MS`, and one when all patience is over. What clocks say about messages in Salesforce is
 * their place among all that were stored.
 */
export const NOW_MS = 0;
export const PATIENCE_OVER_MS = 10;

export function timingOf({ looks, mostPosts }: Scenario): Timing {
  const noWaits = Array.from({ length: looks }, () => NOW_MS);
  return {
    lockMs: 0,
    stalledCheckMs: 0,
    parkMs: 0,
    gatherMs: 0,
    quietMs: 0,
    watchEveryMs: [NOW_MS],
    lookAfterMs: { broken: noWaits, silent: noWaits },
    slowLookMs: { first: 0, most: 0, forMs: 1 },
    backOffMs: { first: 0, most: 0 },
    giveUpMs: Number.POSITIVE_INFINITY,
    holdMs: 0,
    markMs: 0,
    mostPosts,
    // Gates and the budget of readings only make things wait.
    gates: timing.gates,
    reads: timing.reads,
    reading: timing.reading,
  };
}

/** Without what only counts or only says when; fields in one order, so that equal ones are written equally. */
export function essenceOf(delivery: Delivery): Delivery {
  const { shownAt: _shownAt, wakeAtMs, lostAtMs, waiting, ...rest } = delivery;
  return inOrder({
    ...rest,
    tryingSinceMs: NOW_MS,
    tries: 0,
    // Once it is uncertain its looks only become rarer.
    looks: rest.phase === 'uncertain' ? 0 : rest.looks,
    ...(wakeAtMs !== undefined && { wakeAtMs: NOW_MS }),
    ...(lostAtMs !== undefined && { lostAtMs: NOW_MS }),
    ...(waiting && { waiting: { ...waiting, sinceMs: NOW_MS } }),
  });
}

export const essenceOfPair = (pair: Pair): Pair => inOrder(pair);

/** Every field that was ever seen, sorted. */
let fields: string[] = [];

function inOrder<T extends object>(value: T): T {
  const given = value as Record<string, unknown>;
  for (const field in given) if (!fields.includes(field)) fields = [...fields, field].sort();
  const ordered: Record<string, unknown> = {};
  for (const field of fields) if (given[field] !== undefined) ordered[field] = given[field];
  return ordered as T;
}
