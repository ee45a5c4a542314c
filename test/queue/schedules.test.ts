import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NotificationRequest, Scheduled, When } from '../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../src/bridge/people.ts';
import { createRingOverdue, createRunDue, type Due } from '../../src/bridge/run-due.ts';
import { createSchedules } from '../../src/bridge/schedules.ts';
import { createCalendar } from '../../src/queue/calendar.ts';
import { createAlarms, createScheduleWorker, startOverdueWatch } from '../../src/queue/schedules.ts';
import { connectProducer, connectWorker, whenReady } from '../../src/store/redis.ts';
import { createScheduleLog } from '../../src/store/schedules.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from '../store/delivery-log/log.ts';

const server = await privateRedis();
const ada = 'T0CORP-U0ADA' as ChatPersonId;
const id = 'api-1' as NotificationId;
const request: NotificationRequest = { by: ada, text: 'lunch?', to: { named: [] } };
const everySecond: When = { cron: '* * * * * *', timeZone: 'UTC' };
const yearly: When = { cron: '0 0 1 1 *', timeZone: 'UTC' };

/** What a web process plans with, and as many workers as wanted. */
async function open() {
  const { redis, keys, box } = await openLog(server);
  const prefix = `{${randomUUID()}-jobs}`;
  const connection = connectProducer(server.url, () => {});
  await whenReady(connection, 5_000);
  const now = Date.now;
  const log = createScheduleLog(redis, keys, box);
  const calendar = createCalendar();
  const errors: string[] = [];
  const onError = (error: Error) => void errors.push(error.message);
  const alarms = createAlarms({ connection, prefix, now, onError });
  onTestFinished(async () => {
    await alarms.close().catch(() => {});
    connection.disconnect();
  });
  const noticed = (what: string) => void errors.push(what);
  const plan = (o: Partial<Parameters<typeof createSchedules>[0]> = {}) =>
    createSchedules({ log, alarms, calendar, now, noticed, ...o });
  const runs: string[] = [];
  const note: Due = async (_id, run) => {
    if (runs.includes(run)) return 'duplicate';
    runs.push(run);
    return 'stored';
  };

  async function work(due: Due = note, o: { now?: () => number; watch?: boolean } = {}) {
    const patient = connectWorker(server.url, () => {});
    const worker = createScheduleWorker({
      runDue: createRunDue({ log, calendar, due, now: o.now ?? now }),
      connection: patient,
      prefix,
      now,
      onError,
      lockMs: 1_000,
      stalledCheckMs: 200,
      againMs: { first: 50, most: 200 },
    });
    const ringOverdue = createRingOverdue({ log, alarms, now, graceMs: 100, noticed });
    const watch = o.watch ? startOverdueWatch({ ringOverdue, everyMs: 50, onError }) : undefined;
    const stop = async () => {
      await watch?.stop();
      await worker.close(true);
      patient.disconnect();
    };
    onTestFinished(stop);
    await worker.waitUntilReady();
    return { stop };
  }
  return { redis, keys, prefix, log, alarms, plan, work, runs, errors };
}

const inMs = (ms: number): When => ({ atMs: Date.now() + ms });
const secondsOf = (runs: readonly string[]) => runs.map((run) => Number(run.split('-').at(-1)));

