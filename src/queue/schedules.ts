import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Scheduled } from '../bridge/notification.ts';
import type { NotificationId } from '../bridge/people.ts';
import type { Rung } from '../bridge/run-due.ts';
import type { Alarms } from '../bridge/schedule.ts';
import { jobIdOf } from './queues.ts';
import { restWhenRefused } from './rest.ts';

/** Which notification, and the time that it is rung for; not of a recurring one, whose job bears it. What is sent is in no job. */
interface AlarmData {
  v: 1;
  id: NotificationId;
  atMs?: number;
}

export const SCHEDULE_QUEUE = 'schedules';

const alarmIdOf = (id: NotificationId, atMs: number): string => `${jobIdOf(id)}-${atMs}`;

/** One that could not be sent when it was due is tried again after so long, doubling. */
const AGAIN_MS = { first: 5_000, most: 5 * 60_000 };

export interface ScheduleQueueOptions {
  connection: Redis;
  prefix: string;
  now: () => number;
  onError: (error: Error, id?: NotificationId) => void;
}

/**
 * Alarms in BullMQ: a delayed job for what is sent once, a job scheduler for what recurs. Its state is in Redis like ours, and
 * may be lost apart from it: so what is overdue is looked for, and rung for, besides.
 */
export function createAlarms(o: ScheduleQueueOptions): Alarms & { close(): Promise<void> } {
  const queue = new Queue<AlarmData>(SCHEDULE_QUEUE, {
    connection: o.connection,
    prefix: o.prefix,
    // One that is still to be sent is delayed, never failed.
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', (error) => o.onError(error));

  async function add({ id, nextAtMs }: Scheduled, delay: number): Promise<void> {
    const data: AlarmData = { v: 1, id, atMs: nextAtMs };
    // One alarm for one run: adding what is there already changes nothing.
    await queue.add(SCHEDULE_QUEUE, data, { jobId: alarmIdOf(id, nextAtMs), delay });
  }

  return {
    async set(schedule) {
      const { id, when, nextAtMs } = schedule;
      if ('atMs' in when) return add(schedule, Math.max(nextAtMs - o.now(), 0));
      // Setting it again would take away the job of a run that is overdue.
      if (await queue.getJobScheduler(jobIdOf(id))) return;
      const template = { name: SCHEDULE_QUEUE, data: { v: 1, id } satisfies AlarmData };
      await queue.upsertJobScheduler(jobIdOf(id), { pattern: when.cron, tz: when.timeZone }, template);
    },
    ringNow: (schedule) => add(schedule, 0),
    async clear({ id, when, nextAtMs }) {
      if ('cron' in when) await queue.removeJobScheduler(jobIdOf(id));
      await queue.remove(alarmIdOf(id, nextAtMs));
    },
    close: () => queue.close(),
  };
}

export interface ScheduleWorkerOptions extends ScheduleQueueOptions {
  runDue: (id: NotificationId, forMs: number) => Promise<Rung>;
  /** See Timing. */
  lockMs: number;
  stalledCheckMs: number;
  concurrency?: number;
  againMs?: { first: number; most: number };
}

/** Listens to the alarms. One whose worker died is rung again by another one. */
export function createScheduleWorker(o: ScheduleWorkerOptions): Worker<AlarmData> {
  const { concurrency = 5, againMs = AGAIN_MS } = o;
  const worker = new Worker<AlarmData>(SCHEDULE_QUEUE, ring, {
    connection: o.connection,
    prefix: o.prefix,
    concurrency,
    lockDuration: o.lockMs,
    stalledInterval: o.stalledCheckMs,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  worker.on('error', (error) => o.onError(error));
  restWhenRefused(worker, o.onError);
  return worker;

  async function ring(job: Job<AlarmData>, token = ''): Promise<void> {
    const { id, atMs = job.opts.prevMillis ?? 0 } = job.data;
    let rung: Rung;
    try {
      rung = await o.runDue(id, atMs);
    } catch (error) {
      o.onError(error instanceof Error ? error : new Error('unforeseen', { cause: error }), id);
      const forMs = Math.min(againMs.first * 2 ** (job.attemptsStarted - 1), againMs.most);
      rung = { kind: 'again', atMs: o.now() + forMs };
    }
    if (rung.kind === 'done') return;
    await job.moveToDelayed(Math.max(rung.atMs, o.now() + 1), token);
    throw new DelayedError();
  }
}

/**
 * Looks every now and then for what is overdue; every worker does. Once at the start: what was due while all were down is
 * rung for by BullMQ itself as well.
 */
export function startOverdueWatch(o: {
  ringOverdue: () => Promise<void>;
  everyMs: number;
  onError: (error: Error) => void;
}): { stop(): Promise<void> } {
  let isStopped = false;
  const look = async (): Promise<void> => {
    if (isStopped) return;
    await o.ringOverdue().catch((error: unknown) => {
      o.onError(error instanceof Error ? error : new Error('looking for what is overdue failed'));
    });
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, o.everyMs);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
