import { type Delivery, ended } from './delivery.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { PersonOutcome, Reachable, Report } from './notification.ts';
import type { NotificationLog, StoredNotification, Stretch } from './notification-log.ts';
import type { NotificationId } from './people.ts';
import { takenIn, tellingId } from './spread.ts';
import { canResume, isGone } from './told.ts';

export interface ReportOptions {
  log: Pick<DeliveryLog, 'read'>;
  notifications: NotificationLog;
  now: () => number;
}

type Outcomes = Awaited<ReturnType<NotificationLog['outcomes']>>;

/** What is known of a notification now. */
export function createReport(o: ReportOptions) {
  return async (id: NotificationId): Promise<Report | undefined> => {
    // In this order: it ends after who is told is stored.
    const taken = await takenIn(id, o.log);
    const stored = await o.notifications.find(id);
    if (!stored?.people) return beginning(id, stored, taken);
    const { by, createdAtMs, leftOut } = stored;
    const about = { id, by, createdAtMs, leftOut };
    const [known, { isStopped, since, paused }] = await Promise.all([
      o.notifications.outcomes(id),
      o.notifications.progress(id),
    ]);
    const outcomes = taken?.phase === 'failed' ? await withUnmade(id, stored.people, known, taken) : known;
    const people = stored.people.map(({ name, email, user }): PersonOutcome => {
      const told = outcomes.get(user) ?? { outcome: 'waiting' };
      return { name, email, ...told };
    });
    const waits = stored.people.find(({ user }) => (outcomes.get(user)?.outcome ?? 'waiting') === 'waiting');
    if (!waits)
      return {
        ...about,
        people,
        state: people.some(canResume) ? 'stopped' : 'done',
      };
    const wakeAtMs = (await o.log.read(tellingId(id, waits)))?.delivery.wakeAtMs;
    const foreseenEndMs = foreseen(since ?? { atMs: createdAtMs, gone: 0 }, people, wakeAtMs);
    return {
      ...about,
      people,
      state: isStopped ? 'stopped' : 'sending',
      ...(foreseenEndMs !== undefined && { foreseenEndMs }),
      ...(paused && paused.untilMs > o.now() && { paused }),
    };
  };

  /** It was given up before each had a message: whoever has none does not wait for it. */
  async function withUnmade(
    id: NotificationId,
    people: readonly Reachable[],
    known: Outcomes,
    { failure }: Delivery,
  ): Promise<Outcomes> {
    const outcomes = new Map(known);
    for (const person of people) {
      if (outcomes.has(person.user) || (await o.log.read(tellingId(id, person)))) continue;
      outcomes.set(person.user, { outcome: 'failed', ...failure });
    }
    return outcomes;
  }

  /** Before anybody is known. It was taken in before a worker has begun with it. */
  function beginning(
    id: NotificationId,
    stored: StoredNotification | undefined,
    taken: Delivery | undefined,
  ): Report | undefined {
    const from = stored ?? (taken && { by: taken.author, createdAtMs: taken.takenAtMs });
    if (!from || (!stored && taken?.phase === 'discarded')) return undefined;
    const about = { id, by: from.by, createdAtMs: from.createdAtMs, leftOut: [], people: [] };
    if (taken && !ended(taken.phase)) return { ...about, state: 'looking-up' };
    const failure =
      taken?.phase === 'failed' && taken.failure
        ? taken.failure
        : { code: 'discarded', sentence: 'It was discarded.' };
    return { ...about, state: 'done', failure };
  }

  /** By how many went since it goes; not before a limit lets the next one go. undefined: none has gone yet. */
  function foreseen(since: Stretch, people: readonly PersonOutcome[], wakeAtMs = 0): number | undefined {
    const nowMs = o.now();
    const waiting = people.filter(({ outcome }) => outcome === 'waiting').length;
    const gone = people.filter(isGone).length - since.gone;
    if (gone <= 0 && wakeAtMs <= nowMs) return undefined;
    const eachMs = gone <= 0 ? 0 : (nowMs - since.atMs) / gone;
    return Math.max(nowMs, wakeAtMs) + waiting * eachMs;
  }
}

export type ReadReport = ReturnType<typeof createReport>;
