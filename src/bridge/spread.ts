import { mayActFor } from './consent.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { Bell, DeliveryLog } from './delivery-log.ts';
import { entryOf } from './incoming.ts';
import { laneOf } from './lane.ts';
import type { WrittenMessage } from './message.ts';
import type { Preview, Previews, Reachable } from './notification.ts';
import type { NotificationLog, StoredNotification } from './notification-log.ts';
import type { OptOuts } from './opt-outs.ts';
import { noticeOf } from './outbox.ts';
import { type Addressee, BRIDGE, type DeliveryId, type NotificationId } from './people.ts';
import type { ChatPeople, SalesforceDirectory } from './ports.ts';
import { STOPPED } from './told.ts';

export interface SpreadOptions {
  log: Pick<DeliveryLog, 'take'>;
  notifications: NotificationLog;
  previews: Previews;
  optOuts: OptOuts;
  bell: Bell;
  /** Throws DeliveryError when nothing can be sent as them: then everybody's message would fail for that. */
  canSend: (by: Delivery['author']) => Promise<void>;
  now: () => number;
}

/** The bridge keeps no more than so much; what is more waits with the one that it comes from. */
const TAKE_MS = 5_000;
/** As a look-up in Salesforce costs more than Redis: so many are stored at once. */
const AT_ONCE = 20;

type Named = Extract<WrittenMessage['to'], { kind: 'notification' }>;

/** The delivery that a notification was taken in as; not one person's message, whose id begins in the same way. */
export async function takenIn(
  id: NotificationId,
  log: Pick<DeliveryLog, 'read'>,
): Promise<Delivery | undefined> {
  const delivery = (await log.read(noticeOf(id)))?.delivery;
  return delivery?.notification ? undefined : delivery;
}

/** One of which nobody is looked up yet. */
export const begun = (
  id: NotificationId,
  by: Delivery['author'],
  createdAtMs: number,
): StoredNotification => ({
  v: 1,
  id,
  by,
  createdAtMs,
  leftOut: [],
});

/** The delivery of one person's message. */
export const tellingId = (id: NotificationId, { user }: Pick<Reachable, 'user'>): DeliveryId =>
  `notify-${id}-${user}` as DeliveryId;

/**
 * Makes one message of a notification for each person, and each is a delivery as any other. Repeated after a crash it makes
 * the same ones. @throws DeliveryError when nothing can be sent as its sender, and where trying again may help.
 */
export function createSpread(o: SpreadOptions) {
  return async (message: WrittenMessage, to: Named): Promise<void> => {
    const { author } = message;
    const stored = await o.notifications.find(to.id);
    if (!stored?.people) await o.canSend(author);
    if (!stored) {
      await o.notifications.create(begun(to.id, author, o.now()));
    }
    const known = stored?.people ? stored : await lookUp(author, to);
    const { people = [] } = known;
    // Known for longer than the messages themselves: whoever comes again with this id tells nobody twice.
    const outcomes = await o.notifications.outcomes(to.id);
    await takeAll(
      message,
      to.id,
      people.filter(({ user }) => !outcomes.has(user)),
    );
  };

  async function lookUp(author: Delivery['author'], { id, to }: Named): Promise<StoredNotification> {
    const { reachable, leftOut } =
      'confirmed' in to ? await stillWilling(to.confirmed) : await o.previews.preview(author, to.named);
    const known = await o.notifications.setPeople(id, reachable, leftOut);
    await o.notifications.goesOn(id, { atMs: o.now(), gone: 0 });
    return known;
  }

  /** It may have been confirmed long before it is sent. */
  async function stillWilling({ reachable, leftOut }: Preview): Promise<Preview> {
    const { willing, optedOut } = await o.optOuts(reachable);
    return { reachable: willing, leftOut: [...leftOut, ...optedOut] };
  }

  async function takeAll(
    message: WrittenMessage,
    id: NotificationId,
    people: readonly Reachable[],
  ): Promise<void> {
    for (let from = 0; from < people.length; from += AT_ONCE) {
      await Promise.all(people.slice(from, from + AT_ONCE).map((person) => take(message, id, person)));
    }
  }

  async function take(
    { author, text, beyondText }: WrittenMessage,
    id: NotificationId,
    person: Reachable,
  ): Promise<void> {
    const people: readonly Addressee[] = [
      { kind: 'user', id: person.user, name: person.name, isFound: true },
    ];
    const entry = entryOf({
      id: tellingId(id, person),
      lane: laneOf(author, people),
      message: {
        v: 1,
        author,
        text,
        ...(beyondText !== undefined && { beyondText }),
        to: { kind: 'people', people },
        notification: { id, user: person.user },
      },
    });
    const taken = await o.log.take(entry, TAKE_MS);
    if (taken.kind === 'duplicate' || taken.kind === 'cancelled') return;
    if (taken.kind === 'stored')
      return o.bell.add('chatter', entry.delivery.id, taken.head === entry.delivery.id);
    throw new DeliveryError({
      retry: { kind: 'later' },
      certain: true,
      code: `notification-not-stored-${taken.kind}`,
      sentence: 'Not all messages of the notification could be stored yet.',
    });
  }
}

export type Spread = ReturnType<typeof createSpread>;

/** @throws DeliveryError when nothing can be sent as them: then everybody's message would fail for that. */
export async function canSend(
  by: Delivery['author'],
  o: {
    log: Pick<DeliveryLog, 'person'>;
    people: Pick<ChatPeople, 'find'>;
    directory: Pick<SalesforceDirectory, 'findByEmail'>;
  },
): Promise<void> {
  if (by === BRIDGE) return;
  await mayActFor(by, o.log);
  const { email } = await o.people.find(by, 'sender');
  await o.directory.findByEmail(email, undefined);
}

/** @throws DeliveryError when the notification that a message is of was stopped. */
export async function mayGo(
  { notification }: WrittenMessage,
  notifications: Pick<NotificationLog, 'progress'>,
): Promise<void> {
  if (!notification || !(await notifications.progress(notification.id)).isStopped) return;
  throw refusedForGood(STOPPED, 'You have stopped this notification.');
}
