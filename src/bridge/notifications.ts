import { type CarryOut, orderAt } from './carry-out.ts';
import { ended } from './delivery.ts';
import type { Bell, DeliveryLog } from './delivery-log.ts';
import type { Intake } from './message.ts';
import type { Notifications, Reachable } from './notification.ts';
import type { NotificationLog, Told } from './notification-log.ts';
import { noticeOf } from './outbox.ts';
import type { ChatPersonId, DeliveryId, LaneKey, NotificationId } from './people.ts';
import type { ReadReport } from './report.ts';
import { begun, takenIn, tellingId } from './spread.ts';
import { canResume, isGone } from './told.ts';

export interface NotificationsOptions {
  intake: Pick<Intake, 'take'>;
  log: Pick<DeliveryLog, 'read'>;
  notifications: NotificationLog;
  report: ReadReport;
  carryOut: CarryOut;
  bell: Bell;
  now: () => number;
}

/** What people and programs do about notifications, as the process sees it that takes things in. */
export function createNotifications(
  o: NotificationsOptions,
): Pick<Notifications, 'send' | 'report' | 'stop' | 'resume' | 'retryFailed'> {
  return {
    send: createSend(o.intake),

    report: (id) => o.report(id),

    async stop(id, by) {
      const found = await theirs(id, by);
      if (!found || (!found.isBeginning && found.waiting.length === 0)) return false;
      await o.notifications.setStopped(id, true);
      // What sleeps because of a limit is stopped now, not when that is over.
      for (const person of found.waiting) await o.bell.ring('chatter', tellingId(id, person));
      return true;
    },

    async resume(id, by) {
      const found = await theirs(id, by);
      // Some are still stopped when a process has died in the middle of this.
      if (!found || (!found.isStopped && found.stopped.length === 0)) return false;
      await o.notifications.setStopped(id, false);
      await o.notifications.goesOn(id, { atMs: o.now(), gone: found.gone });
      await retry(id, found.stopped);
      return true;
    },

    async retryFailed(id, by) {
      const found = await theirs(id, by);
      if (!found) return 0;
      // It was given up before each had a message: it makes the rest.
      const made = found.hasGivenUp ? await retryOne(noticeOf(id)) : 0;
      if (found.failed.length === 0) return made;
      await o.notifications.goesOn(id, { atMs: o.now(), gone: found.gone - found.failed.length });
      return made + (await retry(id, found.failed));
    },
  };

  async function retry(id: NotificationId, people: readonly Reachable[]): Promise<number> {
    let count = 0;
    for (const person of people) count += await retryOne(tellingId(id, person));
    return count;
  }

  async function retryOne(delivery: DeliveryId): Promise<number> {
    const read = await o.log.read(delivery);
    return read && (await o.carryOut(read, 'retry', orderAt(o.now()))) === 'done' ? 1 : 0;
  }

  /** Their notification, by what became of each person's message. */
  async function theirs(id: NotificationId, by: ChatPersonId) {
    // In this order: it ends after who is told is stored.
    const taken = await takenIn(id, o.log);
    const isBeginning = taken?.author === by && !ended(taken.phase);
    // No worker has begun with it: then it begins with what is decided here.
    if (isBeginning) await o.notifications.create(begun(id, by, taken.takenAtMs));
    const stored = await o.notifications.find(id);
    if (stored?.by !== by || (!stored.people && !isBeginning)) return undefined;
    const [outcomes, { isStopped }] = await Promise.all([
      o.notifications.outcomes(id),
      o.notifications.progress(id),
    ]);
    const those = (is: (told: Pick<Told, 'outcome' | 'code'>) => boolean): Reachable[] =>
      (stored.people ?? []).filter(({ user }) => is(outcomes.get(user) ?? { outcome: 'waiting' }));
    return {
      isBeginning,
      hasGivenUp: taken?.phase === 'failed',
      isStopped,
      waiting: those(({ outcome }) => outcome === 'waiting'),
      stopped: those(canResume),
      gone: those(isGone).length,
      failed: those(({ outcome }) => outcome === 'failed'),
    };
  }
}

/** Takes a notification in: one delivery, of which the worker makes one for each person. */
export function createSend(intake: Pick<Intake, 'take'>): Notifications['send'] {
  return (id, { by, text, beyondText, to }, comesAgain = false) =>
    intake.take(
      {
        id: `notify-${id}` as DeliveryId,
        // Nothing waits for it.
        lane: `notify-${id}` as LaneKey,
        message: {
          v: 1,
          author: by,
          text,
          ...(beyondText !== undefined && { beyondText }),
          to: { kind: 'notification', id, to },
        },
      },
      comesAgain,
    );
}