describe('what is planned for a time', () => {
  it('is sent then, once, under its own id, and is not planned any more', async () => {
    const { plan, work, runs } = await open();
    const when = inMs(700);
    expect(await plan().schedule(id, request, when)).toBe('stored');
    const sent: [string, string, NotificationRequest, number][] = [];
    await work(async (...what) => {
      runs.push(what[1]);
      sent.push([...what, Date.now()]);
      return 'stored';
    });
    expect(await plan().scheduled(ada)).toMatchObject([{ id, when }]);
    await expect.poll(() => sent).toHaveLength(1);
    const [[of, run, what, atMs] = []] = sent;
    expect([of, run, what]).toEqual([id, id, request]);
    expect(atMs).toBeGreaterThanOrEqual((when as { atMs: number }).atMs);
    await expect.poll(() => plan().scheduled(ada)).toEqual([]);
    expect(await plan().schedule(id, request, inMs(60_000))).toBe('duplicate');
  });

  it.each([
    ['has passed', () => inMs(-1)],
    ['is more than a year ahead', () => inMs(367 * 24 * 3_600_000)],
  ])('that %s is refused', async (_what, when) => {
    const { plan } = await open();
    await expect(plan().schedule(id, request, when())).rejects.toThrow(RangeError);
    expect(await plan().scheduled(ada)).toEqual([]);
  });

  it('asked for again after its time is the same one', async () => {
    const { plan } = await open();
    const when = inMs(100);
    await plan().schedule(id, request, when);
    await expect.poll(() => Date.now()).toBeGreaterThan((when as { atMs: number }).atMs);
    expect(await plan().schedule(id, request, when)).toBe('duplicate');
  });

  it('is sent once when the workers are back', async () => {
    const { plan, work, runs } = await open();
    await plan().schedule(id, request, inMs(50));
    await expect
      .poll(() => plan().scheduled(ada))
      .toSatisfy(([one]: Scheduled[]) => (one?.nextAtMs ?? 0) < Date.now());
    await Promise.all([work(undefined, { watch: true }), work(undefined, { watch: true })]);
    await expect.poll(() => runs).toEqual([id]);
    await expect.poll(() => plan().scheduled(ada)).toEqual([]);
  });

  it('cancelled is not sent', async () => {
    const { plan, work, runs, redis, prefix } = await open();
    await plan().schedule(id, request, inMs(300));
    expect(await plan().cancel(id, 'T0CORP-U0GRACE' as ChatPersonId)).toBe(false);
    expect(await plan().cancel(id, ada)).toBe(true);
    expect(await redis.zcard(`${prefix}:schedules:delayed`)).toBe(0);
    await work(undefined, { watch: true });
    const later = 'api-2' as NotificationId;
    await plan().schedule(later, request, inMs(500));
    await expect.poll(() => runs).toEqual([later]);
    expect(await plan().cancel(id, ada)).toBe(false);
  });
});

describe('what recurs', () => {
  it('is sent each time, each under an id of its own', async () => {
    const { plan, work, runs } = await open();
    await work();
    await plan().schedule(id, request, everySecond);
    await expect.poll(() => runs.length).toBeGreaterThanOrEqual(3);
    const [first = 0, ...others] = secondsOf(runs.slice(0, 3));
    expect(others).toEqual([first + 1, first + 2]);
    expect(await plan().scheduled(ada)).toMatchObject([{ id, lastRun: runs.at(-1) }]);
  });

  it('stops when it is cancelled', async () => {
    const { plan, work, runs, redis, prefix } = await open();
    await work(undefined, { watch: true });
    await plan().schedule(id, request, everySecond);
    await expect.poll(() => runs.length).toBeGreaterThan(0);
    expect(await plan().cancel(id, ada)).toBe(true);
    expect(await redis.zcard(`${prefix}:schedules:repeat`)).toBe(0);
    const sent = runs.length;
    const later = 'api-2' as NotificationId;
    await plan().schedule(later, request, inMs(2_200));
    await expect.poll(() => runs).toContain(later);
    // One may have been due in the moment in which it was cancelled.
    expect(runs.length).toBeLessThanOrEqual(sent + 2);
  });

  it('is made up for once, with the latest, when all workers were away', async () => {
    const { plan, work, runs } = await open();
    await plan().schedule(id, request, everySecond);
    const [first] = await plan().scheduled(ada);
    const firstMs = first?.nextAtMs ?? 0;
    await expect.poll(() => Date.now(), { timeout: 6_000 }).toBeGreaterThan(firstMs + 3_000);
    const backMs = Date.now();
    await work();
    await expect.poll(() => runs.length).toBeGreaterThanOrEqual(2);
    const [made = 0, after = 0] = secondsOf(runs);
    expect(made).toBeGreaterThanOrEqual(Math.floor(backMs / 1_000));
    expect(after).toBe(made + 1);
  });

  it('says what cannot be understood, and stores nothing', async () => {
    const { plan } = await open();
    const wrong = { cron: '61 9 * * *', timeZone: 'UTC' };
    await expect(plan().schedule(id, request, wrong)).rejects.toThrow(RangeError);
    expect(await plan().scheduled(ada)).toEqual([]);
  });
});

