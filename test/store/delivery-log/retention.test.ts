import { describe, expect, it } from 'vitest';
import type { ChatThreadId, DeliveryId, PairKey } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, FAILED_KEEP_MS, openLog, pairOf } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

describe('what stays in Redis', () => {
  it('of a delivered message: no content, and its id for 26 hours', async () => {
    const { log, takeAll, go, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await log.commit({ ...change(delivery, 'run-1', { phase: 'sent' }), content: '{"v":1}', erase: true });
    expect(await redis.exists(keys.content(id('msg-1')))).toBe(0);
    expect(await redis.pttl(keys.delivery(id('msg-1')))).toBeGreaterThan(25 * HOUR);
    expect(await redis.pttl(keys.delivery(id('msg-1')))).toBeLessThanOrEqual(26 * HOUR);
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'duplicate' });
  });

  it('of a failed one: the content, for as long as Retry is offered', async () => {
    const { log, takeAll, go, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1', { content: '{"v":1,"text":"lunch?"}' }));
    const { delivery } = await go('msg-1', 'run-1');
    const failed = await log.commit(change(delivery, 'run-1', { phase: 'failed' }));
    for (const key of [keys.content(id('msg-1')), keys.delivery(id('msg-1'))]) {
      expect(await redis.pttl(key)).toBeGreaterThan(FAILED_KEEP_MS - HOUR);
      expect(await redis.pttl(key)).toBeLessThanOrEqual(FAILED_KEEP_MS);
    }
    if (failed.kind !== 'stored') throw new Error(failed.kind);
    const { run: _run, ...retry } = change(failed.delivery, '', { phase: 'queued' });
    await log.commit(retry);
    expect(await redis.pttl(keys.delivery(id('msg-1')))).toBe(-1);
    expect(await redis.pttl(keys.content(id('msg-1')))).toBe(-1);
    expect(await go('msg-1', 'run-2')).toMatchObject({ content: '{"v":1,"text":"lunch?"}' });
  });

  it('of threads and pairs: half a year from their last message', async () => {
    const { log, takeAll, go, redis, keys } = await openLog(server);
    const thread = 'thread-1' as ChatThreadId;
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    const pair = pairOf('pair-1');
    const opened = await log.commit({
      ...change(delivery, 'run-1', { phase: 'begun' }),
      pair: { before: pair, after: pair },
      threadLink: { thread, link: { v: 1, person: ada, lane: delivery.lane, pair: pair.key } },
    });
    const names = [keys.pair(pair.key), keys.thread(thread)];
    const expectHalfAYear = async () => {
      for (const name of names) {
        expect(await redis.pttl(name)).toBeGreaterThan(179 * DAY);
        expect(await redis.pttl(name)).toBeLessThanOrEqual(180 * DAY);
      }
    };
    await expectHalfAYear();
    for (const name of names) await redis.pexpire(name, DAY);
    const now = await log.pair(pair.key);
    if (opened.kind !== 'stored' || !now) throw new Error('not stored');
    await log.commit({
      ...change(opened.delivery, 'run-1', { phase: 'sent' }),
      pair: { before: now, after: now },
    });
    await expectHalfAYear();
  });

  it.each(['sent', 'failed', 'discarded'] as const)(
    'when all is %s: nothing for ever but the number of restarts',
    async (phase) => {
      const { log, takeAll, go, everlasting } = await openLog(server);
      await takeAll(entry('msg-1'), entry('msg-2'));
      for (const name of ['msg-1', 'msg-2']) {
        const { delivery } = await go(name, 'run');
        await log.commit({ ...change(delivery, 'run', { phase }), erase: phase !== 'failed' });
      }
      expect(await everlasting()).toEqual(['epoch']);
    },
  );

  it('is encrypted: no text of anybody in any key or value', async () => {
    const { log, takeAll, go, dump } = await openLog(server);
    const content = JSON.stringify({ v: 1, text: 'the merger is on Tuesday' });
    await takeAll(entry('msg-1', { content }), entry('msg-2', { content, order: 5 }));
    const { delivery } = await go('msg-2', 'run-1');
    await log.commit({
      ...change(delivery, 'run-1', { phase: 'begun' }),
      content,
      outbox: [entry('note-1', { lane: 'chat', content })],
    });
    const stored = JSON.stringify(await dump());
    expect(stored).toContain('msg-1');
    expect(stored).not.toMatch(/merger|Tuesday/);
    expect(stored).not.toContain(Buffer.from('merger').toString('base64').slice(0, 7));
  });

  it('cannot be moved to another delivery', async () => {
    const { log, takeAll, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1'), entry('msg-2'));
    await redis.copy(keys.content(id('msg-1')), keys.content(id('msg-2')), 'REPLACE');
    expect(await log.read(id('msg-1'))).toMatchObject({ content: '{"v":1}', isUnreadable: false });
    expect(await log.read(id('msg-2'))).toMatchObject({ content: undefined, isUnreadable: true });
  });
});

describe('what a newer version has stored is refused in so many words', () => {
  it('as a delivery', async () => {
    const { log, takeAll, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1'));
    const state = JSON.parse((await redis.hget(keys.delivery(id('msg-1')), 'state')) ?? '');
    await redis.hset(keys.delivery(id('msg-1')), 'state', JSON.stringify({ ...state, v: 2 }));
    await expect(log.read(id('msg-1'))).rejects.toThrow('delivery version 2 is newer than this program');
    await expect(log.claim(id('msg-1'), 'run', 0)).rejects.toThrow('delivery version 2 is newer');
  });

  it('as a pair', async () => {
    const { log, redis, keys } = await openLog(server);
    await redis.hset(keys.pair('pair-1' as PairKey), 'state', '{"v":2}', 'version', '1');
    await expect(log.pair('pair-1' as PairKey)).rejects.toThrow('pair version 2 is newer than this program');
  });

  it('as a thread link', async () => {
    const { log, redis, keys } = await openLog(server);
    await redis.set(keys.thread('thread-1' as ChatThreadId), '{"v":2}');
    await expect(log.threadLink('thread-1' as ChatThreadId)).rejects.toThrow(
      'thread link version 2 is newer than this program',
    );
  });
});

describe('what a person decided', () => {
  it('is kept field by field', async () => {
    const { log, redis, keys } = await openLog(server);
    expect(await log.person(ada)).toEqual({ optedOut: false, allowed: false, noticed: false });
    await log.setPerson(ada, { noticed: true });
    await log.setPerson(ada, { optedOut: true, allowed: false });
    expect(await log.person(ada)).toEqual({ optedOut: true, allowed: false, noticed: true });
    expect(await redis.pttl(keys.person(ada))).toBeGreaterThan(399 * DAY);
  });
});
