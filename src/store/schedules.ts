import type { Redis } from 'ioredis';
import type { NotificationRequest, Scheduled, When } from '../bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../bridge/people.ts';
import type { ScheduleLog } from '../bridge/schedule.ts';
import type { Box } from './box.ts';
import { type Keys, keepMs } from './keys.ts';
import { createScript } from './script.ts';

/** KEYS schedule, schedules, schedules-of. ARGV id, by, when, next (ms), request, most of one sender, until when to keep it (ms). */
const add = `
if redis.call('EXISTS', KEYS[1]) == 1 then return {'duplicate'} end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[6]) then return {'person-full'} end
redis.call('HSET', KEYS[1], 'by', ARGV[2], 'when', ARGV[3], 'nextAtMs', ARGV[4], 'request', ARGV[5])
redis.call('PEXPIREAT', KEYS[1], ARGV[7])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
return {'stored'}
`;

/** What is over is known for a while, so that whoever asks again does not begin it anew. KEYS as above. ARGV id. */
const end = `
redis.call('HSET', KEYS[1], 'isOver', '1')
redis.call('HDEL', KEYS[1], 'request')
redis.call('PEXPIRE', KEYS[1], ${keepMs.ended})
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
`;

/** KEYS as above. ARGV id, next as it was read (ms), run, next ('' none), until when to keep it (ms). */
const ran = `
if redis.call('HGET', KEYS[1], 'isOver') or redis.call('HGET', KEYS[1], 'nextAtMs') ~= ARGV[2] then return {'moved'} end
redis.call('HSET', KEYS[1], 'lastRun', ARGV[3])
if ARGV[4] == '' then ${end} return {'over'} end
redis.call('HSET', KEYS[1], 'nextAtMs', ARGV[4])
redis.call('PEXPIREAT', KEYS[1], ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
return {'next'}
`;

/** KEYS as above. ARGV id, by. */
const cancel = `
local found = redis.call('HMGET', KEYS[1], 'by', 'isOver')
if found[1] ~= ARGV[2] or found[2] then return {'none'} end
${end}
return {'cancelled'}
`;

/** Of one sender; and how many are looked at in one pass. */
const MOST_OF_ONE = 500;
const PASS = 100;

/** What is sent later: a hash each, and two sorted sets that say when it is due. What is sent is encrypted, and in no job. */
export function createScheduleLog(redis: Redis, keys: Keys, box: Box, mostOfOne = MOST_OF_ONE): ScheduleLog {
  const run = {
    add: createScript(redis, add),
    ran: createScript(redis, ran),
    cancel: createScript(redis, cancel),
  };
  const all = (id: NotificationId, by: ChatPersonId) => [
    keys.schedule(id),
    keys.schedules,
    keys.schedulesOf(by),
  ];
  const place = (id: NotificationId) => `schedule:${id}`;

  async function find(id: NotificationId): Promise<{ schedule: Scheduled; sealed: string } | undefined> {
    const [by, when, nextAtMs, sealed, lastRun] = await redis.hmget(
      keys.schedule(id),
      'by',
      'when',
      'nextAtMs',
      'request',
      'lastRun',
    );
    if (!by || !when || !sealed) return undefined;
    const schedule: Scheduled = {
      id,
      by: by as ChatPersonId,
      when: JSON.parse(when) as When,
      nextAtMs: Number(nextAtMs),
      ...(lastRun && { lastRun: lastRun as NotificationId }),
    };
    return { schedule, sealed };
  }

  /** What has expired since nobody sent it is in the set still. */
  async function findAll(set: string, ids: readonly string[]): Promise<readonly Scheduled[]> {
    const found: Scheduled[] = [];
    for (const id of ids as readonly NotificationId[]) {
      const one = await find(id);
      if (one) found.push(one.schedule);
      else await redis.zrem(set, id);
    }
    return found;
  }

  return {
    async add({ id, by, when, nextAtMs, request }) {
      const [done] = await run.add(all(id, by), [
        id,
        by,
        JSON.stringify(when),
        nextAtMs,
        box.seal(JSON.stringify({ v: 1, request }), place(id)),
        mostOfOne,
        nextAtMs + keepMs.schedule,
      ]);
      return done as Awaited<ReturnType<ScheduleLog['add']>>;
    },
    async read(id) {
      const found = await find(id);
      if (!found) return undefined;
      const stored = JSON.parse(box.open(found.sealed, place(id))) as { v: 1; request: NotificationRequest };
      if (stored.v !== 1) throw new Error(`schedule version ${String(stored.v)} is newer than this program`);
      return { ...found.schedule, request: stored.request };
    },
    isKnown: async (id) => (await redis.exists(keys.schedule(id))) === 1,
    async of(by) {
      const set = keys.schedulesOf(by);
      return findAll(set, await redis.zrange(set, '0', '-1'));
    },
    async dueBy(atMs) {
      const ids = await redis.zrangebyscore(keys.schedules, '-inf', atMs, 'LIMIT', 0, PASS);
      return findAll(keys.schedules, ids);
    },
    async ran({ id, by, nextAtMs: before }, lastRun, nextAtMs) {
      await run.ran(all(id, by), [
        id,
        before,
        lastRun,
        nextAtMs ?? '',
        (nextAtMs ?? before) + keepMs.schedule,
      ]);
    },
    async cancel(id, by) {
      const found = await find(id);
      if (!found) return undefined;
      const [done] = await run.cancel(all(id, by), [id, by]);
      return done === 'cancelled' ? found.schedule : undefined;
    },
  };
}
