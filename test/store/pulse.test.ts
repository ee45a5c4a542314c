import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createPulse, lossOf } from '../../src/store/pulse.ts';
import { watchRunId } from '../../src/store/run-id.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const isBack = (redis: Redis) =>
  expect.poll(() => redis.ping().catch(() => 'away'), { timeout: 10_000 }).toBe('PONG');

async function open() {
  const { redis, keys } = await openLog(server);
  return { redis, keys, pulse: createPulse(redis, keys, watchRunId(redis)) };
}

describe('the pulse', () => {
  it('beats once a second, however many ask', async () => {
    const { pulse } = await open();
    const first = await pulse.beat();
    expect(first).toMatchObject({ count: 1, epoch: 1, until: undefined, isListed: false, wasPaused: false });
    expect((await Promise.all([pulse.beat(), pulse.beat()])).map(({ count }) => count)).toEqual([1, 1]);
    await expect.poll(async () => (await pulse.beat()).count).toBe(2);
    const second = await pulse.beat();
    expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(900);
  });

  it('goes on when the clock was set back', async () => {
    const { pulse, redis, keys } = await open();
    await pulse.beat();
    await redis.hset(keys.pulse, 'atMs', Date.now() + 3_600_000);
    expect((await pulse.beat()).count).toBe(2);
  });

  it('keeps, over a restart, how far the data reached, and for whom it was listed and paused', async () => {
    const { pulse, redis } = await open();
    const before = await pulse.beat();
    await pulse.note(before.run, 'listed');
    expect(await pulse.beat()).toMatchObject({ isListed: true, wasPaused: false });
    await server.restart();
    await isBack(redis);
    const looked = await pulse.read();
    const after = await pulse.beat();
    const until = { count: before.count, atMs: before.atMs };
    expect(after).toMatchObject({ epoch: 2, count: 2, until, isListed: false });
    expect(after.run).not.toBe(before.run);
    // Who only looks sees the same before anybody has beaten, and after.
    expect(looked).toMatchObject({ run: after.run, epoch: 2, until, isListed: false });
    expect(await pulse.read()).toEqual(after);
    await pulse.note(after.run, 'paused');
    expect(await pulse.beat()).toMatchObject({ until, wasPaused: true });
    await expect.poll(async () => (await pulse.beat()).count).toBe(3);
    expect((await pulse.beat()).until).toEqual(until);
  });

  it('is not read before anybody has beaten', async () => {
    const { pulse } = await open();
    expect(await pulse.read()).toBeUndefined();
  });
});

describe('a loss', () => {
  const remembered = { count: 100, atMs: 100_000 };
  it('is certain when a process remembers a later beat than Redis came up with', () => {
    expect(lossOf(remembered, { until: { count: 90, atMs: 89_000 } })).toEqual({
      ms: 11_000,
      rememberedMs: 100_000,
    });
    expect(lossOf(remembered, { until: undefined })).toEqual({
      ms: Number.POSITIVE_INFINITY,
      rememberedMs: 100_000,
    });
  });
  it('is not, when it remembers none or no later one', () => {
    expect(lossOf(undefined, { until: { count: 90, atMs: 89_000 } })).toBeUndefined();
    expect(lossOf(remembered, { until: remembered })).toBeUndefined();
    expect(lossOf(remembered, { until: { count: 101, atMs: 101_000 } })).toBeUndefined();
  });
  it('is told just when more beats are remembered, whatever the clocks say', () => {
    const reach = fc.record({ count: fc.nat(), atMs: fc.nat() });
    fc.assert(
      fc.property(reach, reach, (mine, until) => {
        const loss = lossOf(mine, { until });
        expect(loss !== undefined).toBe(mine.count > until.count);
        expect(loss?.ms ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  it('is never less than nothing, also where the clock was set', () => {
    expect(lossOf(remembered, { until: { count: 99, atMs: 200_000 } })?.ms).toBe(0);
  });
});
