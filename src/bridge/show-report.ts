import { DeliveryError } from './delivery-error.ts';
import type { DeliveryLog, NewEntry } from './delivery-log.ts';
import type { NotificationLog } from './notification-log.ts';
import { noticeOf, reportEntry } from './outbox.ts';
import { BRIDGE, type NotificationId } from './people.ts';
import type { ChatNotes } from './ports.ts';
import type { ReadReport } from './report.ts';

export interface ShowReportOptions {
  log: Pick<DeliveryLog, 'note'>;
  notifications: NotificationLog;
  report: ReadReport;
  notes: Pick<ChatNotes, 'change'>;
  /** Says what has not been said yet, by the entry's id. */
  say: (entry: NewEntry) => Promise<void>;
}

/**
 * Shows its sender how far a notification is: one message, changed in place. A change that is lost is made at the next look,
 * since only what was shown is stored as shown.
 */
export function createShowReport(o: ShowReportOptions) {
  return async (id: NotificationId): Promise<void> => {
    const { version, shown, endMinute } = await o.notifications.progress(id);
    const report = await o.report(id);
    // It has expired: then it is not due any more, either.
    if (!report) return o.notifications.setShown(id, version, true);
    // Then a note with its reason and a Retry stands there, which goes on with this.
    if (report.failure) return o.notifications.setShown(id, version, true);
    const isOver = report.state === 'done' || report.state === 'stopped';
    if (report.by === BRIDGE) return o.notifications.setShown(id, version, isOver);
    const note = await o.log.note(noticeOf(id));
    const end = report.foreseenEndMs === undefined ? undefined : Math.floor(report.foreseenEndMs / 60_000);
    if (!note) await o.say(reportEntry(report));
    // What was foreseen moves on although nothing else does, and is said to the minute.
    else if (shown !== version || (!isOver && endMinute !== end)) await change(note.message);
    else if (!isOver) return;
    await o.notifications.setShown(id, version, note !== undefined && isOver, note && end);

    async function change(message: NonNullable<typeof note>['message']): Promise<void> {
      if (report) await o.notes.change(message, { words: 'notification', report });
    }
  };
}

/** Slack is busy or away: the next look shows it. */
export const isPassing = (error: unknown): boolean =>
  error instanceof DeliveryError && error.retry.kind !== 'never';
