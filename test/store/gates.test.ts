import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/bridge/gate.ts';
import type { Scope } from '../../src/bridge/people.ts';
import { createGateStore } from '../../src/store/gates.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const [one, other] = ['one', 'other'] as Scope[] as [Scope, Scope];
const counting: Gate = { v: 1, reason: 'away', failures: 1, closings: 0, untilMs: 0, probeUntilMs: 0 };
const closed: Gate = { ...counting, reason: 'org-limit', closings: 1, sinceMs: 5, untilMs: 10 };

async function open() {
  const { redis, keys } = await openLog(server);
  return { redis, keys, store: createGateStore(redis, keys) };
}

describe('gates in Redis', () => {
  it('are read together, with the time of Redis', async () => {
    const { store } = await open();
    await store.swap(other, undefined, closed);
    const read = await store.read([one, other]);
    expect(read.gates).toEqual([undefined, closed]);
    expect(Math.abs(read.nowMs - Date.now())).toBeLessThan(10_000);
  });

  it('change only from what was read, so that of several one goes first', async () => {
    const { store } = await open();
    await store.swap(one, undefined, closed);
    const probing = { ...closed, probeUntilMs: 20 };
    const swaps = await Promise.all([1, 2, 3].map(() => store.swap(one, closed, probing)));
    expect(swaps.filter(Boolean)).toHaveLength(1);
    expect(await store.swap(one, closed, undefined)).toBe(false);
    expect(await store.swap(one, probing, undefined)).toBe(true);
    expect((await store.read([one])).gates).toEqual([undefined]);
  });

  it('do not stay for ever: a row of failures for minutes, a closed one for a day', async () => {
    const { store, redis, keys } = await open();
    await store.swap(one, undefined, counting);
    await store.swap(other, undefined, closed);
    const [short = 0, long = 0] = await Promise.all(
      [one, other].map((scope) => redis.pttl(keys.gate(scope))),
    );
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThanOrEqual(600_000);
    expect(long).toBeGreaterThan(24 * 3_600_000);
  });
});
