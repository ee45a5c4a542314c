import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/bridge/delivery.ts';
import type { Change, Committed } from '../../../src/bridge/delivery-log.ts';
import type {
  ChatMessageId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  PairKey,
} from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, openLog, pairOf } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const thread = 'T0CORP-D0ADA-1.1' as ChatThreadId;

/** A change that writes everything a change can write. */
function fullChange(before: Delivery, run: string): Change {
  const pair = pairOf('pair-1');
  return {
    ...change(before, run, { phase: 'begun', posts: 1, pair: pair.key }),
    content: '{"v":1,"new":true}',
    pair: { before: pair, after: { ...pair, holder: before.id } },
    outbox: [entry('note-1', { lane: 'chat-ada', content: '{"v":1,"say":"hello"}' })],
    threadLink: { thread, link: { v: 1, person: ada, lane: before.lane, pair: pair.key } },
    note: { about: before.id, message: 'T0CORP-D0ADA-1.2' as ChatMessageId, thread },
  };
}

describe('storing a change', () => {
  it('writes everything that follows from it, at once', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10 }));
    const { delivery } = await go('msg-1', 'run-1');
    const stored = await log.commit(fullChange(delivery, 'run-1'));
    expect(stored).toMatchObject({ kind: 'stored', head: 'msg-1', delivery: { version: 2, phase: 'begun' } });

    expect(await log.read(id('msg-1'))).toEqual({
      delivery: stored.kind === 'stored' && stored.delivery,
      content: '{"v":1,"new":true}',
      isUnreadable: false,
    });
    expect(await log.read(id('note-1'))).toMatchObject({ content: '{"v":1,"say":"hello"}' });
    expect(await log.claim(id('note-1'), 'run-2', 0)).toMatchObject({ kind: 'go' });
    expect(await log.pair('pair-1' as PairKey)).toMatchObject({ version: 1, holder: 'msg-1', thread });
    expect(await log.threadLink(thread)).toMatchObject({ v: 1, pair: 'pair-1' });
    expect(await log.note(id('msg-1'))).toEqual({ message: 'T0CORP-D0ADA-1.2', thread });
  });

  it('made twice is stored once', async () => {
    const { log, takeAll, go, dump } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await log.commit(fullChange(delivery, 'run-1'));
    const before = await dump();
    expect(await log.commit(fullChange(delivery, 'run-1'))).toEqual({ kind: 'moved' });
    expect(await dump()).toEqual(before);
  });

  it('without a run is what a person decided: it ends the run in hand', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    const { run: _run, ...decided } = change(delivery, '', { told: 1 });
    const stored = await log.commit(decided);
    if (stored.kind !== 'stored') throw new Error(stored.kind);
    expect(await log.commit(change(stored.delivery, 'run-1', { phase: 'begun' }))).toEqual({
      kind: 'fenced',
    });
  });
});

describe('nothing at all is written', () => {
  it.each<[because: string, Committed['kind'], Spoil]>([
    ['another run owns the delivery', 'fenced', async ({ go }) => void (await go('msg-1', 'run-2'))],
    [
      'it changed since it was read',
      'moved',
      async ({ log, delivery }) => void (await log.commit(change(delivery, 'run-1', { tries: 1 }))),
    ],
    [
      'another delivery of the pair has an open intent',
      'pair-busy',
      async ({ log, go, takeAll }) => {
        await takeAll(entry('other', { lane: 'other' }));
        const { delivery } = await go('other', 'run-9');
        const pair = pairOf('pair-1');
        const held = { before: pair, after: { ...pair, holder: delivery.id } };
        await log.commit({ ...change(delivery, 'run-9', { phase: 'begun' }), pair: held });
      },
    ],
    [
      'the pair changed',
      'pair-moved',
      async ({ log, go, takeAll }) => {
        await takeAll(entry('other', { lane: 'other' }));
        const { delivery } = await go('other', 'run-9');
        const pair = pairOf('pair-1');
        await log.commit({
          ...change(delivery, 'run-9', { phase: 'begun' }),
          pair: { before: pair, after: pair },
        });
      },
    ],
  ])('when %s: %s', async (_because, kind, spoil) => {
    const opened = await openLog(server);
    const { log, takeAll, go, dump } = opened;
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await spoil({ ...opened, delivery });
    const before = await dump();
    expect(await log.commit(fullChange(delivery, 'run-1'))).toEqual({ kind });
    expect(await dump()).toEqual(before);
  });

  it('and the pair is free again when its holder lets it go', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1', { lane: 'a' }), entry('msg-2', { lane: 'b' }));
    const first = await go('msg-1', 'run-1');
    const second = await go('msg-2', 'run-2');
    const pair = pairOf('pair-1');
    await log.commit({
      ...change(first.delivery, 'run-1', { phase: 'begun' }),
      pair: { before: pair, after: { ...pair, holder: id('msg-1') } },
    });
    const held = await log.pair(pair.key);
    if (!held) throw new Error('no pair');
    const read = await log.read(id('msg-1'));
    if (!read) throw new Error('no delivery');
    const { holder: _holder, ...free } = held;
    await log.commit({
      ...change(read.delivery, 'run-1', { phase: 'sent' }),
      pair: { before: held, after: free },
    });
    const now = await log.pair(pair.key);
    if (!now) throw new Error('no pair');
    expect(now.holder).toBeUndefined();
    expect(
      await log.commit({
        ...change(second.delivery, 'run-2', { phase: 'begun' }),
        pair: { before: now, after: { ...now, holder: id('msg-2') } },
      }),
    ).toMatchObject({ kind: 'stored' });
  });
});

type Spoil = (o: Awaited<ReturnType<typeof openLog>> & { delivery: Delivery }) => Promise<void>;

describe('a delivery that is set aside', () => {
  it('waits in a lane of its own and holds nobody', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { delivery } = await go('msg-1', 'run-1');
    const aside = await log.commit(change(delivery, 'run-1', { aside: true, late: true }));
    if (aside.kind !== 'stored') throw new Error(aside.kind);
    expect(await log.claim(id('msg-2'), 'run-2', 0)).toMatchObject({ kind: 'go' });
    expect(await log.claim(id('msg-1'), 'run-3', 0)).toMatchObject({ kind: 'go', delivery: { aside: true } });
    expect(await log.head(aside.delivery)).toBe('msg-1');
  });

  it('comes back to the end of its lane by Retry', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { delivery } = await go('msg-1', 'run-1');
    const failed = await log.commit(change(delivery, 'run-1', { phase: 'failed' }));
    expect(failed).toMatchObject({ kind: 'stored', head: 'msg-2' });
    if (failed.kind !== 'stored') return;
    const retried = change(failed.delivery, '', { phase: 'queued', order: 30 });
    const { run: _run, ...decided } = retried;
    expect(await log.commit(decided)).toMatchObject({ kind: 'stored', head: 'msg-2' });
    expect(await log.claim(id('msg-1'), 'run-3', 0)).toEqual({ kind: 'park' });
    expect((await log.read(id('msg-1')))?.delivery.order).toBe(30);
    expect((await log.read(id('msg-1')))?.delivery.lane).toBe('to-grace' as LaneKey);
  });
});
