import { describe, expect, it } from 'vitest';
import type { Mirror } from '../../src/bridge/mirror.ts';
import {
  BRIDGE,
  type ChatPersonId,
  type ChatPlaceId,
  type ChatThreadId,
  type DeliveryId,
  type LaneKey,
  type PairKey,
  type SalesforceUserId,
} from '../../src/bridge/people.ts';
import { createMirrorLog } from '../../src/store/mirrors.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const redis = await privateRedis();
const [ada, alan] = ['T1-ADA', 'T1-ALAN'] as [ChatPersonId, ChatPersonId];
const thread = 'T1-C1-1.1' as ChatThreadId;
const place = 'T1-C1' as ChatPlaceId;
const pair = 'pair' as PairKey;

const mirror = (change: Partial<Mirror> = {}): Mirror => ({
  v: 1,
  thread,
  place,
  startedBy: ada,
  people: [{ id: '005ADA' as SalesforceUserId, name: 'Ada Lovelace' }],
  bring: 'root',
  sinceUs: 5,
  state: 'live',
  openedBy: 'view-1' as DeliveryId,
  user: '005BRIDGE' as SalesforceUserId,
  pair,
  lane: 'mirror-view-1' as LaneKey,
  startedAtMs: 1_000,
  ...change,
});

async function open() {
  const opened = await openLog(redis);
  return { ...opened, mirrors: createMirrorLog(opened.redis, opened.keys) };
}

describe('a thread that is mirrored', () => {
  it('has a link, by which whatever is written in it is taken, and is the thread of its pair', async () => {
    const { mirrors, log } = await open();
    expect(await mirrors.open(mirror())).toBe('opened');
    expect(await log.threadLink(thread)).toEqual({ v: 1, person: BRIDGE, lane: 'mirror-view-1', pair });
    expect(await log.threadOf(pair, BRIDGE)).toBe(thread);
    expect(await mirrors.threadOf(pair)).toBe(thread);
    expect(await mirrors.find(thread)).toEqual(mirror());
    expect(await mirrors.in(place)).toEqual([thread]);
    expect(await mirrors.of(ada)).toEqual([mirror()]);
  });

  it('can be opened again by the same request alone', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    expect(await mirrors.open(mirror())).toBe('opened');
    expect(await mirrors.open(mirror({ openedBy: 'view-2' as DeliveryId }))).toBe('thread-taken');
    expect(await mirrors.find(thread)).toEqual(mirror());
  });

  it('is not opened again by the same request when it was stopped meanwhile, but when it was refused', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    expect(await mirrors.open(mirror())).toBe('over');
    expect(await mirrors.find(thread)).toMatchObject({ state: 'stopped' });
    const other = 'T1-C2-2.2' as ChatThreadId;
    await mirrors.open(mirror({ thread: other }));
    await mirrors.end(other, { state: 'refused' }, mirror().openedBy);
    expect(await mirrors.open(mirror({ thread: other }))).toBe('opened');
  });

  it('has its people to itself', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    const other = mirror({ thread: 'T1-C2-2.2' as ChatThreadId, openedBy: 'view-2' as DeliveryId });
    expect(await mirrors.open(other)).toBe('people-taken');
    expect(await mirrors.find(other.thread)).toBeUndefined();
  });

  it('knows whose words travel: it is theirs, too', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    await mirrors.addWriter(thread, alan);
    expect((await mirrors.writers(thread)).toSorted()).toEqual([ada, alan]);
    expect(await mirrors.of(alan)).toEqual([mirror()]);
  });

  it('remembers what was brought along', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    expect(await mirrors.brought(thread)).toBeUndefined();
    await mirrors.setBrought(thread, { rootMs: 1, fromMs: 3 });
    expect(await mirrors.brought(thread)).toEqual({ rootMs: 1, fromMs: 3 });
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    await mirrors.open(mirror({ openedBy: 'view-2' as DeliveryId }));
    expect(await mirrors.brought(thread)).toBeUndefined();
  });

  it('remembers who was told, and for whom the bridge speaks, for a time', async () => {
    const { mirrors } = await open();
    expect(await mirrors.wasTold(thread, alan)).toBe(false);
    await mirrors.setTold(thread, alan);
    expect(await mirrors.wasTold(thread, alan)).toBe(true);
    await mirrors.relayFor(thread, alan, 300);
    expect(await mirrors.isRelayed(thread, alan)).toBe(true);
    await expect.poll(() => mirrors.isRelayed(thread, alan)).toBe(false);
  });
});

