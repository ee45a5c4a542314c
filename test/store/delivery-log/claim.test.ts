import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { change, entry, openLog } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;

describe('claiming a delivery', () => {
  it('gives the head what it needs', async () => {
    const { log, takeAll } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10, content: '{"v":1,"text":"lunch?"}' }));
    const claim = await log.claim(id('msg-1'), 'run-1', 0);
    expect(claim).toMatchObject({
      kind: 'go',
      content: '{"v":1,"text":"lunch?"}',
      must: false,
      late: false,
      delivery: { id: 'msg-1', order: 10, version: 1, phase: 'queued' },
    });
    expect(claim.kind === 'go' && Math.abs(claim.nowMs - Date.now())).toBeLessThan(5_000);
  });

  it('parks whoever is not the head', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    expect(await log.claim(id('msg-2'), 'run-2', 0)).toEqual({ kind: 'park' });
    const { delivery } = await go('msg-1', 'run-1');
    await log.commit({ ...change(delivery, 'run-1', { phase: 'sent' }), erase: true });
    expect(await log.claim(id('msg-2'), 'run-2', 0)).toMatchObject({ kind: 'go' });
  });

  it('lets a young one wait, so that an older neighbour can still go first', async () => {
    const { log, takeAll } = await openLog(server);
    await takeAll(entry('msg-2', { order: 20 }));
    const young = await log.claim(id('msg-2'), 'run-1', 400);
    expect(young).toMatchObject({ kind: 'wait' });
    expect(young.kind === 'wait' && young.forMs).toBeGreaterThan(0);
    expect(young.kind === 'wait' && young.forMs).toBeLessThan(410);
    await takeAll(entry('msg-1', { order: 10 }));
    await expect.poll(() => log.claim(id('msg-2'), 'run-2', 400)).toEqual({ kind: 'park' });
    await expect.poll(() => log.claim(id('msg-1'), 'run-3', 400)).toMatchObject({ kind: 'go' });
  });

  it('never lets a late older message overtake the one in hand', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-2', { order: 20 }));
    const { delivery } = await go('msg-2', 'run-2');
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-3', { order: 30 }));
    expect(await log.head(delivery)).toBe('msg-2');
    expect(await log.claim(id('msg-1'), 'run-1', 0)).toEqual({ kind: 'park' });
    const sent = { ...change(delivery, 'run-2', { phase: 'sent' }), erase: true };
    expect(await log.commit(sent)).toMatchObject({ kind: 'stored', head: 'msg-1' });
    expect(await log.claim(id('msg-3'), 'run-3', 0)).toEqual({ kind: 'park' });
  });

  it('says of each that goes after a later one that it is late', async () => {
    const { log, takeAll, go } = await openLog(server);
    const send = async (name: string) => {
      const { delivery, late } = await go(name, `run-${name}`);
      const begun = await log.commit(change(delivery, `run-${name}`, { phase: 'begun' }));
      if (begun.kind !== 'stored') throw new Error(begun.kind);
      await log.commit({ ...change(begun.delivery, `run-${name}`, { phase: 'sent' }), erase: true });
      return late;
    };
    await takeAll(entry('msg-1', { order: 10 }), entry('msg-4', { order: 40 }));
    expect([await send('msg-1'), await send('msg-4')]).toEqual([false, false]);
    await takeAll(
      entry('msg-2', { order: 20 }),
      entry('msg-3', { order: 30 }),
      entry('msg-5', { order: 50 }),
    );
    expect([await send('msg-2'), await send('msg-3'), await send('msg-5')]).toEqual([true, true, false]);
  });

  it('passes from run to run: the last one owns it', async () => {
    const { log, takeAll, go } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    await go('msg-1', 'run-2');
    expect(await log.commit(change(delivery, 'run-1', { phase: 'begun' }))).toEqual({ kind: 'fenced' });
    expect(await log.commit(change(delivery, 'run-2', { phase: 'begun' }))).toMatchObject({ kind: 'stored' });
  });

  it('may run twice under the same name', async () => {
    const { takeAll, go, dump } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { nowMs: _first, ...first } = await go('msg-1', 'run-1');
    const before = await dump();
    const { nowMs: _second, ...second } = await go('msg-1', 'run-1');
    expect(second).toEqual(first);
    expect(await dump()).toEqual(before);
  });

  it('says what has ended, and how', async () => {
    const { log, takeAll, go } = await openLog(server);
    for (const [name, phase, failed] of [
      ['msg-1', 'sent', false],
      ['msg-2', 'discarded', false],
      ['msg-3', 'failed', true],
    ] as const) {
      await takeAll(entry(name, { lane: name }));
      const { delivery } = await go(name, 'run');
      await log.commit({ ...change(delivery, 'run', { phase }), erase: phase !== 'failed' });
      expect(await log.claim(id(name), 'again', 0)).toEqual({ kind: 'ended', failed });
    }
    expect(await log.claim(id('never-heard-of'), 'run', 0)).toEqual({ kind: 'ended', failed: false });
  });

  it('does not put back into its lane what only a person can decide', async () => {
    const { log, takeAll, go, redis, keys } = await openLog(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-1');
    const stored = await log.commit(change(delivery, 'run-1', { phase: 'uncertain', aside: true }));
    expect(stored).toMatchObject({ kind: 'stored', head: undefined });
    // A worker that died between that change and the end of its job has it run again.
    await log.claim(id('msg-1'), 'run-2', 0);
    const lanes = await redis.keys(`${keys.lane('' as never)}*`);
    expect(lanes).toEqual([]);
  });
});
