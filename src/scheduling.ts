import type { Notifications } from './bridge/notification.ts';
import { createRingOverdue, createRunDue } from './bridge/run-due.ts';
import { createSchedules, type Schedules } from './bridge/schedules.ts';
import type { Foundation } from './foundation.ts';
import { createCalendar } from './queue/calendar.ts';
import {
  createAlarms,
  createScheduleWorker,
  type ScheduleQueueOptions,
  startOverdueWatch,
} from './queue/schedules.ts';
import { connectProducer, connectWorker, whileConnected } from './store/redis.ts';
import { createScheduleLog } from './store/schedules.ts';

/** An alarm that has not rung so long after its time was lost… */
const OVERDUE_MS = 5_000;
/** …and that is looked for so often, by every worker. */
const WATCH_MS = 5_000;

/** What is sent later, as both processes see it. */
export function openSchedules(base: Foundation): { schedules: Schedules; close(): Promise<void> } {
  const { connection, ...parts } = partsOf(base);
  return {
    schedules: createSchedules({ ...parts, now: Date.now, noticed: noticedBy(base) }),
    async close() {
      await whileConnected(connection, parts.alarms.close());
      connection.disconnect();
    },
  };
}

/** Sends what is due, in this process among others. */
export function startScheduling(
  base: Foundation,
  send: Notifications['send'],
  onError: (error: Error) => void,
): { stop(): Promise<void> } {
  const { timing, config } = base;
  const { connection: producer, log, alarms, calendar } = partsOf(base);
  const now = Date.now;
  const connection = connectWorker(config.redisUrl, onError);
  const worker = createScheduleWorker({
    ...queueOptions(base, connection),
    runDue: createRunDue({ log, calendar, due: (_id, run, request) => send(run, request, true), now }),
    lockMs: timing.lockMs,
    stalledCheckMs: timing.stalledCheckMs,
  });
  const watch = startOverdueWatch({
    ringOverdue: createRingOverdue({ log, alarms, now, graceMs: OVERDUE_MS, noticed: noticedBy(base) }),
    everyMs: WATCH_MS,
    onError,
  });
  return {
    async stop() {
      await watch.stop();
      await whileConnected(connection, worker.close());
      await whileConnected(producer, alarms.close());
      connection.disconnect();
      producer.disconnect();
    },
  };
}

function partsOf(base: Foundation) {
  const { config, log, state, keys, box } = base;
  const connection = connectProducer(config.redisUrl, (err) => log.warn({ err }, 'redis'));
  return {
    connection,
    log: createScheduleLog(state, keys, box),
    alarms: createAlarms(queueOptions(base, connection)),
    calendar: createCalendar(),
  };
}

function queueOptions(
  { prefix, log }: Foundation,
  connection: ScheduleQueueOptions['connection'],
): ScheduleQueueOptions {
  return {
    connection,
    prefix,
    now: Date.now,
    onError: (err, notification) => log.warn({ err, notification }, 'schedules'),
  };
}

const noticedBy =
  ({ log }: Foundation) =>
  (what: string, notification: string, err: unknown): void =>
    log.warn({ err, notification }, what);
