import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { startSweeper } from '../../src/queue/sweeper.ts';
import { createSweep } from '../../src/store/sweep.ts';
import { privateRedis } from '../setup/redis.ts';
import { change, entry } from '../store/delivery-log/log.ts';
import { openRig, type Rig } from './rig.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;

interface Sweeping {
  stop: () => Promise<void>;
  errors: string[];
  passes: () => number;
}

/** Sweeps as if lanes had been quiet for long before each pass. */
function sweepOften(rig: Rig, bell = rig.bell): Sweeping {
  const { redis, keys, queues } = rig;
  const errors: string[] = [];
  const sweep = createSweep(redis, keys);
  let passes = 0;
  const sweeper = startSweeper({
    async sweep() {
      passes += 1;
      for (const lane of await redis.zrange(keys.lanes, '0', '-1')) await redis.zadd(keys.lanes, 0, lane);
      return sweep();
    },
    bell,
    queues,
    everyMs: 20,
    onError: (error) => errors.push(error.message),
  });
  onTestFinished(() => sweeper.stop());
  return { stop: () => sweeper.stop(), errors, passes: () => passes };
}

describe('the sweeper', () => {
  it('adds the job that a crash left out', async () => {
    const rig = await openRig(server);
    const ran: string[] = [];
    await rig.work(async (run) => {
      ran.push(run.id);
      return { kind: 'done' };
    });
    await rig.takeAll(entry('msg-1'));
    sweepOften(rig);
    await expect.poll(() => ran).toContain('msg-1');
  });

  it('wakes a head that nobody rang', async () => {
    const rig = await openRig(server);
    await rig.takeAll(entry('msg-1'));
    await rig.bell.add('chatter', id('msg-1'), false);
    expect(await rig.stateOf('msg-1')).toBe('delayed');
    sweepOften(rig);
    await expect.poll(() => rig.stateOf('msg-1')).toBe('waiting');
  });

  it('respects a back-off', async () => {
    const rig = await openRig(server);
    let runs = 0;
    await rig.work(async (run) => {
      runs += 1;
      const { delivery } = await rig.go(run.id, run.token);
      await rig.log.commit(change(delivery, run.token, { wakeAtMs: Date.now() + 60_000 }));
      return { kind: 'wait', forMs: 60_000 };
    });
    await rig.takeAll(entry('msg-1'));
    await rig.go('msg-1', 'run-0');
    await rig.bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => rig.stateOf('msg-1')).toBe('delayed');
    const sweeper = sweepOften(rig);
    await expect.poll(sweeper.passes).toBeGreaterThan(5);
    expect(await rig.stateOf('msg-1')).toBe('delayed');
    expect(runs).toBe(1);
  });

  it('wakes what is due although it sleeps: a Retry whose ring was lost', async () => {
    const rig = await openRig(server);
    await rig.takeAll(entry('msg-1'));
    const { delivery } = await rig.go('msg-1', 'run-1');
    await rig.bell.add('chatter', id('msg-1'), false);
    const wakeAtMs = Date.now() + 60_000;
    const slow = await rig.log.commit(change(delivery, 'run-1', { phase: 'uncertain', wakeAtMs }));
    if (slow.kind !== 'stored') throw new Error(slow.kind);
    const { wakeAtMs: _due, ...retried } = slow.delivery;
    await rig.log.commit({ before: slow.delivery, after: { ...retried, phase: 'queued' }, outbox: [] });
    sweepOften(rig);
    await expect.poll(() => rig.stateOf('msg-1')).toBe('waiting');
  });

  it.each([
    ['is gone', async (rig: Rig) => void (await (await rig.jobOf('msg-1'))?.remove())],
    [
      'has failed',
      async (rig: Rig) => {
        await (await rig.jobOf('msg-1'))?.promote();
        const worker = await rig.work(async () => ({ kind: 'failed', code: 'by-hand' }));
        await expect.poll(() => rig.stateOf('msg-1')).toBe('failed');
        await worker.close();
      },
    ],
  ])('gives the current one a job again when that %s', async (_how, spoil) => {
    const rig = await openRig(server);
    await rig.takeAll(entry('msg-1'));
    await rig.go('msg-1', 'run-0');
    await rig.bell.add('chatter', id('msg-1'), false);
    await spoil(rig);
    sweepOften(rig);
    await expect.poll(() => rig.stateOf('msg-1')).toBe('waiting');
  });

  it('mends the other lanes when one cannot be mended', async () => {
    const rig = await openRig(server);
    await rig.takeAll(
      entry('msg-1', { lane: 'a' }),
      entry('msg-2', { lane: 'b' }),
      entry('msg-3', { lane: 'c' }),
    );
    const { errors } = sweepOften(rig, {
      ...rig.bell,
      async ring(to, delivery) {
        if (delivery === 'msg-1') throw new Error('no bell for msg-1');
        await rig.bell.ring(to, delivery);
      },
    });
    for (const name of ['msg-2', 'msg-3']) await expect.poll(() => rig.stateOf(name)).toBe('waiting');
    expect(errors).toContain('no bell for msg-1');
  });

  it('outlives a Redis that is away, and says so', async () => {
    const rig = await openRig(server);
    await rig.takeAll(entry('msg-1'));
    const { errors } = sweepOften(rig);
    await server.restart();
    await expect.poll(() => rig.stateOf('msg-1').catch(() => 'away'), { timeout: 10_000 }).toBe('waiting');
    expect(errors.length).toBeGreaterThan(0);
  });

  it('does nothing more once it was stopped', async () => {
    const rig = await openRig(server);
    const sweeper = sweepOften(rig);
    await expect.poll(sweeper.passes).toBeGreaterThan(1);
    await sweeper.stop();
    const passes = sweeper.passes();
    await rig.takeAll(entry('msg-1'));
    const later = sweepOften(await openRig(server));
    await expect.poll(later.passes).toBeGreaterThan(3);
    expect(sweeper.passes()).toBe(passes);
    expect(await rig.stateOf('msg-1')).toBe('unknown');
  });
});
