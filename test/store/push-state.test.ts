import { describe, expect, it } from 'vitest';
import type { ReplayId } from '../../src/bridge/people.ts';
import { createPushState } from '../../src/store/push-state.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const LEASE_MS = 300;
const [first, second] = ['AAE=', 'AAI='] as ReplayId[] as [ReplayId, ReplayId];

async function open() {
  const { redis, keys } = await openLog(server);
  return { redis, keys, state: createPushState(redis, keys, LEASE_MS) };
}

describe('the lease', () => {
  it('is one of many who want it', async () => {
    const { state } = await open();
    const taken = await Promise.all(['a', 'b', 'c'].map((lease) => state.take(lease)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('is free when it was released, and not by somebody else', async () => {
    const { state } = await open();
    await state.take('a');
    await state.release('b');
    expect(await state.take('b')).toBe(false);
    await state.release('a');
    expect(await state.take('b')).toBe(true);
  });

  it('ends by itself, unless it is kept', async () => {
    const { state } = await open();
    await state.take('a');
    const startedMs = performance.now();
    await expect.poll(() => state.take('b'), { interval: 10 }).toBe(true);
    expect(performance.now() - startedMs).toBeGreaterThan(LEASE_MS - 50);
    expect(await state.keep('a', true)).toBe(false);
    expect(await state.keep('b', true)).toBe(true);
  });

  it('is not held for longer because the clock was set back', async () => {
    const { state, redis, keys } = await open();
    await state.take('a');
    await redis.hset(
      keys.push,
      'heldUntilMs',
      Date.now() + 3_600_000,
      'aliveUntilMs',
      Date.now() + 3_600_000,
    );
    expect(await state.aliveUntilMs()).toBe(0);
    expect(await state.take('b')).toBe(true);
  });
});

describe('the place in the stream', () => {
  it('is written by the holder only, and outlasts the lease', async () => {
    const { state } = await open();
    expect(await state.replayId()).toBeUndefined();
    await state.take('a');
    expect(await state.remember('a', first)).toBe(true);
    expect(await state.remember('b', second)).toBe(false);
    await state.release('a');
    expect(await state.remember('a', second)).toBe(false);
    expect(await state.replayId()).toBe(first);
  });

  it('is forgotten when it is refused', async () => {
    const { state } = await open();
    await state.take('a');
    await state.remember('a', first);
    expect(await state.remember('a', undefined)).toBe(true);
    expect(await state.replayId()).toBeUndefined();
  });
});

describe('push', () => {
  it('is alive as long as its holder says so', async () => {
    const { state } = await open();
    await state.take('a');
    expect(await state.aliveUntilMs()).toBe(0);
    await state.keep('a', true);
    const until = await state.aliveUntilMs();
    expect(until).toBeGreaterThan(0);
    await state.keep('a', false);
    expect(await state.aliveUntilMs()).toBe(0);
    await state.keep('a', true);
    await expect.poll(() => state.aliveUntilMs(), { interval: 10 }).toBe(0);
  });

  it('is not alive because a holder before was', async () => {
    const { state } = await open();
    await state.take('a');
    await state.keep('a', true);
    await state.release('a');
    expect(await state.aliveUntilMs()).toBe(0);
    await state.take('b');
    expect(await state.aliveUntilMs()).toBe(0);
  });
});
