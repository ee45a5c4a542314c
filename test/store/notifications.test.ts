import { describe, expect, it } from 'vitest';
import type { Told } from '../../src/bridge/notification-log.ts';
import type { ChatPersonId, NotificationId, SalesforceUserId } from '../../src/bridge/people.ts';
import { createNotificationLog } from '../../src/store/notifications.ts';
import { privateRedis } from '../setup/redis.ts';
import { change, entry, openLog } from './delivery-log/log.ts';

const redis = await privateRedis();
const id = 'n1' as NotificationId;
const [grace, alan] = ['005GRACE', '005ALAN'] as [SalesforceUserId, SalesforceUserId];
const fresh = { v: 1, id, by: 'T1-ADA' as ChatPersonId, createdAtMs: 1_000, leftOut: [] } as const;
const person = { name: 'Grace Hopper', email: 'grace@corp.com', user: grace };

async function open(keepMs = 60_000) {
  const opened = await openLog(redis);
  const { keys, box } = opened;
  const notifications = createNotificationLog({ redis: opened.redis, keys, box, keepMs });
  /** What became of somebody's message, as a worker stores it. */
  const tell = async (told: Omit<Told, 'id'>, name = `d-${told.user}`) => {
    await opened.takeAll(entry(name, { lane: name }));
    const claim = await opened.go(name, 'run');
    await opened.log.commit({ ...change(claim.delivery, 'run', { phase: 'sent' }), told: { id, ...told } });
  };
  return { ...opened, notifications, tell };
}

describe('a notification', () => {
  it('is there once, and who is told stays as it was said first', async () => {
    const { notifications } = await open();
    await notifications.create(fresh);
    await notifications.create({ ...fresh, createdAtMs: 2_000 });
    expect(await notifications.find(id)).toEqual(fresh);
    const set = await notifications.setPeople(id, [person], [{ name: 'Bot', why: 'bot' }]);
    expect(set).toEqual({ ...fresh, people: [person], leftOut: [{ name: 'Bot', why: 'bot' }] });
    expect(await notifications.setPeople(id, [], [])).toEqual(set);
  });

  it('learns what became of each with the very change that makes it so', async () => {
    const { notifications, tell } = await open();
    await notifications.create(fresh);
    const before = (await notifications.progress(id)).version;
    await tell({ user: grace, outcome: 'delivered' });
    await tell({ user: alan, outcome: 'failed', code: 'inactive', sentence: 'Alan Turing is not active.' });
    expect(await notifications.outcomes(id)).toEqual(
      new Map([
        [grace, { outcome: 'delivered' }],
        [alan, { outcome: 'failed', code: 'inactive', sentence: 'Alan Turing is not active.' }],
      ]),
    );
    expect((await notifications.progress(id)).version).toBe(before + 2);
  });

  it('can be stopped and resumed', async () => {
    const { notifications } = await open();
    await notifications.create(fresh);
    expect((await notifications.progress(id)).isStopped).toBe(false);
    await notifications.setStopped(id, true);
    expect((await notifications.progress(id)).isStopped).toBe(true);
    await notifications.setStopped(id, false);
    expect((await notifications.progress(id)).isStopped).toBe(false);
  });

  it('knows since when it goes, and what keeps it back', async () => {
    const { notifications } = await open();
    await notifications.goesOn(id, { atMs: 1, gone: 1 });
    expect((await notifications.progress(id)).since).toBeUndefined();
    await notifications.create(fresh);
    await notifications.goesOn(id, { atMs: 5_000, gone: 3 });
    const paused = { reason: 'away', untilMs: 9_000 } as const;
    for (let i = 0; i < 2; i += 1) await notifications.setPaused(id, paused);
    expect(await notifications.progress(id)).toMatchObject({
      since: { atMs: 5_000, gone: 3 },
      paused,
      version: 1,
    });
  });

  it('keeps names, addresses and sentences encrypted', async () => {
    const { notifications, dump, tell } = await open();
    await notifications.create(fresh);
    await notifications.setPeople(id, [person], [{ name: 'Alan Turing', why: 'no-user' }]);
    await tell({ user: grace, outcome: 'failed', code: 'veto', sentence: 'Grace Hopper said no.' });
    expect(JSON.stringify(await dump())).not.toMatch(/Hopper|Turing|grace@/);
  });

  it('goes by itself', async () => {
    const { notifications } = await open(300);
    await notifications.create(fresh);
    await expect.poll(() => notifications.find(id)).toBeUndefined();
  });
});

describe('the report of a notification', () => {
  it('is due at once, and then not again for a while, whoever asks', async () => {
    const { notifications } = await open();
    await notifications.create(fresh);
    const asked = await Promise.all([1, 2, 3].map(() => notifications.dueReports(60_000, 10)));
    expect(asked.flat()).toEqual([id]);
    await expect.poll(() => notifications.dueReports(60_000, 10)).toEqual([]);
  });

  it('is due again when something has become of it, and not before its time', async () => {
    const { notifications, tell } = await open();
    await notifications.create(fresh);
    await notifications.dueReports(400, 10);
    await tell({ user: grace, outcome: 'delivered' });
    expect(await notifications.dueReports(400, 10)).toEqual([]);
    await expect.poll(() => notifications.dueReports(400, 10)).toEqual([id]);
  });

  it('is over when it shows the last of it, and not when that has moved meanwhile', async () => {
    const { notifications, tell } = await open();
    await notifications.create(fresh);
    const { version } = await notifications.progress(id);
    await tell({ user: grace, outcome: 'delivered' });
    await notifications.setShown(id, version, true);
    await expect.poll(() => notifications.dueReports(0, 10)).toEqual([id]);
    await notifications.setShown(id, version + 1, true);
    expect(await notifications.progress(id)).toMatchObject({ shown: version + 1 });
    expect(await notifications.dueReports(0, 10)).toEqual([]);
    await tell({ user: alan, outcome: 'delivered' });
    await expect.poll(() => notifications.dueReports(0, 10)).toEqual([id]);
  });

  it('is not due any more when it has expired, and leaves nothing behind, whatever still becomes of it', async () => {
    const { notifications, tell, everlasting, redis: client, keys } = await open(300);
    await notifications.create(fresh);
    await expect.poll(() => notifications.find(id)).toBeUndefined();
    await notifications.setStopped(id, true);
    await tell({ user: grace, outcome: 'delivered' });
    await notifications.setShown(id, 1, false);
    expect(await notifications.dueReports(0, 10)).toEqual([]);
    expect(await everlasting()).not.toContain(`notification:${id}`);
    expect(await client.hexists(keys.notification(id), 'stopped')).toBe(0);
  });

  it('is kept for as long as the last message that failed', async () => {
    const { notifications, tell, redis: client, keys } = await open(300);
    await notifications.create(fresh);
    await tell({ user: grace, outcome: 'failed' });
    const [kept, outcomes] = [await client.pttl(keys.notification(id)), await client.pttl(keys.outcomes(id))];
    expect(kept).toBeGreaterThan(300);
    expect(Math.abs(kept - outcomes)).toBeLessThan(100);
  });
});
