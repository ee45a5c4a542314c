import type { NotificationRequest, Scheduled, When } from './notification.ts';
import type { ChatPersonId, NotificationId } from './people.ts';
import type { Alarms, Calendar, ScheduleLog, StoredSchedule } from './schedule.ts';
import type { Taken } from './taken.ts';

/** The part of `Notifications` that is about later. */
export interface Schedules {
  schedule(id: NotificationId, request: NotificationRequest, when: When): Promise<Taken>;
  scheduled(by: ChatPersonId): Promise<readonly Scheduled[]>;
  cancel(id: NotificationId, by: ChatPersonId): Promise<boolean>;
}

/** Further ahead nobody plans, and keys of encryption change. */
const MOST_AHEAD_MS = 366 * 24 * 60 * 60 * 1_000;

export interface SchedulesOptions {
  log: ScheduleLog;
  alarms: Alarms;
  calendar: Calendar;
  now: () => number;
  /** The alarm of one that is stored could not be set. It is rung soon after its time, by whoever looks for what is overdue. */
  noticed: (what: string, id: NotificationId, error: unknown) => void;
}

export function createSchedules({ log, alarms, calendar, now, noticed }: SchedulesOptions): Schedules {
  function firstAtMs(when: When): number {
    if ('cron' in when) return calendar.next(when, now());
    if (when.atMs <= now()) throw new RangeError('That time has passed.');
    if (when.atMs > now() + MOST_AHEAD_MS) throw new RangeError('That is more than a year ahead.');
    return when.atMs;
  }

  return {
    async schedule(id, request, when) {
      // Asked again after its time it is still the same one.
      if (await log.isKnown(id)) return 'duplicate';
      const stored: StoredSchedule = { id, by: request.by, when, nextAtMs: firstAtMs(when), request };
      const taken = await log.add(stored);
      if (taken === 'stored') {
        await alarms.set(stored).catch((error: unknown) => noticed('alarm not set', id, error));
      }
      return taken;
    },
    scheduled: (by) => log.of(by),
    async cancel(id, by) {
      const cancelled = await log.cancel(id, by);
      // An alarm for what is not there any more rings in vain.
      if (cancelled)
        await alarms.clear(cancelled).catch((error: unknown) => noticed('alarm not cleared', id, error));
      return cancelled !== undefined;
    },
  };
}
