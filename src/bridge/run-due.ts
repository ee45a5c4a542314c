import type { NotificationRequest } from './notification.ts';
import type { NotificationId } from './people.ts';
import type { Alarms, Calendar, ScheduleLog } from './schedule.ts';
import type { Taken } from './taken.ts';

/**
 * Sends what is due. May be called more than once for the same, also at the same time, as the same run always has the same
 * id: whoever sends it knows it again.
 * @param run of one that recurs, its own id; else that of the notification.
 * @returns what became of it: anything but `stored`, `duplicate`, or that too much waits, means that it is due again.
 */
export type Due = (id: NotificationId, run: NotificationId, request: NotificationRequest) => Promise<Taken>;

/** Whether an alarm has done its work, or when it is to ring again. */
export type Rung = { kind: 'done' } | { kind: 'again'; atMs: number };

export interface RunDueOptions {
  log: ScheduleLog;
  calendar: Calendar;
  due: Due;
  now: () => number;
}

/**
 * What is done when an alarm rings. Of several runs that were missed only the latest is made up for.
 * @param forMs the time that the alarm was set for.
 * @throws when it cannot be sent or stored now: it is to ring again later.
 */
export function createRunDue({ log, calendar, due, now }: RunDueOptions) {
  return async (id: NotificationId, forMs: number): Promise<Rung> => {
    const schedule = await log.read(id);
    // Cancelled, or somebody else was faster.
    if (!schedule || schedule.nextAtMs > forMs) return { kind: 'done' };
    const { when, nextAtMs, request } = schedule;
    const nowMs = now();
    // Whoever set it off has a clock that is ahead of ours.
    if (nextAtMs > nowMs) return { kind: 'again', atMs: nextAtMs };
    const recurs = 'cron' in when;
    const runAtMs = recurs ? calendar.latest(when, nextAtMs, nowMs) : nextAtMs;
    const run = recurs ? runIdOf(id, runAtMs) : id;
    const taken = await due(id, run, request);
    // That this one was too much is said, and stays true: it does not go when nobody expects it any more.
    if (!['stored', 'duplicate', 'person-full', 'bridge-full'].includes(taken))
      throw new Error(`a notification that is due was ${taken}`);
    await log.ran(schedule, run, recurs ? calendar.next(when, Math.max(runAtMs, nowMs)) : undefined);
    return { kind: 'done' };
  };
}

/** `api-1f…-1795683600`: no two runs of one notification are in the same second. */
export function runIdOf(id: NotificationId, atMs: number): NotificationId {
  return `${id}-${Math.floor(atMs / 1_000)}` as NotificationId;
}

/** Rings for what was due a while ago: its alarm was lost, with the process that was setting it or with Redis. */
export function createRingOverdue(o: {
  log: ScheduleLog;
  alarms: Alarms;
  now: () => number;
  graceMs: number;
  noticed: (what: string, id: NotificationId, error: unknown) => void;
}): () => Promise<void> {
  return async () => {
    for (const schedule of await o.log.dueBy(o.now() - o.graceMs)) {
      try {
        await o.alarms.ringNow(schedule);
        await o.alarms.set(schedule);
      } catch (error) {
        o.noticed('overdue, and its alarm cannot be set', schedule.id, error);
      }
    }
  };
}
