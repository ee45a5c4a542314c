import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { createSweep } from '../../src/store/sweep.ts';
import { privateRedis } from '../setup/redis.ts';
import { change, entry, openLog } from './delivery-log/log.ts';

const server = await privateRedis();
/** As if this long had passed since anything happened in any lane. */
const quiet = async ({ redis, keys }: Awaited<ReturnType<typeof openLog>>) => {
  for (const lane of await redis.zrange(keys.lanes, '0', '-1')) await redis.zincrby(keys.lanes, -2_000, lane);
};

describe('a sweep', () => {
  it('leaves lanes at work alone', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    expect(await createSweep(opened.redis, opened.keys)()).toEqual([]);
  });

  it('finds the head of each quiet lane, once among many sweepers', async () => {
    const opened = await openLog(server);
    await opened.takeAll(
      entry('msg-2', { order: 20 }),
      entry('msg-1', { order: 10 }),
      entry('msg-3', { lane: 'to-alan' }),
    );
    await quiet(opened);
    const sweep = createSweep(opened.redis, opened.keys);
    const found = (await Promise.all([sweep(), sweep(), sweep()])).flat();
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ id: 'msg-1', to: 'chatter', sleeps: false });
    expect(found).toContainEqual({ id: 'msg-3', to: 'chatter', sleeps: false });
  });

  it('says whether a head that has begun sleeps on purpose, or is due', async () => {
    const opened = await openLog(server);
    const { redis, keys, log, go, takeAll } = opened;
    await takeAll(entry('msg-2', { order: 20 }));
    const { delivery } = await go('msg-2', 'run-1');
    await takeAll(entry('msg-1', { order: 10 }));
    const waits = await log.commit(change(delivery, 'run-1', { wakeAtMs: Date.now() + 60_000 }));
    if (waits.kind !== 'stored') throw new Error(waits.kind);
    await quiet(opened);
    const sweep = createSweep(redis, keys);
    expect(await sweep()).toEqual([{ id: 'msg-2', to: 'chatter', sleeps: true }]);
    await log.commit(change(waits.delivery, 'run-1', { wakeAtMs: Date.now() - 1_000 }));
    await quiet(opened);
    expect(await sweep()).toEqual([{ id: 'msg-2', to: 'chatter', sleeps: false }]);
  });

  it('forgets lanes in which nothing is left', async () => {
    const opened = await openLog(server);
    const { redis, keys, log, go, takeAll } = opened;
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await log.commit({ ...change(delivery, 'run-1', { phase: 'sent' }), erase: true });
    await quiet(opened);
    expect(await createSweep(redis, keys)()).toEqual([]);
    expect(await redis.zcard(keys.lanes)).toBe(0);
  });

  it('finds what was set aside, in its own lane', async () => {
    const opened = await openLog(server);
    const { redis, keys, log, go, takeAll } = opened;
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await log.commit(change(delivery, 'run-1', { aside: true }));
    await quiet(opened);
    expect(await createSweep(redis, keys)()).toEqual([{ id: 'msg-1', to: 'chatter', sleeps: false }]);
  });

  it('takes out of its lane what Redis no longer has, so that it holds nobody', async () => {
    const opened = await openLog(server);
    const { redis, keys, takeAll } = opened;
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    await redis.del(keys.delivery('msg-1' as DeliveryId));
    const sweep = createSweep(redis, keys);
    await quiet(opened);
    await sweep();
    await quiet(opened);
    expect(await sweep()).toEqual([{ id: 'msg-2', to: 'chatter', sleeps: false }]);
  });
});