describe('whatever happens in between', () => {
  it('a run whose worker died before its end is begun again, under the same id', async () => {
    const { plan, work } = await open();
    await plan().schedule(id, request, inMs(50));
    const begun: string[] = [];
    const dying = await work(async (_id, run) => {
      begun.push(run);
      // As a killed process does not: it neither ends nor lets go of its job.
      return new Promise(() => {});
    });
    await expect.poll(() => begun).toEqual([id]);
    await dying.stop();
    await work(async (_id, run) => {
      begun.push(run);
      return 'duplicate';
    });
    await expect.poll(() => begun).toEqual([id, id]);
    await expect.poll(() => plan().scheduled(ada)).toEqual([]);
  });

  it('what cannot be sent just now is tried again', async () => {
    const { plan, work, errors } = await open();
    await plan().schedule(id, request, inMs(20));
    let tries = 0;
    await work(async () => {
      tries += 1;
      if (tries === 1) throw new Error('Redis is away');
      return tries === 2 ? 'refused' : 'stored';
    });
    await expect.poll(() => plan().scheduled(ada)).toEqual([]);
    expect(tries).toBe(3);
    expect(errors).toEqual(['Redis is away', 'a notification that is due was refused']);
  });

  it('an alarm that could not be set is made up for', async () => {
    const { plan, work, runs, alarms, errors } = await open();
    const deaf = { ...alarms, set: () => Promise.reject(new Error('no alarm')) };
    expect(await plan({ alarms: deaf }).schedule(id, request, inMs(100))).toBe('stored');
    expect(errors).toEqual(['alarm not set']);
    await work(undefined, { watch: true });
    await expect.poll(() => runs).toEqual([id]);
  });

  it('what BullMQ has forgotten goes on', async () => {
    const { plan, work, runs, redis, prefix } = await open();
    await plan().schedule(id, request, everySecond);
    await redis.del(...(await redis.keys(`${prefix}:schedules:*`)));
    await work(undefined, { watch: true });
    await expect.poll(() => runs.length).toBeGreaterThanOrEqual(3);
    expect(await redis.zcard(`${prefix}:schedules:repeat`)).toBe(1);
    expect(new Set(runs).size).toBe(runs.length);
  });

  it('an alarm that rings by a clock ahead of ours waits for ours', async () => {
    const { plan, work, runs } = await open();
    const when = inMs(300) as { atMs: number };
    await plan().schedule(id, request, when);
    await work(undefined, { now: () => Date.now() - 600 });
    await expect.poll(() => runs).toEqual([id]);
    expect(Date.now()).toBeGreaterThanOrEqual(when.atMs + 600);
  });

  it('a Redis that was killed and is back changes nothing', async () => {
    const { plan, work, runs } = await open();
    await plan().schedule(id, request, inMs(1_500));
    await plan().schedule('api-2' as NotificationId, request, yearly);
    await work(undefined, { watch: true });
    await server.kill();
    await server.restart();
    await expect.poll(() => runs, { timeout: 12_000 }).toEqual([id]);
    const left = await plan().scheduled(ada);
    expect(left).toMatchObject([{ id: 'api-2' }]);
    const { nextAtMs = 0 } = left[0] ?? {};
    expect(new Date(nextAtMs).toISOString()).toMatch(/-01-01T00:00:00.000Z$/);
  });

  it('no job holds what is sent', async () => {
    const { plan, redis, prefix } = await open();
    await plan().schedule(id, request, inMs(60_000));
    await plan().schedule('api-2' as NotificationId, request, yearly);
    const jobs = (await redis.keys(`${prefix}:schedules:*`)).filter((key) => /api-\d/.test(key));
    expect(jobs.length).toBeGreaterThanOrEqual(3);
    for (const key of jobs) expect(JSON.stringify(await redis.hgetall(key))).not.toContain('lunch');
  });
});
