import { describe, expect, it } from 'vitest';
import type { CarriedOut } from '../../src/bridge/carry-out.ts';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { StoredDelivery } from '../../src/bridge/delivery-log.ts';
import type { Outcome } from '../../src/bridge/notification.ts';
import type { NotificationLog, StoredNotification } from '../../src/bridge/notification-log.ts';
import { createNotifications } from '../../src/bridge/notifications.ts';
import type { ChatPersonId, NotificationId, SalesforceUserId } from '../../src/bridge/people.ts';

const id = 'n1' as NotificationId;
const ada = 'T1-ADA' as ChatPersonId;
const grace = 'T1-GRACE' as ChatPersonId;

/** A notification of Ada's with these outcomes; `carried`: what becomes of each that is tried again. */
function start(
  outcomes: Outcome[],
  {
    isStopped = false,
    carried = [] as (CarriedOut | Error)[],
    parent = undefined as Partial<Delivery> | undefined,
  } = {},
) {
  const people = outcomes.map((_, n) => ({
    name: `P${n}`,
    email: `p${n}@corp.com`,
    user: `005${n}` as SalesforceUserId,
  }));
  const told = new Map(outcomes.map((outcome, n) => [people[n]?.user as SalesforceUserId, { outcome }]));
  let stopped = isStopped;
  let created: StoredNotification | undefined;
  const rung: string[] = [];
  const taken: [string, boolean][] = [];
  const log: Partial<NotificationLog> = {
    find: async () =>
      parent && outcomes.length === 0 ? created : { v: 1, id, by: ada, createdAtMs: 0, people, leftOut: [] },
    create: async (notification) => {
      created = notification;
    },
    outcomes: async () => told,
    progress: async () => ({ isStopped: stopped, version: 1, shown: 1 }),
    goesOn: async (_id, { gone }) => void goneBefore.push(gone),
    setStopped: async (_id, is) => {
      stopped = is;
    },
  };
  const retried: string[] = [];
  const goneBefore: number[] = [];
  const notifications = createNotifications({
    intake: {
      async take({ id: delivery }, redelivered) {
        taken.push([delivery, redelivered]);
        return 'stored';
      },
    },
    log: {
      read: async (delivery) =>
        delivery === 'notify-n1'
          ? parent &&
            ({ delivery: { id: delivery, author: ada, takenAtMs: 500, ...parent } } as StoredDelivery)
          : ({ delivery: { id: delivery } } as StoredDelivery),
    },
    notifications: log as NotificationLog,
    report: async () => undefined,
    carryOut: async ({ delivery }) => {
      const next = carried.shift() ?? 'done';
      if (next instanceof Error) throw next;
      if (next === 'done') {
        retried.push(delivery.id);
        told.set(delivery.id.replace('notify-n1-', '') as SalesforceUserId, { outcome: 'waiting' });
      }
      return next;
    },
    bell: { add: async () => {}, ring: async (_to, delivery) => void rung.push(delivery) },
    now: () => 1_000,
  });
  return {
    notifications,
    taken,
    rung,
    retried,
    goneBefore,
    isStopped: () => stopped,
    created: () => created,
  };
}

describe('a notification', () => {
  it('is cancelled when it could not be stored, unless it is asked for again', async () => {
    const { notifications, taken } = start([]);
    const request = { by: ada, text: 'hi', to: { named: [] } };
    await notifications.send(id, request);
    await notifications.send(id, request, true);
    expect(taken).toEqual([
      ['notify-n1', false],
      ['notify-n1', true],
    ]);
  });

  it('is stopped by its sender while some of it waits, and what waits is woken to hear of it', async () => {
    const { notifications, rung, isStopped } = start(['delivered', 'waiting']);
    expect(await notifications.stop(id, grace)).toBe(false);
    expect(isStopped()).toBe(false);
    expect(await notifications.stop(id, ada)).toBe(true);
    expect([isStopped(), rung]).toEqual([true, ['notify-n1-0051']]);
  });

  it('is stopped while nobody is known yet, also before a worker has begun with it', async () => {
    const { notifications, isStopped, created } = start([], { parent: { phase: 'queued' } });
    expect(await notifications.stop(id, grace)).toBe(false);
    expect(created()).toBeUndefined();
    expect(await notifications.stop(id, ada)).toBe(true);
    expect([isStopped(), created()]).toEqual([true, { v: 1, id, by: ada, createdAtMs: 500, leftOut: [] }]);
    expect(await notifications.resume(id, ada)).toBe(true);
    expect(isStopped()).toBe(false);
  });

  it.each<[string, Partial<Delivery>]>([
    ['nobody could be found out', { phase: 'failed' }],
    [
      'it is one person’s message',
      { phase: 'queued', notification: { id, user: '0050' as SalesforceUserId } },
    ],
  ])('has nothing to stop when %s', async (_, parent) => {
    const { notifications, created } = start([], { parent });
    expect(await notifications.stop(id, ada)).toBe(false);
    expect(created()).toBeUndefined();
  });

  it('has nothing to stop when nothing waits, and nothing to resume when nothing is stopped', async () => {
    const { notifications } = start(['delivered', 'failed']);
    expect(await notifications.stop(id, ada)).toBe(false);
    expect(await notifications.resume(id, ada)).toBe(false);
  });

  it('goes on with what was stopped, at its sender’s word', async () => {
    const { notifications, retried, goneBefore, isStopped } = start(
      ['delivered', 'stopped', 'failed', 'stopped'],
      {
        isStopped: true,
      },
    );
    expect(await notifications.resume(id, grace)).toBe(false);
    expect(await notifications.resume(id, ada)).toBe(true);
    expect([isStopped(), retried]).toEqual([false, ['notify-n1-0051', 'notify-n1-0053']]);
    // The end is foreseen from here on.
    expect(goneBefore).toEqual([2]);
  });

  it('goes on with the rest when a process has died while it went on', async () => {
    const carried = ['done' as const, new Error('died')];
    const { notifications, retried } = start(['stopped', 'stopped'], { isStopped: true, carried });
    await expect(notifications.resume(id, ada)).rejects.toThrow('died');
    expect(await notifications.resume(id, ada)).toBe(true);
    expect(retried).toEqual(['notify-n1-0050', 'notify-n1-0051']);
  });

  it('makes the messages that were never made, when that was given up', async () => {
    const { notifications, retried } = start(['delivered', 'waiting'], { parent: { phase: 'failed' } });
    expect(await notifications.retryFailed(id, ada)).toBe(1);
    expect(retried).toEqual(['notify-n1']);
  });

  it('tries again what failed, and counts what could be', async () => {
    const { notifications, retried, goneBefore } = start(['failed', 'uncertain', 'failed', 'stopped'], {
      carried: ['gone', 'done'],
    });
    expect(await notifications.retryFailed(id, grace)).toBe(0);
    expect(await notifications.retryFailed(id, ada)).toBe(1);
    expect(retried).toEqual(['notify-n1-0052']);
    expect(goneBefore).toEqual([1]);
  });
});
