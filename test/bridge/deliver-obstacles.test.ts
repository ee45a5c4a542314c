import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import { heldBack } from '../../src/bridge/gates.ts';
import type { DeliveryId, Scope } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog } from '../store/delivery-log/log.ts';

import { runUntil, target } from './delivering.ts';

const server = await privateRedis();

describe('a message that trips over a mistake in the program', () => {
  it('is tried for as long as may help, then fails, and lets the others go', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { stored, destination } = target();
    let tries = 0;
    const rung = await runUntil('failed', opened, 'msg-1', {
      ...destination,
      async prepare() {
        tries += 1;
        throw new TypeError('not a function');
      },
    });
    expect(tries).toBeGreaterThan(1);
    expect(rung).toEqual(['chatter msg-2']);
    expect(stored).toEqual([]);
    const read = await opened.log.read('msg-1' as DeliveryId);
    expect(read?.delivery).toMatchObject({ phase: 'failed', failure: { code: 'unforeseen' } });
  });
});

describe('a message whose stored text cannot be read', () => {
  const spoil = ({ redis, keys }: OpenedLog, id: string) =>
    redis.set(keys.content(id as DeliveryId), 'v1.lost-key.a.b.c');

  it('fails when that has not changed for as long as may help, and lets the others go', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    await spoil(opened, 'msg-1');
    const { stored, destination } = target();
    const rung = await runUntil('failed', opened, 'msg-1', destination);
    expect(rung).toEqual(['chatter msg-2']);
    expect(stored).toEqual([]);
    const { redis, keys, log } = opened;
    expect((await log.read('msg-1' as DeliveryId))?.delivery.failure?.code).toBe('text-unreadable');
    // What is stored stays as it is: its key may be put back before Retry.
    expect(await redis.get(keys.content('msg-1' as DeliveryId))).toBe('v1.lost-key.a.b.c');
  });

  it('is not posted again and not looked for without end, when it may be there: a person decides', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { delivery } = await opened.go('msg-1', 'before');
    const settling: Partial<Delivery> = {
      phase: 'settling',
      unknown: true,
      lost: 'broken',
      parts: 1,
      posts: 1,
      aside: true,
      lostAtMs: Date.now(),
    };
    await opened.log.commit(change(delivery, 'before', settling));
    await spoil(opened, 'msg-1');
    const { stored, destination } = target();
    await runUntil('failed', opened, 'msg-1', destination, { slowForMs: 50 });
    expect(stored).toEqual([]);
    expect((await opened.log.read('msg-1' as DeliveryId))?.delivery.phase).toBe('uncertain');
  });
});

describe('a mistake in the program while looking', () => {
  it('does not hold the lane for ever either: it counts as a look that could not be made', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { delivery } = await opened.go('msg-1', 'before');
    const settling: Partial<Delivery> = {
      phase: 'settling',
      unknown: true,
      lost: 'broken',
      parts: 1,
      aside: true,
    };
    await opened.log.commit(change(delivery, 'before', { ...settling, lostAtMs: Date.now() }));
    const { destination } = target();
    await runUntil(
      'failed',
      opened,
      'msg-1',
      {
        ...destination,
        async look() {
          throw new TypeError('not a function');
        },
      },
      { slowForMs: 50 },
    );
    expect((await opened.log.read('msg-1' as DeliveryId))?.delivery.phase).toBe('uncertain');
  });
});

describe('a closed gate', () => {
  const held = heldBack({ scope: 'org' as Scope, reason: 'away', sinceMs: 1, untilMs: 2, isLong: true }, 20);

  it('keeps a message from being begun, tells its writer, and lets it go when it opens', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { destination } = target();
    let closedFor = 3;
    const told: string[] = [];
    const begun: number[] = [];
    await runUntil(
      'done',
      opened,
      'msg-1',
      {
        ...destination,
        prepare: async (_delivery, content) => ({ content, parts: 1, repeatable: false }),
        async ready() {
          closedFor -= 1;
          if (closedFor >= 0) throw held;
        },
        async post(delivery, ...rest) {
          begun.push(delivery.posts);
          return destination.post(delivery, ...rest);
        },
      },
      { sayPaused: async ({ author }, { scope }) => void told.push(`${author} ${scope}`) },
    );
    expect(told).toEqual(Array.from({ length: 3 }, () => `${ada} org`));
    expect(begun).toEqual([1]);
  });
});
