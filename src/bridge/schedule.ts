import type { NotificationRequest, Scheduled } from './notification.ts';
import type { ChatPersonId, NotificationId } from './people.ts';

/** One that is sent later, with what is sent. */
export interface StoredSchedule extends Scheduled {
  request: NotificationRequest;
}

/** What is sent later, kept until it has gone or was cancelled. Each throws when Redis does not answer in time. */
export interface ScheduleLog {
  /** @returns `duplicate` also for one that has gone, or was cancelled, within a day. */
  add(schedule: StoredSchedule): Promise<'stored' | 'duplicate' | 'person-full'>;
  /** @throws when no key opens what is stored. */
  read(id: NotificationId): Promise<StoredSchedule | undefined>;
  isKnown(id: NotificationId): Promise<boolean>;
  /** In the order in which they are due. */
  of(by: ChatPersonId): Promise<readonly Scheduled[]>;
  /** The first of those that were due by that time. */
  dueBy(atMs: number): Promise<readonly Scheduled[]>;
  /**
   * It has gone as `run`. Nothing happens when it is not due as it was read any more: whoever was faster has said so.
   * @param nextAtMs undefined: that was all, and what was sent is erased.
   */
  ran(schedule: Scheduled, run: NotificationId, nextAtMs: number | undefined): Promise<void>;
  /** Erases what would have been sent. @returns undefined: there is no such one, or not of theirs. */
  cancel(id: NotificationId, by: ChatPersonId): Promise<Scheduled | undefined>;
}

/** What rings when something is due: at least once, never early by its own clock. Everything may be done twice. */
export interface Alarms {
  set(schedule: Scheduled): Promise<void>;
  /** Rings at once, for one whose alarm was lost. */
  ringNow(schedule: Scheduled): Promise<void>;
  clear(schedule: Scheduled): Promise<void>;
}

/** When a recurring one is due. */
export interface Calendar {
  /**
   * The first time after that one.
   * @throws RangeError for a `cron` or a time zone that cannot be understood, or one that never comes.
   */
  next(when: { cron: string; timeZone: string }, afterMs: number): number;
  /** The last one from `firstMs`, which is one, to `untilMs`. */
  latest(when: { cron: string; timeZone: string }, firstMs: number, untilMs: number): number;
}
