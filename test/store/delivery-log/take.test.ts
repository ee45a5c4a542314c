import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { entry, openLog } from './log.ts';

const server = await privateRedis();
const first = 'msg-1' as DeliveryId;

describe('taking a delivery in', () => {
  it('stores it as the head of an empty lane', async () => {
    const { log } = await openLog(server);
    expect(await log.take(entry('msg-1', { order: 10, content: '{"v":1,"text":"lunch?"}' }))).toEqual({
      kind: 'stored',
      head: 'msg-1',
    });
    const read = await log.read(first);
    expect(read?.content).toBe('{"v":1,"text":"lunch?"}');
    expect(read?.delivery).toMatchObject({ id: 'msg-1', phase: 'queued', version: 1, order: 10 });
    expect(Math.abs((read?.delivery.takenAtMs ?? 0) - Date.now())).toBeLessThan(5_000);
    // Never tried.
    expect(read?.delivery.tryingSinceMs).toBe(0);
  });

  it('knows a duplicate, and leaves what is stored as it was', async () => {
    const { log, dump } = await openLog(server);
    await log.take(entry('msg-1', { order: 10 }));
    const before = await dump();
    expect(await log.take(entry('msg-1', { order: 99, content: '{"v":1,"changed":true}' }))).toEqual({
      kind: 'duplicate',
    });
    expect(await dump()).toEqual(before);
  });

  it('stores one of many that race', async () => {
    const { log } = await openLog(server);
    const results = await Promise.all(Array.from({ length: 20 }, () => log.take(entry('msg-1'))));
    expect(results.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'duplicate')).toHaveLength(19);
  });

  it('places by the order that is given, whatever came first', async () => {
    const { log } = await openLog(server);
    expect(await log.take(entry('msg-2', { order: 20 }))).toMatchObject({ head: 'msg-2' });
    expect(await log.take(entry('msg-3', { order: 30 }))).toMatchObject({ head: 'msg-2' });
    expect(await log.take(entry('msg-1', { order: 10 }))).toMatchObject({ head: 'msg-1' });
  });

  it('keeps microseconds apart', async () => {
    const { log } = await openLog(server);
    const order = 1_795_378_961_668_002;
    await log.take(entry('msg-2', { order }));
    expect(await log.take(entry('msg-1', { order: order - 1 }))).toMatchObject({ head: 'msg-1' });
    expect((await log.read('msg-2' as DeliveryId))?.delivery.order).toBe(order);
  });

  it('knows the last of a lane, whatever came last', async () => {
    const { log } = await openLog(server);
    const lane = entry('msg-1').delivery.lane;
    expect(await log.last(lane)).toBeUndefined();
    await log.take(entry('msg-2', { order: 20 }));
    await log.take(entry('msg-1', { order: 10 }));
    expect(await log.last(lane)).toBe('msg-2');
  });

  it('places by arrival where no order is given', async () => {
    const { log } = await openLog(server);
    for (const id of ['cmd-b', 'cmd-a', 'cmd-c']) {
      expect(await log.take(entry(id))).toMatchObject({ head: 'cmd-b' });
    }
    const orders = await Promise.all(
      ['cmd-b', 'cmd-a', 'cmd-c'].map(async (id) => (await log.read(id as DeliveryId))?.delivery.order ?? 0),
    );
    expect(orders).toEqual([...orders].sort((a, b) => a - b));
  });

  it('keeps lanes apart', async () => {
    const { log } = await openLog(server);
    await log.take(entry('msg-1', { order: 10 }));
    expect(await log.take(entry('msg-2', { order: 20, lane: 'to-alan' }))).toMatchObject({ head: 'msg-2' });
  });

  it("is refused when it reaches Redis after its deadline, by Redis's own clock", async () => {
    const { log, redis, dump } = await openLog(server);
    await log.take(entry('msg-0'));
    const before = await dump();
    // Redis holds every write back, as if the network had: the script runs when its sender has given up.
    await redis.client('PAUSE', 300, 'WRITE');
    expect(await log.take(entry('msg-1'), 50)).toEqual({ kind: 'late' });
    expect(await dump()).toEqual(before);
    expect(await log.take(entry('msg-1'), 1_500)).toMatchObject({ kind: 'stored' });
  });

  it('is remembered through SCRIPT FLUSH', async () => {
    const { log, redis } = await openLog(server);
    await log.take(entry('msg-1'));
    await redis.script('FLUSH');
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'duplicate' });
    await redis.script('FLUSH');
    expect(await log.claim(first, 'run-1', 0)).toMatchObject({ kind: 'go' });
  });
});

describe('cancelling', () => {
  it('before it was stored: it never will be', async () => {
    const { log, redis, keys } = await openLog(server);
    expect(await log.cancel(first)).toBe(true);
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'cancelled' });
    expect(await log.read(first)).toBeUndefined();
    expect(await log.claim(first, 'run-1', 0)).toEqual({ kind: 'ended', failed: false });
    expect(await redis.pttl(keys.delivery(first))).toBeGreaterThan(25 * 60 * 60 * 1_000);
  });

  it('after it was stored: it says so, and nothing changes', async () => {
    const { log, dump } = await openLog(server);
    await log.take(entry('msg-1'));
    const before = await dump();
    expect(await log.cancel(first)).toBe(false);
    expect(await dump()).toEqual(before);
  });

  it('twice says the same', async () => {
    const { log } = await openLog(server);
    expect([await log.cancel(first), await log.cancel(first)]).toEqual([true, true]);
  });

  it('in a race: exactly one of the two holds', async () => {
    const { log } = await openLog(server);
    for (let i = 0; i < 50; i += 1) {
      const id = `msg-${i}` as DeliveryId;
      const [taken, cancelled] = await Promise.all(
        i % 2 === 0
          ? [log.take(entry(id)), log.cancel(id)]
          : ([log.cancel(id), log.take(entry(id))].reverse() as [
              ReturnType<typeof log.take>,
              ReturnType<typeof log.cancel>,
            ]),
      );
      expect(taken.kind).toBe(cancelled ? 'cancelled' : 'stored');
    }
  });
});
