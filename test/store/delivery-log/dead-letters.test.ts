import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, Phase } from '../../../src/bridge/delivery.ts';
import type { ChatPersonId, DeliveryId } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, FAILED_KEEP_MS, type OpenedLog, openLog, pairOf } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const grace = 'T0CORP-U0GRACE' as ChatPersonId;

/** Somebody's message, failed. */
async function failed({ log, go, takeAll }: OpenedLog, name: string, order: number, author = ada) {
  const given = entry(name, { order, lane: `lane-of-${name}` });
  await takeAll({ ...given, delivery: { ...given.delivery, author } });
  const { delivery } = await go(name, 'run');
  const committed = await log.commit(change(delivery, 'run', { phase: 'failed' }));
  if (committed.kind !== 'stored') throw new Error(committed.kind);
  return committed.delivery;
}
const idsOf = (letters: readonly { id: DeliveryId }[]) => letters.map((letter) => letter.id);

describe('dead letters', () => {
  it('are found by person and all together, as old as they are, with the time that they are kept', async () => {
    const opened = await openLog(server);
    await failed(opened, 'msg-2', 2);
    await failed(opened, 'msg-1', 1);
    await failed(opened, 'msg-3', 3, grace);
    const { log } = opened;
    expect(idsOf(await log.deadLetters())).toEqual(['msg-1', 'msg-2', 'msg-3']);
    const letters = await log.deadLetters(ada);
    expect(idsOf(letters)).toEqual(['msg-1', 'msg-2']);
    for (const { keptUntilMs } of letters) {
      expect(keptUntilMs).toBeGreaterThan(Date.now() + FAILED_KEEP_MS - 60_000);
      expect(keptUntilMs).toBeLessThanOrEqual(Date.now() + FAILED_KEEP_MS);
    }
    const untilMs = Math.max(...letters.map((letter) => letter.keptUntilMs));
    expect(await log.countDead(ada)).toEqual({ count: 2, untilMs });
  });

  it('are met no more when their time is over, and dropped when another comes', async () => {
    const opened = await openLog(server);
    const { log, redis, keys } = opened;
    await failed(opened, 'msg-1', 1);
    for (const index of [keys.dead, keys.deadOf(ada)]) await redis.zadd(index, Date.now() - 1, 'msg-1');
    expect(await log.deadLetters(ada)).toEqual([]);
    expect(await log.countDead(ada)).toMatchObject({ count: 0 });
    await failed(opened, 'msg-2', 2);
    expect(await redis.zrange(keys.dead, '0', '-1')).toEqual(['msg-2']);
    expect(await redis.zrange(keys.deadOf(ada), '0', '-1')).toEqual(['msg-2']);
  });

  it('are dropped when they are met and their delivery is gone', async () => {
    const opened = await openLog(server);
    const { log, redis, keys } = opened;
    await failed(opened, 'msg-1', 1);
    await redis.del(keys.delivery(id('msg-1')));
    expect(await log.deadLetters(ada)).toEqual([]);
    expect(await redis.zcard(keys.deadOf(ada))).toBe(0);
  });

  it('are as many as there are, however many', async () => {
    const { log, redis, keys } = await openLog(server);
    const names = Array.from({ length: 2_500 }, (_, i) => `msg-${i}`);
    const until = Date.now() + 60_000;
    await redis.zadd(keys.deadOf(ada), ...names.flatMap((name) => [until, name]));
    for (const [i, name] of names.entries()) await redis.hset(keys.delivery(id(name)), 'order', 5_000 - i);
    expect(idsOf(await log.deadLetters(ada))).toEqual(names.toReversed());
  });
});

describe('a delivery counts in one place at a time', () => {
  const phases: Phase[] = ['queued', 'begun', 'settling', 'uncertain', 'sent', 'failed', 'discarded'];
  const states = fc.record({
    phase: fc.constantFrom(...phases),
    wakeAtMs: fc.constantFrom(undefined, 1),
    aside: fc.boolean(),
    to: fc.constant('chatter' as const),
  });

  const placeOf = ({ phase, wakeAtMs }: Pick<Delivery, 'phase' | 'wakeAtMs'>): string => {
    if (phase === 'failed' || (phase === 'uncertain' && wakeAtMs === undefined)) return 'dead';
    return phase === 'sent' || phase === 'discarded' ? 'nowhere' : 'open';
  };

  it('whatever it goes through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(states, { minLength: 1, maxLength: 6 }), async (way) => {
        const { log, takeAll, redis, keys } = await openLog(server);
        await takeAll(entry('msg-1'));
        for (const { wakeAtMs, ...state } of way) {
          const before = (await log.read(id('msg-1')))?.delivery;
          if (!before) throw new Error('it is gone');
          const { wakeAtMs: _wake, ...rest } = before;
          const after = { ...rest, ...state, ...(wakeAtMs !== undefined && { wakeAtMs }) };
          await log.commit({ before, after, outbox: [] });
          const found = {
            open: [keys.open, keys.openOf(ada)],
            dead: [keys.dead, keys.deadOf(ada)],
          };
          for (const [place, indexes] of Object.entries(found)) {
            const isThere = placeOf(after) === place ? 1 : 0;
            for (const index of indexes) expect(await redis.zcard(index)).toBe(isThere);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a pair whose holder is gone', () => {
  it('is free: nobody is left to let go of it', async () => {
    const { log, takeAll, go, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1', { lane: 'a' }), entry('msg-2', { lane: 'b' }));
    const pair = pairOf('pair-1');
    const first = await go('msg-1', 'run');
    const held = { ...pair, holder: id('msg-1') };
    await log.commit({
      ...change(first.delivery, 'run', { phase: 'begun' }),
      pair: { before: pair, after: held },
    });
    const second = await go('msg-2', 'run');
    const known = await log.pair(pair.key);
    if (!known) throw new Error('the pair is gone');
    const opens = {
      ...change(second.delivery, 'run', { phase: 'begun' }),
      pair: { before: known, after: { ...known, holder: id('msg-2') } },
    };
    expect(await log.commit(opens)).toEqual({ kind: 'pair-busy' });
    await redis.del(keys.delivery(id('msg-1')));
    expect(await log.commit(opens)).toMatchObject({ kind: 'stored' });
  });
});
