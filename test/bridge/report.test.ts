import { describe, expect, it } from 'vitest';
import { type Delivery, newDelivery } from '../../src/bridge/delivery.ts';
import type { DeliveryLog, NewEntry } from '../../src/bridge/delivery-log.ts';
import type { Outcome } from '../../src/bridge/notification.ts';
import type { NotificationLog, Progress, StoredNotification } from '../../src/bridge/notification-log.ts';
import {
  BRIDGE,
  type ChatMessageId,
  type ChatPersonId,
  type ChatThreadId,
  type NotificationId,
  type SalesforceUserId,
} from '../../src/bridge/people.ts';
import { createReport } from '../../src/bridge/report.ts';
import { createShowReport } from '../../src/bridge/show-report.ts';
import { queued } from './deliveries.ts';

const id = 'n1' as NotificationId;
const ada = 'T1-ADA' as ChatPersonId;
const people = ['grace', 'alan', 'emmy', 'kurt'].map((name) => ({
  name,
  email: `${name}@corp.com`,
  user: `005${name}` as SalesforceUserId,
}));

interface Given {
  outcomes?: (Outcome | 'discarded')[];
  stored?: Partial<StoredNotification>;
  isStopped?: boolean;
  wakeAtMs?: number;
  shown?: number;
  progress?: Partial<Progress>;
  /** Users without a message of their own. */
  unmade?: string[];
  hasNote?: boolean;
  isLookingUp?: boolean;
  isGone?: boolean;
  parent?: Partial<Delivery> | null;
  hasFailed?: boolean;
}

function world(given: Given = {}) {
  const { wakeAtMs } = given;
  const stored: StoredNotification = {
    v: 1,
    id,
    by: ada,
    createdAtMs: 1_000,
    ...(!given.isLookingUp && { people }),
    leftOut: [],
    ...given.stored,
  };
  let shown = given.shown ?? -1;
  let isOver = false;
  let endMinute: number | undefined;
  const notifications: Partial<NotificationLog> = {
    find: async () => (given.isGone ? undefined : stored),
    outcomes: async () =>
      new Map(
        (given.outcomes ?? []).map((outcome, i) => [
          people[i]?.user as SalesforceUserId,
          outcome === 'discarded' ? { outcome: 'stopped', code: outcome } : { outcome },
        ]),
      ),
    progress: async () => ({ isStopped: given.isStopped ?? false, version: 7, shown, ...given.progress }),
    async setShown(_id, version, isLast, minute) {
      endMinute = minute;
      shown = version;
      isOver = isLast;
    },
  };
  const delivery = newDelivery({ ...queued });
  const log: Partial<DeliveryLog> = {
    read: async (about) =>
      (about === 'notify-n1' && given.parent === null) || given.unmade?.some((user) => about.endsWith(user))
        ? undefined
        : {
            delivery: {
              ...delivery,
              ...(about === 'notify-n1' && { author: ada, takenAtMs: 500, ...given.parent }),
              ...(given.hasFailed && { phase: 'failed' }),
              ...(wakeAtMs !== undefined && { wakeAtMs }),
            },
            content: undefined,
            isUnreadable: false,
          },
    note: async () =>
      given.hasNote ? { message: 'note' as ChatMessageId, thread: 'dm' as ChatThreadId } : undefined,
  };
  const report = createReport({
    log: log as DeliveryLog,
    notifications: notifications as NotificationLog,
    now: () => 11_000,
  });
  const said: NewEntry[] = [];
  const changed: unknown[] = [];
  const show = createShowReport({
    log: log as DeliveryLog,
    notifications: notifications as NotificationLog,
    report,
    notes: { change: async (...args) => void changed.push(args) },
    say: async (entry) => void said.push(entry),
  });
  return { report, show, said, changed, state: () => ({ shown, isOver }), endMinute: () => endMinute };
}

const reportOf = (given: Given) => world(given).report(id);

describe('the report of a notification', () => {
  it('says by name what became of each', async () => {
    const report = await reportOf({ outcomes: ['delivered', 'failed', 'uncertain'] });
    expect(report?.people.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['grace', 'delivered'],
      ['alan', 'failed'],
      ['emmy', 'uncertain'],
      ['kurt', 'waiting'],
    ]);
    expect(report?.state).toBe('sending');
  });

  it('begins with looking people up, and ends when nobody waits', async () => {
    expect(await reportOf({ isLookingUp: true })).toMatchObject({ state: 'looking-up', people: [] });
    expect((await reportOf({ outcomes: ['delivered', 'failed', 'uncertain', 'delivered'] }))?.state).toBe(
      'done',
    );
    expect((await reportOf({ outcomes: ['delivered', 'stopped', 'stopped', 'stopped'] }))?.state).toBe(
      'stopped',
    );
    expect((await reportOf({ isStopped: true, outcomes: ['delivered'] }))?.state).toBe('stopped');
  });

  it('has nothing to resume when one was discarded', async () => {
    expect((await reportOf({ outcomes: ['delivered', 'discarded', 'delivered', 'failed'] }))?.state).toBe(
      'done',
    );
    expect((await reportOf({ outcomes: ['delivered', 'discarded', 'stopped', 'failed'] }))?.state).toBe(
      'stopped',
    );
  });

  it('foresees its end by what went so far, and not before a limit lets the next one go', async () => {
    expect((await reportOf({}))?.foreseenEndMs).toBeUndefined();
    // Two in ten seconds; two are left.
    expect((await reportOf({ outcomes: ['delivered', 'delivered'] }))?.foreseenEndMs).toBe(21_000);
    expect((await reportOf({ outcomes: ['delivered', 'delivered'], wakeAtMs: 60_000 }))?.foreseenEndMs).toBe(
      70_000,
    );
    expect((await reportOf({ wakeAtMs: 60_000 }))?.foreseenEndMs).toBe(60_000);
  });
});

