import type { Redis } from 'ioredis';
import type { Outcome, Paused } from '../bridge/notification.ts';
import type { NotificationLog, StoredNotification, Stretch, Told } from '../bridge/notification-log.ts';
import type { NotificationId, SalesforceUserId } from '../bridge/people.ts';
import type { Box } from './box.ts';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';
import type { PlaceOf, Write } from './write.ts';

const clock = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
`;

/** KEYS notification, reports. ARGV id, state, how long to keep it. */
const create = `${clock}
if redis.call('HSETNX', KEYS[1], 'state', ARGV[2]) == 0 then return {'known'} end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], now, ARGV[1])
return {'created'}
`;

/** KEYS notification, reports. ARGV id, state. Who is told stays as it was said first. */
const setPeople = `${clock}
if redis.call('HSETNX', KEYS[1], 'hasPeople', '1') == 0 then return {'known'} end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('ZADD', KEYS[2], 'NX', now, ARGV[1])
return {'set'}
`;

/** KEYS notification, reports. ARGV id, '1' or '0'. */
const setStopped = `${clock}
if redis.call('HEXISTS', KEYS[1], 'state') == 0 then return {'gone'} end
local was = redis.call('HGET', KEYS[1], 'stopped') or '0'
if was == ARGV[2] then return {'known'} end
redis.call('HSET', KEYS[1], 'stopped', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('ZADD', KEYS[2], 'NX', now, ARGV[1])
return {'set'}
`;

/** KEYS notification. ARGV when it goes on, and how many had gone by then (JSON). */
const goesOn = `
if redis.call('HEXISTS', KEYS[1], 'state') == 1 then redis.call('HSET', KEYS[1], 'since', ARGV[1]) end
return {'set'}
`;

/** KEYS notification, reports. ARGV id, why and until when (JSON). */
const setPaused = `${clock}
if redis.call('HEXISTS', KEYS[1], 'state') == 0 then return {'gone'} end
if redis.call('HGET', KEYS[1], 'paused') == ARGV[2] then return {'known'} end
redis.call('HSET', KEYS[1], 'paused', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('ZADD', KEYS[2], 'NX', now, ARGV[1])
return {'set'}
`;

/** KEYS reports. ARGV how long until the same one is due again (ms), most. */
const due = `${clock}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[1], now + ARGV[1], id) end
return ids
`;

/**
 * KEYS notification, reports. ARGV id, version, '1' for the last, the minute of the end ('' none). What has changed since is due as before; of what has
 * expired nothing is shown any more.
 */
const setShown = `
if redis.call('HEXISTS', KEYS[1], 'state') == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return {'gone'}
end
redis.call('HSET', KEYS[1], 'shown', ARGV[2], 'endMinute', ARGV[4])
if ARGV[3] == '1' and (redis.call('HGET', KEYS[1], 'version') or '0') == ARGV[2] then redis.call('ZREM', KEYS[2], ARGV[1]) end
return {'set'}
`;

export interface NotificationLogOptions {
  redis: Redis;
  keys: Keys;
  box: Box;
  keepMs: number;
}

/** Notifications in Redis: who is told, encrypted, and what became of each. */
export function createNotificationLog({ redis, keys, box, keepMs }: NotificationLogOptions): NotificationLog {
  const run = {
    create: createScript(redis, create),
    setPeople: createScript(redis, setPeople),
    setStopped: createScript(redis, setStopped),
    goesOn: createScript(redis, goesOn),
    setPaused: createScript(redis, setPaused),
    due: createScript(redis, due),
    setShown: createScript(redis, setShown),
  };
  const both = (id: NotificationId) => [keys.notification(id), keys.reports];
  const sealed = (stored: StoredNotification) => box.seal(JSON.stringify(stored), stored.id);

  async function find(id: NotificationId): Promise<StoredNotification | undefined> {
    const state = await redis.hget(keys.notification(id), 'state');
    if (!state) return undefined;
    const stored = JSON.parse(box.open(state, id)) as StoredNotification;
    if (stored.v !== 1)
      throw new Error(`notification version ${String(stored.v)} is newer than this program`);
    return stored;
  }

  return {
    find,
    async create(notification) {
      await run.create(both(notification.id), [notification.id, sealed(notification), keepMs]);
    },
    async setPeople(id, people, leftOut) {
      const before = await find(id);
      if (!before) throw new Error('the notification is not stored');
      if (before.people) return before;
      const after: StoredNotification = { ...before, people, leftOut };
      const [done] = await run.setPeople(both(id), [id, sealed(after)]);
      return done === 'set' ? after : ((await find(id)) ?? after);
    },
    async outcomes(id) {
      const all = await redis.hgetall(keys.outcomes(id));
      return new Map(
        Object.entries(all).map(([user, told]) => [user as SalesforceUserId, opened(told, id, box)]),
      );
    },
    async setStopped(id, isStopped) {
      await run.setStopped(both(id), [id, isStopped ? '1' : '0']);
    },
    async goesOn(id, since) {
      await run.goesOn([keys.notification(id)], [JSON.stringify(since)]);
    },
    async setPaused(id, { reason, untilMs }) {
      await run.setPaused(both(id), [id, JSON.stringify({ reason, untilMs })]);
    },
    async progress(id) {
      const [stopped, version, shown, endMinute, since, paused] = await redis.hmget(
        keys.notification(id),
        ...['stopped', 'version', 'shown', 'endMinute', 'since', 'paused'],
      );
      return {
        isStopped: stopped === '1',
        version: Number(version ?? 0),
        shown: Number(shown ?? -1),
        ...(endMinute && { endMinute: Number(endMinute) }),
        ...(since && { since: JSON.parse(since) as Stretch }),
        ...(paused && { paused: JSON.parse(paused) as Paused }),
      };
    },
    async dueReports(everyMs, most) {
      return (await run.due([keys.reports], [everyMs, most])) as NotificationId[];
    },
    async setShown(id, version, isLast, endMinute) {
      await run.setShown(both(id), [id, version, isLast ? '1' : '0', endMinute ?? '']);
    },
  };
}

type Stored = [outcome: Outcome, code: string, sentence: string];

function opened(told: string, id: NotificationId, box: Box): Omit<Told, 'id' | 'user'> {
  const [outcome, code, sentence] = JSON.parse(told) as Stored;
  return {
    outcome,
    ...(code !== '' && { code }),
    ...(sentence !== '' && { sentence: box.open(sentence, id) }),
  };
}

/** What became of one person's message, among the writes of its commit; its report is due. */
export function toldWrites(
  { id, user, outcome, code = '', sentence = '' }: Told,
  key: PlaceOf,
  { keys, box, failedKeepMs }: { keys: Keys; box: Box; failedKeepMs: number },
): Write[] {
  const stored: Stored = [outcome, code, sentence === '' ? '' : box.seal(sentence, id)];
  return [
    ['HSET', key(keys.outcomes(id)), user, JSON.stringify(stored)],
    ['PEXPIRE', key(keys.outcomes(id)), failedKeepMs],
    ['HINCRBY', key(keys.notification(id)), 'version', 1],
    // It is kept for as long as its last failed message; and what is counted of one that has expired goes as well.
    ['PEXPIRE', key(keys.notification(id)), failedKeepMs],
    ['ZADD', key(keys.reports), 'NX', '@nowMs', id],
  ];
}
