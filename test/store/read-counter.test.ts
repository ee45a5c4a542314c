import { describe, expect, it } from 'vitest';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import { createReadBudget } from '../../src/bridge/read-budget.ts';
import { createReadCounter } from '../../src/store/read-counter.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const ada = '005ADA' as SalesforceUserId;
const grace = '005GRACE' as SalesforceUserId;

/** As many workers as wanted, with one Redis. */
async function open(windowMs = 60_000) {
  const { redis, keys } = await openLog(server);
  const worker = (newId?: () => string) =>
    createReadBudget({
      counter: createReadCounter(redis, keys, newId),
      timing: { mostInWindow: 5, reserve: 2, windowMs, shareMs: 0 },
      tellAfterMs: 1_000,
      random: () => 0,
    });
  return { worker, redis, keys };
}

const use = async (budget: ReturnType<typeof createReadBudget>, times: number, how: 'look' | 'poll') => {
  for (let i = 0; i < times; i += 1) await budget.take(ada, how);
};

describe('the budget of readings', () => {
  it('is one for all workers, and each person has one', async () => {
    const { worker } = await open();
    await use(worker(), 3, 'look');
    const other = worker();
    await use(other, 2, 'look');
    await expect(other.take(ada, 'look')).rejects.toMatchObject({ held: { reason: 'reads-spent' } });
    await other.take(grace, 'look');
  });

  it('keeps a reserve for looking before anything is sent again', async () => {
    const { worker } = await open();
    const budget = worker();
    await use(budget, 3, 'poll');
    await expect(budget.take(ada, 'poll')).rejects.toMatchObject({ code: 'reads-spent' });
    await use(budget, 2, 'look');
    await expect(budget.take(ada, 'look')).rejects.toMatchObject({ certain: true });
  });

  it('says when the next one is free, and then it is', async () => {
    const { worker } = await open(1_500);
    const budget = worker();
    const fromMs = Date.now();
    await use(budget, 5, 'look');
    const spent = await budget.take(ada, 'look').catch((error) => error);
    expect(spent.held.isLong).toBe(true);
    expect(spent.held.untilMs - fromMs).toBeGreaterThan(1_400);
    expect(spent.retry.ms).toBeGreaterThan(1_000);
    expect(spent.retry.ms).toBeLessThanOrEqual(1_500);
    await expect.poll(() => budget.take(ada, 'look').catch((error) => error)).toBeUndefined();
    expect(Date.now() - fromMs).toBeGreaterThanOrEqual(1_490);
  });

  it('counts what is stored twice once, and leaves nothing behind', async () => {
    const { worker, redis, keys } = await open();
    await use(
      worker(() => 'the same'),
      7,
      'look',
    );
    expect(await redis.zcard(keys.reads(ada))).toBe(1);
    expect(await redis.pttl(keys.reads(ada))).toBeGreaterThan(0);
  });
});

describe('the readings of a person', () => {
  it('are counted as long as they lie in the window', async () => {
    const { redis, keys } = await openLog(server);
    const counter = createReadCounter(redis, keys);
    expect(await counter.used(ada, 60_000)).toBe(0);
    await counter.count(ada, 'poll', { most: 5, mostPolls: 3, windowMs: 60_000 });
    await counter.count(ada, 'poll', { most: 5, mostPolls: 3, windowMs: 60_000 });
    expect(await counter.used(ada, 60_000)).toBe(2);
    expect(await counter.used(grace, 60_000)).toBe(0);
    await expect.poll(() => counter.used(ada, 20)).toBe(0);
  });
});
