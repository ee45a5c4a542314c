import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../src/store/rate-limit.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();

async function open(most: number, windowMs: number) {
  const { redis, keys, everlasting } = await openLog(server);
  const process = (newId?: () => string) => createRateLimit(redis, keys.apiCalls, { most, windowMs }, newId);
  return { process, redis, keys, everlasting };
}

describe('a rate limit', () => {
  it('is one for all processes, and says when there is room again', async () => {
    const { process } = await open(3, 60_000);
    const [one, other] = [process(), process()];
    expect([await one.take(), await other.take(), await one.take()]).toEqual([0, 0, 0]);
    const freeInMs = await other.take();
    expect(freeInMs).toBeGreaterThan(50_000);
    expect(freeInMs).toBeLessThanOrEqual(60_000);
  });

  it('never lets more through in any stretch of its length, and then as many again', async () => {
    const { process } = await open(3, 1_200);
    const limit = process();
    const taken: number[] = [];
    const untilMs = Date.now() + 3_000;
    while (Date.now() < untilMs) if ((await limit.take()) === 0) taken.push(Date.now());
    expect(taken.length).toBeGreaterThanOrEqual(6);
    // By this process's clock a moment after Redis's.
    for (const [i, atMs] of taken.slice(3).entries()) {
      expect(atMs - (taken[i] ?? 0)).toBeGreaterThan(1_100);
    }
  });

  it('does not count what it refuses', async () => {
    const { process } = await open(1, 800);
    const limit = process();
    await limit.take();
    const fromMs = Date.now();
    // Asking all the time must not push the next free moment away.
    await expect.poll(() => limit.take(), { interval: 20 }).toBe(0);
    expect(Date.now() - fromMs).toBeLessThan(3_000);
  });

  it('counts what is stored twice once, and leaves nothing behind', async () => {
    const { process, redis, keys, everlasting } = await open(5, 60_000);
    const limit = process(() => 'the same');
    for (let i = 0; i < 7; i += 1) expect(await limit.take()).toBe(0);
    expect(await redis.zcard(keys.apiCalls)).toBe(1);
    expect(await everlasting()).toEqual([]);
  });
});