describe('a notification that was given up before each had a message', () => {
  it('waits for nobody who has none', async () => {
    const failure = { code: 'notification-not-stored-full', sentence: 'Not all could be stored.' };
    const given: Given = {
      outcomes: ['delivered'],
      parent: { phase: 'failed', failure },
      unmade: ['005emmy', '005kurt'],
    };
    const report = await reportOf(given);
    expect(report?.people.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['delivered', undefined],
      ['waiting', undefined],
      ['failed', failure.code],
      ['failed', failure.code],
    ]);
  });
});

describe('a notification that went on after a while', () => {
  it('foresees its end from then on', async () => {
    // One of three in the second since.
    const progress = { since: { atMs: 10_000, gone: 1 } };
    const outcomes: Outcome[] = ['delivered', 'delivered'];
    expect((await reportOf({ outcomes, progress }))?.foreseenEndMs).toBe(13_000);
    expect((await reportOf({ outcomes: ['delivered'], progress }))?.foreseenEndMs).toBeUndefined();
  });

  it('does not take what was stopped for gone', async () => {
    const outcomes: Outcome[] = ['delivered', 'delivered', 'stopped'];
    expect((await reportOf({ outcomes }))?.foreseenEndMs).toBe(16_000);
  });

  it('says why nothing goes, for as long as that is so', async () => {
    const paused = { reason: 'person-limit', untilMs: 11_001 } as const;
    expect((await reportOf({ progress: { paused } }))?.paused).toEqual(paused);
    expect(
      (await reportOf({ progress: { paused: { ...paused, untilMs: 11_000 } } }))?.paused,
    ).toBeUndefined();
  });
});

describe('a notification of which nobody is known yet', () => {
  const failure = { code: 'audience-too-large', sentence: 'That is too many.' };

  it('is there from the moment that it was taken in, before a worker has begun with it', async () => {
    expect(await reportOf({ isGone: true })).toEqual({
      id,
      by: ada,
      createdAtMs: 500,
      state: 'looking-up',
      people: [],
      leftOut: [],
    });
    expect(await reportOf({ isGone: true, parent: null })).toBeUndefined();
    expect(await reportOf({ isGone: true, parent: { phase: 'discarded' } })).toBeUndefined();
  });

  it.each<[string, Partial<Delivery> | null, string]>([
    ['cannot be found out', { phase: 'failed', failure }, 'audience-too-large'],
    ['is not to be found out any more', { phase: 'discarded' }, 'discarded'],
    ['was given up, and that is long ago', null, 'discarded'],
  ])('is over when who is meant %s, with the reason', async (_, parent, code) => {
    expect(await reportOf({ isLookingUp: true, parent })).toMatchObject({
      state: 'done',
      people: [],
      failure: { code },
    });
  });
});

describe('showing a report', () => {
  it('begins with one message, and changes that from then on', async () => {
    const first = world();
    await first.show(id);
    expect([first.said.length, first.changed.length]).toEqual([1, 0]);
    expect(first.said[0]?.delivery).toMatchObject({ id: 'notify-n1-report', author: ada });
    const second = world({ hasNote: true, outcomes: ['delivered'] });
    await second.show(id);
    expect([second.said.length, second.changed.length]).toEqual([0, 1]);
    expect(second.state()).toEqual({ shown: 7, isOver: false });
  });

  it('is changed when something is new, or the end that was foreseen is in another minute', async () => {
    const given: Given = { hasNote: true, outcomes: ['delivered'], shown: 7, wakeAtMs: 60_000 };
    const another = world(given);
    await another.show(id);
    expect([another.changed.length, another.endMinute()]).toEqual([1, 1]);
    const same = world({ ...given, progress: { endMinute: 1 } });
    await same.show(id);
    expect(same.changed).toEqual([]);
  });

  it('is over with the last change, which is made once', async () => {
    const outcomes: Outcome[] = ['delivered', 'delivered', 'delivered', 'failed'];
    const last = world({ hasNote: true, outcomes });
    await last.show(id);
    expect(last.state()).toEqual({ shown: 7, isOver: true });
    const again = world({ hasNote: true, outcomes, shown: 7 });
    await again.show(id);
    expect(again.changed).toEqual([]);
    const noMessageYet = world({ outcomes });
    await noMessageYet.show(id);
    expect(noMessageYet.state().isOver).toBe(false);
  });

  it('leaves the note alone that says why nobody could be looked up', async () => {
    const failed = world({ hasNote: true, isLookingUp: true, hasFailed: true });
    await failed.show(id);
    expect([failed.said, failed.changed]).toEqual([[], []]);
    expect(failed.state()).toEqual({ shown: 7, isOver: true });
    const early = world({ hasNote: true, isLookingUp: true });
    await early.show(id);
    expect(early.changed).toHaveLength(1);
    expect(early.state().isOver).toBe(false);
  });

  it('is over when it has expired', async () => {
    const { show, said, state } = world({ isGone: true, parent: null });
    await show(id);
    expect(said).toEqual([]);
    expect(state()).toEqual({ shown: 7, isOver: true });
  });

  it('is for people: a program reads it by itself', async () => {
    const { show, said, state } = world({ stored: { by: BRIDGE } });
    await show(id);
    expect(said).toEqual([]);
    expect(state()).toEqual({ shown: 7, isOver: false });
  });
});