describe('a mirror that ends', () => {
  it('lets go of its thread and its people, once', async () => {
    const { mirrors, log } = await open();
    await mirrors.open(mirror());
    const ended = mirror({ state: 'stopped', stoppedBy: alan });
    expect(await mirrors.end(thread, { state: 'stopped', stoppedBy: alan }, mirror().openedBy)).toEqual(
      ended,
    );
    expect(
      await mirrors.end(thread, { state: 'resting', rest: 'app-removed' }, mirror().openedBy),
    ).toBeUndefined();
    expect(await mirrors.find(thread)).toEqual(ended);
    expect(await log.threadLink(thread)).toBeUndefined();
    expect(await log.threadOf(pair, BRIDGE)).toBeUndefined();
    expect(await mirrors.in(place)).toEqual([]);
    expect(await mirrors.of(ada)).toEqual([]);
    expect(await mirrors.open(mirror({ openedBy: 'view-2' as DeliveryId }))).toBe('opened');
  });

  it('is told of for as long as what was written before may still come, from wherever its place has gone', async () => {
    const { mirrors, log, redis, keys } = await open();
    const to = 'T1-C9-1.1' as ChatThreadId;
    await mirrors.open(mirror());
    await mirrors.move(thread, to, 'T1-C9' as ChatPlaceId);
    expect(await log.endedLink(thread)).toBeUndefined();
    await mirrors.end(thread, { state: 'stopped', endedAtMs: 2_000 }, mirror().openedBy);
    const link = { v: 1, person: BRIDGE, lane: mirror().lane, pair, thread, untilUs: 2_000_000 };
    expect([await log.endedLink(thread), await log.endedLink(to)]).toEqual([link, link]);
    expect(await redis.pttl(keys.threadEnded(to))).toBeGreaterThan(25 * 60 * 60 * 1_000);
  });

  it('is still known by its lane when its thread has another, which it does not end again', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    expect(await mirrors.lastOf(pair)).toEqual(mirror({ state: 'stopped' }));
    const next = mirror({ openedBy: 'view-2' as DeliveryId, lane: 'mirror-view-2' as LaneKey });
    await mirrors.open(next);
    expect(await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy)).toBeUndefined();
    expect(await mirrors.findOf(thread, mirror().lane)).toEqual(mirror({ state: 'stopped' }));
    expect(await mirrors.lastOf(pair)).toEqual(next);
    expect(await mirrors.findOf(thread, next.lane)).toEqual(next);
    expect(await mirrors.findOf(thread, 'mirror-view-3' as LaneKey)).toBeUndefined();
  });

  it('takes with it whose words travelled, and who was told so', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    await mirrors.addWriter(thread, alan);
    await mirrors.setTold(thread, alan);
    await mirrors.open(mirror());
    expect(await mirrors.writers(thread)).toContain(alan);
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    await mirrors.open(mirror({ openedBy: 'view-2' as DeliveryId }));
    expect(await mirrors.writers(thread)).toEqual([ada]);
    expect(await mirrors.of(alan)).toEqual([]);
    expect(await mirrors.wasTold(thread, alan)).toBe(false);
  });

  it('does not take the people from another that has them by then', async () => {
    const { mirrors } = await open();
    await mirrors.open(mirror());
    await mirrors.end(thread, { state: 'refused' }, mirror().openedBy);
    const other = mirror({ thread: 'T1-C2-2.2' as ChatThreadId, openedBy: 'view-2' as DeliveryId });
    expect(await mirrors.open(other)).toBe('opened');
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    expect(await mirrors.threadOf(pair)).toBe(other.thread);
  });
});

describe('a place that gets another id', () => {
  const [to, again] = ['T1-C9-1.1', 'T1-C10-1.1'] as [ChatThreadId, ChatThreadId];
  const newPlace = 'T1-C9' as ChatPlaceId;

  it('leads to the thread by its old name, from both ids', async () => {
    const { mirrors, log } = await open();
    await mirrors.open(mirror());
    await mirrors.move(thread, to, newPlace);
    expect(await log.threadLink(to)).toMatchObject({ person: BRIDGE, lane: 'mirror-view-1', thread });
    expect(await log.threadLink(thread)).toMatchObject({ person: BRIDGE });
    expect(await mirrors.find(thread)).toMatchObject({ at: to, place: newPlace });
    expect([await mirrors.in(place), await mirrors.in(newPlace)]).toEqual([[], [thread]]);
  });

  it('may do so more than once, and ends as one', async () => {
    const { mirrors, log } = await open();
    await mirrors.open(mirror());
    await mirrors.move(thread, to, newPlace);
    await mirrors.move(thread, again, 'T1-C10' as ChatPlaceId);
    expect(await log.threadLink(to)).toBeUndefined();
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    expect(await log.threadLink(again)).toBeUndefined();
    expect(await log.threadLink(thread)).toBeUndefined();
  });
});

describe('what is stored about mirrors', () => {
  it('stays as long as somebody writes in it, wherever its place has gone', async () => {
    const { mirrors, redis, keys } = await open();
    const to = 'T1-C9-1.1' as ChatThreadId;
    const newPlace = 'T1-C9' as ChatPlaceId;
    await mirrors.open(mirror());
    await mirrors.move(thread, to, newPlace);
    const kept = [
      ...[keys.mirror(thread), keys.thread(thread), keys.thread(to), keys.mirrored(pair)],
      ...[keys.mirrorsIn(newPlace), keys.mirrorsOf(alan), keys.mirrorWriters(thread)],
    ];
    await mirrors.addWriter(thread, alan);
    for (const key of kept) await redis.pexpire(key, 60_000);
    await mirrors.addWriter(thread, alan);
    for (const key of kept) expect([key, (await redis.pttl(key)) > 60_000]).toEqual([key, true]);
  });

  it('goes by itself when nobody uses it for as long as threads live', async () => {
    const { mirrors, everlasting } = await open();
    await mirrors.open(mirror());
    await mirrors.addWriter(thread, alan);
    await mirrors.setTold(thread, alan);
    await mirrors.move(thread, 'T1-C9-1.1' as ChatThreadId, 'T1-C9' as ChatPlaceId);
    expect(await everlasting()).toEqual([]);
    await mirrors.end(thread, { state: 'stopped' }, mirror().openedBy);
    expect(await everlasting()).toEqual([]);
  });
});
