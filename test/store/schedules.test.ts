import { describe, expect, it } from 'vitest';
import type { NotificationRequest } from '../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../src/bridge/people.ts';
import type { StoredSchedule } from '../../src/bridge/schedule.ts';
import { createScheduleLog } from '../../src/store/schedules.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const DAY_MS = 24 * 3_600_000;
const ada = 'T0CORP-U0ADA' as ChatPersonId;
const grace = 'T0CORP-U0GRACE' as ChatPersonId;
const id = (name: string) => name as NotificationId;
const request: NotificationRequest = {
  by: ada,
  text: 'lunch?',
  to: { named: [{ kind: 'email', email: 'alan@corp.com' }] },
};
const at = (name: string, atMs: number): StoredSchedule => ({
  id: id(name),
  by: ada,
  when: { atMs },
  nextAtMs: atMs,
  request,
});
const weekly = (name: string, nextAtMs: number): StoredSchedule => ({
  ...at(name, nextAtMs),
  when: { cron: '0 9 * * 1', timeZone: 'Europe/Berlin' },
});

async function open(mostOfOne?: number) {
  const opened = await openLog(server);
  return { ...opened, schedules: createScheduleLog(opened.redis, opened.keys, opened.box, mostOfOne) };
}
const soonMs = Date.now() + DAY_MS;

describe('what is sent later', () => {
  it('is kept as it was given, and listed without what is sent', async () => {
    const { schedules } = await open();
    const [later, sooner] = [at('n1', soonMs + 1), weekly('n2', soonMs)];
    expect([await schedules.add(later), await schedules.add(sooner)]).toEqual(['stored', 'stored']);
    expect(await schedules.read(id('n1'))).toEqual(later);
    const { request: _request, ...listed } = later;
    expect(await schedules.of(ada)).toEqual([expect.objectContaining({ id: 'n2' }), listed]);
    expect(await schedules.of(grace)).toEqual([]);
  });

  it('is stored once', async () => {
    const { schedules } = await open();
    await schedules.add(at('n1', soonMs));
    expect(await schedules.add(at('n1', soonMs + 1))).toBe('duplicate');
    expect(await schedules.read(id('n1'))).toMatchObject({ nextAtMs: soonMs });
  });

  it('is due by its time', async () => {
    const { schedules } = await open();
    await schedules.add(at('n1', soonMs));
    expect(await schedules.dueBy(soonMs - 1)).toEqual([]);
    expect(await schedules.dueBy(soonMs)).toMatchObject([{ id: 'n1' }]);
  });

  it('is over when it has gone, and known for a day', async () => {
    const { schedules, redis, keys } = await open();
    const schedule = at('n1', soonMs);
    await schedules.add(schedule);
    await schedules.ran(schedule, id('n1'), undefined);
    expect([await schedules.read(id('n1')), await schedules.of(ada), await schedules.dueBy(soonMs)]).toEqual([
      undefined,
      [],
      [],
    ]);
    expect(await schedules.add(schedule)).toBe('duplicate');
    expect(await redis.hexists(keys.schedule(id('n1')), 'request')).toBe(0);
    expect(await redis.pttl(keys.schedule(id('n1')))).toBeLessThanOrEqual(26 * 3_600_000);
  });

  it('is due again when it recurs, and says what was sent last', async () => {
    const { schedules } = await open();
    const schedule = weekly('n1', soonMs);
    await schedules.add(schedule);
    await schedules.ran(schedule, id('n1-1'), soonMs + DAY_MS);
    expect(await schedules.dueBy(soonMs)).toEqual([]);
    expect(await schedules.of(ada)).toMatchObject([{ nextAtMs: soonMs + DAY_MS, lastRun: 'n1-1' }]);
  });

  it('goes on once, whoever says so', async () => {
    const { schedules } = await open();
    const schedule = weekly('n1', soonMs);
    await schedules.add(schedule);
    await schedules.ran(schedule, id('n1-1'), soonMs + DAY_MS);
    // A slower one, which had read the same.
    await schedules.ran(schedule, id('n1-0'), soonMs + 1);
    expect(await schedules.of(ada)).toMatchObject([{ nextAtMs: soonMs + DAY_MS, lastRun: 'n1-1' }]);
  });

  it('is cancelled by whoever has planned it, and does not come back', async () => {
    const { schedules } = await open();
    const schedule = weekly('n1', soonMs);
    await schedules.add(schedule);
    expect(await schedules.cancel(id('n1'), grace)).toBeUndefined();
    expect(await schedules.cancel(id('n1'), ada)).toMatchObject({ id: 'n1', nextAtMs: soonMs });
    expect(await schedules.cancel(id('n1'), ada)).toBeUndefined();
    await schedules.ran(schedule, id('n1-1'), soonMs + DAY_MS);
    expect(await schedules.add(schedule)).toBe('duplicate');
    expect([await schedules.read(id('n1')), await schedules.of(ada), await schedules.dueBy(9e15)]).toEqual([
      undefined,
      [],
      [],
    ]);
  });

  it('is so much of one sender and no more', async () => {
    const { schedules } = await open(2);
    for (const name of ['n1', 'n2']) await schedules.add(at(name, soonMs));
    expect(await schedules.add(at('n3', soonMs))).toBe('person-full');
    await schedules.cancel(id('n1'), ada);
    expect(await schedules.add(at('n3', soonMs))).toBe('stored');
  });

  it('says nothing of what is sent, and to whom, to who reads Redis', async () => {
    const { schedules, dump } = await open();
    await schedules.add(at('n1', soonMs));
    const stored = JSON.stringify(await dump());
    expect(stored).toContain('nextAtMs');
    expect(stored).not.toMatch(/lunch|alan/);
  });

  it('cannot be put in the place of another one', async () => {
    const { schedules, redis, keys } = await open();
    await schedules.add(at('n1', soonMs));
    await schedules.add(at('n2', soonMs));
    const other = (await redis.hget(keys.schedule(id('n1')), 'request')) ?? '';
    await redis.hset(keys.schedule(id('n2')), 'request', other);
    await expect(schedules.read(id('n2'))).rejects.toThrow();
  });

  it('stays until a month after it was due, and is not listed when that has passed', async () => {
    const { schedules, redis, keys } = await open();
    await schedules.add(at('n1', soonMs));
    const leftMs = await redis.pttl(keys.schedule(id('n1')));
    expect(leftMs).toBeGreaterThan(30 * DAY_MS);
    expect(leftMs).toBeLessThanOrEqual(31 * DAY_MS);
    await redis.del(keys.schedule(id('n1')));
    expect([await schedules.of(ada), await schedules.dueBy(9e15)]).toEqual([[], []]);
    expect([await redis.exists(keys.schedules), await redis.exists(keys.schedulesOf(ada))]).toEqual([0, 0]);
  });
});
