import { describe, expect, it } from 'vitest';
import { refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { NewEntry, TakeResult } from '../../src/bridge/delivery-log.ts';
import type { WrittenMessage } from '../../src/bridge/message.ts';
import type { LeftOut, Reachable } from '../../src/bridge/notification.ts';
import type { NotificationLog, StoredNotification } from '../../src/bridge/notification-log.ts';
import type { ChatPersonId, NotificationId, SalesforceUserId } from '../../src/bridge/people.ts';
import { createSpread, mayGo } from '../../src/bridge/spread.ts';

const id = 'n1' as NotificationId;
const ada = 'T1-ADA' as ChatPersonId;
const person = (name: string): Reachable => ({
  name,
  email: `${name}@corp.com`,
  user: `005${name}` as SalesforceUserId,
});
const [grace, alan] = [person('grace'), person('alan')];
const leftOut: LeftOut[] = [{ name: 'robot', why: 'bot' }];
const named = { kind: 'notification', id, to: { named: [{ kind: 'group', name: '@team' }] } } as const;
const message: WrittenMessage = { v: 1, author: ada, text: 'hello', to: named };

function world(
  given: {
    taken?: TakeResult;
    cannotSend?: Error;
    isStopped?: boolean;
    isOut?: string;
    outcomes?: string[];
  } = {},
) {
  const taken: NewEntry[] = [];
  const rung: string[] = [];
  let stored: StoredNotification | undefined;
  let lookUps = 0;
  const notifications: Partial<NotificationLog> = {
    async create(notification) {
      stored ??= notification;
    },
    find: async () => stored,
    async setPeople(_id, people, left) {
      if (!stored) throw new Error('not stored');
      stored = stored.people ? stored : { ...stored, people, leftOut: left };
      return stored;
    },
    outcomes: async () =>
      new Map((given.outcomes ?? []).map((user) => [user as SalesforceUserId, { outcome: 'delivered' }])),
    goesOn: async () => {},
    progress: async () => ({ isStopped: given.isStopped ?? false, version: 1, shown: -1 }),
  };
  const spread = createSpread({
    log: {
      async take(entry) {
        if (given.taken) return given.taken;
        if (taken.some((one) => one.delivery.id === entry.delivery.id)) return { kind: 'duplicate' };
        taken.push(entry);
        return { kind: 'stored', head: entry.delivery.id };
      },
    },
    notifications: notifications as NotificationLog,
    previews: {
      async preview() {
        lookUps += 1;
        return { reachable: [grace, alan], leftOut };
      },
    },
    optOuts: async (members) => ({
      willing: members.filter(({ name }) => name !== given.isOut),
      optedOut: members
        .filter(({ name }) => name === given.isOut)
        .map(({ name, email }) => ({ name, email, why: 'opted-out' })),
    }),
    bell: { add: async (_to, one) => void rung.push(one), ring: async () => {} },
    canSend: async () => {
      if (given.cannotSend) throw given.cannotSend;
    },
    now: () => 1_000,
  });
  return { spread, taken, rung, stored: () => stored, lookUps: () => lookUps, notifications };
}

describe('a notification', () => {
  it('becomes one private message for each person, in a lane of theirs', async () => {
    const { spread, taken, rung, stored } = world();
    await spread(message, named);
    expect(taken.map(({ delivery }) => [delivery.id, delivery.author, delivery.notification])).toEqual([
      ['notify-n1-005grace', ada, { id, user: '005grace' }],
      ['notify-n1-005alan', ada, { id, user: '005alan' }],
    ]);
    expect(new Set(taken.map(({ delivery }) => delivery.lane)).size).toBe(2);
    expect(JSON.parse(taken[0]?.content ?? '').message).toMatchObject({
      text: 'hello',
      to: { kind: 'people', people: [{ kind: 'user', id: '005grace', name: 'grace', isFound: true }] },
    });
    expect(rung).toHaveLength(2);
    expect(stored()).toMatchObject({ by: ada, people: [grace, alan], leftOut });
  });

  it('cut off half-way is made whole, and nobody is looked up or told twice', async () => {
    const { spread, taken, lookUps } = world();
    await spread(message, named);
    await spread(message, named);
    expect(taken).toHaveLength(2);
    expect(lookUps()).toBe(1);
  });

  it('goes to those who were confirmed, whoever is in the group by now', async () => {
    const { spread, taken, lookUps } = world();
    await spread(message, { ...named, to: { confirmed: { reachable: [alan], leftOut: [] } } });
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['notify-n1-005alan']);
    expect(lookUps()).toBe(0);
  });

  it('tells nobody of whom is known what became of it, also when their message is long forgotten', async () => {
    const { spread, taken } = world({ outcomes: [grace.user] });
    await spread(message, named);
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['notify-n1-005alan']);
  });

  it('does not go to who has opted out since it was confirmed', async () => {
    const { spread, taken, stored } = world({ isOut: 'alan' });
    await spread(message, { ...named, to: { confirmed: { reachable: [grace, alan], leftOut } } });
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['notify-n1-005grace']);
    expect(stored()?.leftOut).toEqual([...leftOut, { name: 'alan', email: alan.email, why: 'opted-out' }]);
  });

  it('is refused as a whole when nothing can be sent as its sender', async () => {
    const { spread, stored } = world({ cannotSend: refusedForGood('opted-out', 'You have opted out.') });
    await expect(spread(message, named)).rejects.toMatchObject({ code: 'opted-out' });
    expect(stored()).toBeUndefined();
  });

  it('waits when the bridge is full', async () => {
    const { spread } = world({ taken: { kind: 'full', of: 'person' } });
    await expect(spread(message, named)).rejects.toMatchObject({ retry: { kind: 'later' }, certain: true });
  });
});

describe('a message of a notification', () => {
  const told: WrittenMessage = { ...message, notification: { id, user: grace.user } };

  it('does not go after its sender has stopped that', async () => {
    const log = (isStopped: boolean) => world({ isStopped }).notifications as NotificationLog;
    await expect(mayGo(told, log(true))).rejects.toMatchObject({ code: 'stopped', certain: true });
    await mayGo(told, log(false));
    await mayGo(message, log(true));
  });
});
