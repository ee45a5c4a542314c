import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/bridge/deliver.ts';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { change, entry } from '../store/delivery-log/log.ts';
import { end, openRig } from './rig.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const HOUR_MS = 60 * 60 * 1_000;

describe('what becomes of a job', () => {
  it('done: it is gone; the delivery log remembers', async () => {
    const { bell, stateOf, work } = await openRig(server);
    const tokens: string[] = [];
    await work(async (run) => {
      tokens.push(run.token);
      return { kind: 'done' };
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => tokens.length).toBe(1);
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    await bell.ring('chatter', id('msg-1'));
    await expect.poll(() => tokens.length).toBeGreaterThan(1);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('failed: it is shown with a code and no word of anybody', async () => {
    const { bell, stateOf, jobOf, work } = await openRig(server);
    await work(async () => ({ kind: 'failed', code: 'user-inactive' }));
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('failed');
    const job = await jobOf('msg-1');
    expect(job?.failedReason).toBe('user-inactive');
    expect(job?.data).toEqual({ v: 1, id: 'msg-1' });
  });

  it('park: it sleeps until it is rung', async () => {
    const { bell, takeAll, stateOf, jobOf, work, timing } = await openRig(server);
    await takeAll(entry('msg-1', { order: 1 }), entry('msg-2', { order: 2 }));
    const verdicts: Verdict[] = [{ kind: 'park' }, { kind: 'done' }];
    await work(async () => verdicts.shift() ?? { kind: 'done' });
    await bell.add('chatter', id('msg-2'), true);
    await expect.poll(() => stateOf('msg-2')).toBe('delayed');
    expect((await jobOf('msg-2'))?.delay).toBeGreaterThan(timing.parkMs - 60_000);
    await bell.ring('chatter', id('msg-2'));
    await expect.poll(() => stateOf('msg-2')).toBe('unknown');
  });

  it('wait: it sleeps for as long as it was told, and runs again', async () => {
    const { bell, stateOf, work } = await openRig(server);
    const runAtMs: number[] = [];
    await work(async () => {
      runAtMs.push(performance.now());
      return runAtMs.length === 1 ? { kind: 'wait', forMs: 300 } : { kind: 'done' };
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    const [first = 0, second = 0] = runAtMs;
    expect(second - first).toBeGreaterThanOrEqual(295);
  });

  it('an error that nobody foresaw: it is reported, tried again later, and the delivery keeps its place', async () => {
    const { bell, log, takeAll, stateOf, jobOf, work, errors } = await openRig(server);
    await takeAll(entry('msg-1', { order: 1 }), entry('msg-2', { order: 2 }));
    await work(async (run) => {
      await log.claim(run.id, run.token, 0);
      throw new TypeError('lunch? is not a function');
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('delayed');
    expect(errors).toEqual([{ message: 'lunch? is not a function', id: 'msg-1' }]);
    const job = await jobOf('msg-1');
    expect(job?.delay).toBeGreaterThan(4_000);
    expect(JSON.stringify([job?.failedReason, job?.stacktrace])).not.toContain('lunch');
    const read = await log.read(id('msg-1'));
    expect(read && (await log.head(read.delivery))).toBe('msg-1');
    expect(await log.claim(id('msg-2'), 'run', 0)).toEqual({ kind: 'park' });
  });

  it('leaves no text in anything that the queue stores', async () => {
    const { bell, redis, prefix, takeAll, stateOf, work } = await openRig(server);
    await takeAll(entry('msg-1', { content: '{"v":1,"text":"the merger"}' }));
    await work(async () => {
      throw new Error('cannot send: the merger');
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('delayed');
    const stored = await Promise.all(
      (await redis.keys(`${prefix}*`)).map(async (key) => [key, (await redis.dump(key))?.toString()]),
    );
    expect(JSON.stringify(stored)).toContain('msg-1');
    expect(JSON.stringify(stored)).not.toContain('merger');
  });
});

describe('a ring is never lost', () => {
  it('when it comes before the job has gone to sleep', async () => {
    const rig = await openRig(server);
    const { bell, log, takeAll, stateOf, work } = rig;
    await takeAll(entry('msg-1', { order: 1 }), entry('msg-2', { order: 2 }));
    await work(async (run) => {
      const claim = await log.claim(run.id, run.token, 0);
      if (claim.kind !== 'park') return { kind: 'done' };
      await end(rig, 'msg-1');
      await bell.ring('chatter', run.id);
      return { kind: 'park' };
    });
    await bell.add('chatter', id('msg-2'), true);
    await expect.poll(() => stateOf('msg-2')).toBe('unknown');
  });

  it('when the head leaves just as the job has gone to sleep, and its ringer has died', async () => {
    const rig = await openRig(server);
    const { bell, log, takeAll, stateOf, work } = rig;
    await takeAll(entry('msg-1', { order: 1 }), entry('msg-2', { order: 2 }));
    const parked: string[] = [];
    await work(
      async (run) => {
        const claim = await log.claim(run.id, run.token, 0);
        return claim.kind === 'park' ? { kind: 'park' } : { kind: 'done' };
      },
      {
        async step(name) {
          parked.push(name);
          await end(rig, 'msg-1');
        },
      },
    );
    await bell.add('chatter', id('msg-2'), true);
    await expect.poll(() => stateOf('msg-2')).toBe('unknown');
    expect(parked).toEqual(['park.done']);
  });

  it('when a person presses a button while the job goes to sleep for a back-off', async () => {
    const { bell, log, takeAll, stateOf, work } = await openRig(server);
    await takeAll(entry('msg-1'));
    let runs = 0;
    await work(async (run) => {
      runs += 1;
      const read = await log.read(run.id);
      if (!read || runs > 1) return { kind: 'done' };
      const { delivery } = read;
      await log.commit({ before: delivery, after: { ...delivery, tries: 0 }, outbox: [] });
      await bell.ring('chatter', run.id);
      return { kind: 'wait', forMs: HOUR_MS, version: delivery.version };
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    expect(runs).toBe(2);
  });

  it('and a back-off that nobody ended is slept through', async () => {
    const { bell, log, takeAll, stateOf, go, work } = await openRig(server);
    await takeAll(entry('msg-1'));
    const { delivery } = await go('msg-1', 'run-0');
    await log.commit(change(delivery, 'run-0', { tries: 1 }));
    let runs = 0;
    await work(async () => {
      runs += 1;
      return { kind: 'wait', forMs: HOUR_MS, version: delivery.version + 1 };
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('delayed');
    expect(runs).toBe(1);
  });
});

describe('a run', () => {
  it('may send only for a third of the lock after the last proof that it holds it', async () => {
    const { bell, work, timing, redis, prefix } = await openRig(server);
    let skewMs = 0;
    const seen: unknown[] = [];
    await work(
      async (run) => {
        const guard = async () => {
          try {
            await run.guard();
            return 'may send';
          } catch (error) {
            return error;
          }
        };
        seen.push(await guard());
        skewMs += timing.lockMs / 3 + 200;
        // The lock is still its own: proven anew.
        seen.push(await guard());
        await redis.set(`${prefix}:to-chatter:msg-1:lock`, 'somebody else');
        skewMs += timing.lockMs / 3 + 200;
        seen.push(await guard(), await run.hold());
        return { kind: 'done' };
      },
      { now: () => Date.now() + skewMs },
    );
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => seen.length).toBe(4);
    const [fresh, renewed, stale, held] = seen;
    expect([fresh, renewed, held]).toEqual(['may send', 'may send', false]);
    expect(stale).toBeInstanceOf(DeliveryError);
    expect(stale).toMatchObject({ code: 'lock-stale', certain: true, retry: { kind: 'later' } });
  });

  it('notices that another has taken its lock', async () => {
    const { bell, redis, prefix, work, timing } = await openRig(server);
    let skewMs = 0;
    const held: boolean[] = [];
    await work(
      async (run) => {
        held.push(await run.hold());
        await redis.set(`${prefix}:to-chatter:${run.id}:lock`, 'somebody else', 'PX', 60_000);
        skewMs = timing.lockMs / 6;
        held.push(await run.hold());
        return { kind: 'done' };
      },
      { now: () => Date.now() + skewMs },
    );
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => held).toEqual([true, false]);
  });

  it('that died is taken over, however often that happens', async () => {
    const { bell, stateOf, work } = await openRig(server, { lockMs: 200, stalledCheckMs: 50 });
    for (let death = 0; death < 2; death += 1) {
      let hasBegun = false;
      const worker = await work(() => {
        hasBegun = true;
        return new Promise(() => {});
      });
      if (death === 0) await bell.add('chatter', id('msg-1'), true);
      await expect.poll(() => hasBegun).toBe(true);
      // As a killed process does: no more renewals, the job stays active.
      await worker.close(true);
    }
    await work(async () => ({ kind: 'done' }));
    await expect.poll(() => stateOf('msg-1'), { timeout: 5_000 }).toBe('unknown');
  });
});

describe('a job that was copied by hand', () => {
  it('delivers nothing itself: the delivery keeps its one job', async () => {
    const { bell, queues, stateOf, work } = await openRig(server);
    const ran: string[] = [];
    await bell.add('chatter', id('msg-1'), false);
    const copy = await queues.chatter.add('to-chatter', { v: 1, id: id('msg-1') });
    await work(async (run) => {
      ran.push(run.id);
      return { kind: 'done' };
    });
    await expect.poll(() => queues.chatter.getJob(copy.id ?? '')).toBeUndefined();
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    expect(ran).toEqual(['msg-1']);
  });
});
