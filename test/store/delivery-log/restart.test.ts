import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, openLog } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const isBack = (redis: Redis) =>
  expect.poll(() => redis.ping().catch(() => 'away'), { timeout: 10_000 }).toBe('PONG');

describe('after a restart of Redis', () => {
  it('nothing is claimed for a while; then everything that waited must be looked for', async () => {
    const { log, takeAll, redis } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10 }));
    await server.restart();
    await isBack(redis);
    const claim = await log.claim(id('msg-1'), 'run-1', 0);
    expect(claim).toMatchObject({ kind: 'wait' });
    expect(claim.kind === 'wait' && claim.forMs).toBeGreaterThan(0);
    expect(claim.kind === 'wait' && claim.forMs).toBeLessThan(310);
    await expect.poll(() => log.claim(id('msg-1'), 'run-1', 0)).toMatchObject({ kind: 'go', must: true });
  });

  it('what comes later is new, and is not looked for', async () => {
    const { log, takeAll, redis } = await openLog(server);
    await takeAll(entry('msg-1', { lane: 'a' }));
    await server.restart();
    await isBack(redis);
    await takeAll(entry('msg-2', { lane: 'b' }));
    await expect.poll(() => log.claim(id('msg-2'), 'run-2', 0)).toMatchObject({ kind: 'go', must: false });
    expect(await log.claim(id('msg-1'), 'run-1', 0)).toMatchObject({ kind: 'go', must: true });
  });

  it('what was written before and comes only now must be looked for: it may have been here, and forgotten', async () => {
    const { log, takeAll, redis } = await openLog(server);
    const writtenMs = Date.now();
    await takeAll(entry('any'));
    await server.restart();
    await isBack(redis);
    await takeAll(entry('msg-1', { lane: 'a', order: writtenMs * 1_000 }));
    await takeAll(entry('msg-2', { lane: 'b', order: (Date.now() + 1_000) * 1_000 }));
    await expect.poll(() => log.claim(id('msg-1'), 'run-1', 0)).toMatchObject({ kind: 'go', must: true });
    expect(await log.claim(id('msg-2'), 'run-2', 0)).toMatchObject({ kind: 'go', must: false });
  });

  it('whoever claimed before can write no more', async () => {
    const { log, takeAll, redis, go, dump } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await server.restart();
    await isBack(redis);
    // The restart is noted with the first write, whichever it is.
    await takeAll(entry('msg-2', { lane: 'b' }));
    const before = await dump();
    expect(await log.commit(change(delivery, 'run-1', { phase: 'begun' }))).toEqual({ kind: 'fenced' });
    expect(await dump()).toEqual(before);
    await expect.poll(() => log.claim(id('msg-1'), 'run-2', 0)).toMatchObject({ kind: 'go' });
    expect(await log.commit(change(delivery, 'run-1', { phase: 'begun' }))).toEqual({ kind: 'fenced' });
    expect(await log.commit(change(delivery, 'run-2', { phase: 'begun' }))).toMatchObject({ kind: 'stored' });
  });

  it('it must be looked for until it was begun, however often Redis restarts', async () => {
    const { log, takeAll, redis, go } = await openLog(server);
    await takeAll(entry('msg-1'));
    for (let restart = 0; restart < 2; restart += 1) {
      await server.restart();
      await isBack(redis);
      await expect.poll(() => log.claim(id('msg-1'), 'run', 0)).toMatchObject({ kind: 'go', must: true });
    }
    const tried = await go('msg-1', 'run');
    await log.commit(change(tried.delivery, 'run', { phase: 'queued', tries: 1 }));
    expect(await log.claim(id('msg-1'), 'run', 0)).toMatchObject({ kind: 'go', must: true });
    const { delivery } = await go('msg-1', 'run');
    const begun = await log.commit(change(delivery, 'run', { phase: 'settling', must: true }));
    if (begun.kind !== 'stored') throw new Error(begun.kind);
    expect(await log.claim(id('msg-1'), 'again', 0)).toMatchObject({ kind: 'go', must: false });
  });

  it('duplicates are still known', async () => {
    const { log, takeAll, redis } = await openLog(server);
    await takeAll(entry('msg-1'));
    await server.restart();
    await isBack(redis);
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'duplicate' });
  });
});

describe('a run of Redis in which what waits was not listed yet', () => {
  it('has nothing claimed, while messages are taken in', async () => {
    const listed = new Set<string>();
    const { log, takeAll, redis, keys } = await openLog(server, {}, (run) => listed.has(run));
    await takeAll(entry('msg-1'));
    expect(await log.claim(id('msg-1'), 'run-1', 0)).toEqual({ kind: 'wait', forMs: 500 });
    listed.add((await redis.hget(keys.epoch, 'run')) ?? '');
    await expect.poll(() => log.claim(id('msg-1'), 'run-1', 0)).toMatchObject({ kind: 'go' });
    await server.restart();
    await isBack(redis);
    expect(await log.take(entry('msg-2'))).toMatchObject({ kind: 'stored' });
    expect(await log.claim(id('msg-1'), 'run-2', 0)).toEqual({ kind: 'wait', forMs: 500 });
  });
});

describe('a connection that was lost', () => {
  it('means nothing while it is the same Redis', async () => {
    const { log, takeAll, redis } = await openLog(server);
    await takeAll(entry('msg-1'));
    redis.disconnect(true);
    await isBack(redis);
    expect(await log.claim(id('msg-1'), 'run-1', 0)).toMatchObject({ kind: 'go', must: false });
  });

  it('makes a command fail at once, and never has it sent again by itself', async () => {
    const { log, redis } = await openLog(server);
    await server.kill();
    await expect.poll(() => redis.status).not.toBe('ready');
    const startedMs = performance.now();
    await expect(log.setPerson(ada, { noticed: true })).rejects.toThrow();
    expect(performance.now() - startedMs).toBeLessThan(1_600);
    await server.restart();
    await isBack(redis);
    expect(await log.person(ada)).toMatchObject({ noticed: false });
    expect(await log.take(entry('msg-1'))).toMatchObject({ kind: 'stored' });
  });
});
