import { afterEach, describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { createPulse } from '../../../src/store/pulse.ts';
import { watchRunId } from '../../../src/store/run-id.ts';
import { WriteRefusedError } from '../../../src/store/script.ts';
import { createSweep } from '../../../src/store/sweep.ts';
import { privateRedis } from '../../setup/redis.ts';
import { change, entry, type OpenedLog, openLog, pairOf } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
let opened: OpenedLog | undefined;
const limit = (bytes: string) => opened?.redis.config('SET', 'maxmemory', bytes);
afterEach(() => limit('0'));

/** A log in which something waits, in a Redis that is over its limit from now on; `noeviction` is set. */
async function openFull(before: (log: OpenedLog) => Promise<unknown> = async () => {}): Promise<OpenedLog> {
  opened = await openLog(server);
  await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
  await before(opened);
  await limit('1');
  return opened;
}

async function isRefusedWhole({ dump }: OpenedLog, script: () => Promise<unknown>): Promise<void> {
  const before = await dump();
  await expect(script()).rejects.toMatchObject({ name: WriteRefusedError.name, code: 'OOM' });
  expect(await dump()).toEqual(before);
}

describe('in a full Redis', () => {
  it('nothing is taken in, which is certain; with room again the same one is', async () => {
    const { log, dump } = await openFull();
    const before = await dump();
    expect(await log.take(entry('msg-3'))).toMatchObject({ kind: 'no-room' });
    expect(await log.take(entry('msg-4', { lane: 'another' }))).toMatchObject({ kind: 'no-room' });
    expect(await dump()).toEqual(before);
    // What is here is still known.
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'duplicate' });
    await limit('0');
    expect(await log.take(entry('msg-3'))).toMatchObject({ kind: 'stored' });
  });

  it('the same, though the script has to be sent in full and Redis was restarted', async () => {
    const log = await openFull();
    await log.redis.script('FLUSH');
    await log.redis.hset(log.keys.epoch, 'run', 'another').catch(() => 'full');
    const before = await log.dump();
    expect(await log.log.take(entry('msg-3'))).toMatchObject({ kind: 'no-room' });
    expect(await log.dump()).toEqual(before);
  });

  it('nothing is claimed', async () => {
    const full = await openFull();
    await isRefusedWhole(full, () => full.log.claim(id('msg-1'), 'run-1', 0));
    await limit('0');
    expect(await full.go('msg-1', 'run-1')).toMatchObject({ kind: 'go' });
  });

  it('a claim in a new epoch does not even note the epoch', async () => {
    const full = await openFull(({ redis, keys }) => redis.hset(keys.epoch, 'run', 'another'));
    await isRefusedWhole(full, () => full.log.claim(id('msg-1'), 'run-1', 0));
  });

  it.each([
    ['that changes a state', {}],
    ['that ends a delivery and erases its text', { erase: true }],
  ])('a commit %s is refused whole, and stored once there is room', async (_what, extra) => {
    let claimed: Awaited<ReturnType<OpenedLog['go']>> | undefined;
    const full = await openFull(async (log) => {
      claimed = await log.go('msg-1', 'run-1');
    });
    if (!claimed) throw new Error('not claimed');
    const pair = pairOf('ada-grace');
    const written = {
      ...change(claimed.delivery, 'run-1', { phase: 'sent' }),
      ...extra,
      pair: { before: pair, after: pair },
      outbox: [entry('note-1', { lane: 'chat-ada' })],
    };
    await isRefusedWhole(full, () => full.log.commit(written));
    await limit('0');
    expect(await full.log.commit(written)).toMatchObject({ kind: 'stored', head: 'msg-2' });
  });

  it('a sweep leaves lanes as they are', async () => {
    const full = await openFull(({ redis, keys }) => redis.zincrby(keys.lanes, -5_000, 'to-grace'));
    const quietSince = await full.redis.zscore(full.keys.lanes, 'to-grace');
    await isRefusedWhole(full, createSweep(full.redis, full.keys));
    expect(await full.redis.zscore(full.keys.lanes, 'to-grace')).toBe(quietSince);
  });

  it('the pulse stands still', async () => {
    const full = await openFull();
    const pulse = createPulse(full.redis, full.keys, watchRunId(full.redis));
    await isRefusedWhole(full, pulse.beat);
  });

  it('a withdrawal cannot be noted; it needs no note when the deadline of what was sent has passed', async () => {
    const full = await openFull();
    await isRefusedWhole(full, () => full.log.cancel(id('msg-3')));
    const before = await full.dump();
    expect(await full.log.cancel(id('msg-3'), true)).toBe(true);
    expect(await full.log.cancel(id('msg-1'), true)).toBe(false);
    expect(await full.dump()).toEqual(before);
  });
});

describe('a Redis that takes no writes for another reason', () => {
  it('too few replicas, or a replica itself: as certain', async () => {
    opened = await openLog(server);
    const { redis, log, dump } = opened;
    const before = await dump();
    await redis.config('SET', 'min-replicas-to-write', '1');
    expect(await log.take(entry('msg-1'))).toMatchObject({ kind: 'no-room', cause: { code: 'NOREPLICAS' } });
    await redis.config('SET', 'min-replicas-to-write', '0');
    await redis.replicaof('127.0.0.1', '1');
    expect(await log.take(entry('msg-1'))).toMatchObject({ kind: 'no-room', cause: { code: 'READONLY' } });
    await redis.replicaof('NO', 'ONE');
    expect(await dump()).toEqual(before);
    expect(await log.take(entry('msg-1'))).toMatchObject({ kind: 'stored' });
  });
});
