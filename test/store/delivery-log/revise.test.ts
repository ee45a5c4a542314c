import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEntry } from '../../../src/bridge/delivery-log.ts';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { change, entry, openLog } from './log.ts';

const server = await privateRedis();
const first = 'msg-1' as DeliveryId;

/** An edit or deletion of `msg-1`, in a lane of its own. */
function revision(id: string, atUs: number): NewEntry {
  const { delivery, content } = entry(id, { lane: `revises-${id}` });
  return { delivery: { ...delivery, revises: { of: first, how: 'edit', writtenAtMs: 1, atUs } }, content };
}

describe('an edit', () => {
  it('is a delivery of its own, and noted with its message', async () => {
    const { log } = await openLog(server);
    await log.take(entry('msg-1'));
    expect(await log.take(revision('edit-1', 10))).toEqual({ kind: 'stored', head: 'edit-1' });
    expect((await log.read(first))?.revisedBy).toBe('edit-1');
    expect(await log.revisedBy(first)).toBe('edit-1');
    expect((await log.read('edit-1' as DeliveryId))?.delivery.revises).toMatchObject({ of: first, atUs: 10 });
    expect(await log.take(revision('edit-1', 10))).toEqual({ kind: 'duplicate' });
  });

  it('is given to the run that claims its message', async () => {
    const { log, go } = await openLog(server);
    await log.take(entry('msg-1'));
    await log.take(revision('edit-1', 10));
    expect((await go('msg-1', 'run-1')).revisedBy).toBe('edit-1');
    expect((await go('edit-1', 'run-2')).revisedBy).toBeUndefined();
  });

  it('of several is the last by its own time, whichever came last', async () => {
    const { log } = await openLog(server);
    await log.take(entry('msg-1'));
    await log.take(revision('edit-2', 20));
    await log.take(revision('edit-1', 10));
    expect(await log.revisedBy(first)).toBe('edit-2');
    await log.take(revision('delete', 9_000_000_000_000_000));
    await log.take(revision('edit-3', 1_700_000_000_000_000));
    expect(await log.revisedBy(first)).toBe('delete');
  });

  it('is the last in whichever order they come, and comes again', async () => {
    const ranks = [
      1_700_000_000_000_000, 1_700_000_000_000_001, 1_700_000_009_000_000, 9_000_000_000_000_000,
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...ranks, ...ranks], { minLength: 1 }),
        fc.nat(8),
        async (came, at) => {
          const { log } = await openLog(server);
          const entries = came.map((atUs) => revision(`r-${atUs}`, atUs));
          entries.splice(Math.min(at, entries.length), 0, entry('msg-1'));
          for (const one of entries) await log.take(one);
          expect(await log.revisedBy(first)).toBe(`r-${Math.max(...came)}`);
          expect((await log.read(first))?.revisedBy).toBe(`r-${Math.max(...came)}`);
          expect(new Set(await log.revisionsOf(first)).size).toBe(new Set(came).size);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('stops what is just about to begin with the old text, and nothing that has begun', async () => {
    const { log, go } = await openLog(server);
    await log.take(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await log.take(revision('edit-1', 10));
    expect(await log.commit(change(delivery, 'run-1', { phase: 'begun' }))).toEqual({ kind: 'moved' });
    const read = await log.read(first);
    if (!read) throw new Error('it is not stored any more');
    const begun = await log.commit(change(read.delivery, 'run-1', { phase: 'begun' }));
    if (begun.kind !== 'stored') throw new Error(`not stored but ${begun.kind}`);
    await log.take(revision('edit-2', 20));
    expect(await log.commit(change(begun.delivery, 'run-1', { phase: 'sent' }))).toMatchObject({
      kind: 'stored',
    });
  });

  it('can come before its message, and is forgotten if that never comes', async () => {
    const { log, redis, keys } = await openLog(server);
    await log.take(revision('edit-1', 10));
    expect(await log.read(first)).toBeUndefined();
    expect(await log.revisedBy(first)).toBe('edit-1');
    expect(await redis.pttl(keys.delivery(first))).toBeGreaterThan(25 * 60 * 60 * 1_000);
    expect(await log.claim(first, 'run-1', 0)).toEqual({ kind: 'ended', failed: false });

    expect(await log.take(entry('msg-1'))).toMatchObject({ kind: 'stored' });
    expect((await log.read(first))?.revisedBy).toBe('edit-1');
    expect(await redis.pttl(keys.delivery(first))).toBe(-1);
  });

  it('of what was cancelled changes nothing about that', async () => {
    const { log } = await openLog(server);
    await log.cancel(first);
    await log.take(revision('edit-1', 10));
    expect(await log.take(entry('msg-1'))).toEqual({ kind: 'cancelled' });
  });

  it('is not refused because much waits of its writer', async () => {
    const { log } = await openLog(server, { ofPerson: 1 });
    await log.take(entry('msg-1'), 1_500);
    expect(await log.take(entry('msg-2'), 1_500)).toEqual({ kind: 'full', of: 'person' });
    expect(await log.take(revision('delete', 30), 1_500)).toMatchObject({ kind: 'stored' });
  });
});
