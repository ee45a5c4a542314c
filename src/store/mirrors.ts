import type { Redis } from 'ioredis';
import type { EndedLink, ThreadLink } from '../bridge/message.ts';
import type { Mirror } from '../bridge/mirror.ts';
import type { Brought, MirrorLog, Opened } from '../bridge/mirror-log.ts';
import { BRIDGE, type ChatPersonId, type ChatThreadId, type LaneKey } from '../bridge/people.ts';
import { type Keys, keepMs, threadField } from './keys.ts';
import { createScript } from './script.ts';

/**
 * One at a time for a thread, and one for a set of people: the link of a thread and the thread of a set are there as long as
 * theirs is live. What was stopped is not opened again. Whose words travelled in the one before, and who was told so, says nothing
 * of this one. KEYS mirror, thread, mirrored, mirrors-in, mirrors-of, pair, writers, told. ARGV thread, state, opened-by, link,
 * field of the pair, started (ms), writer, how long to keep it.
 */
const open = `
local tied = redis.call('GET', KEYS[3])
if tied and tied ~= ARGV[1] then return {'people-taken'} end
if redis.call('EXISTS', KEYS[2]) == 1 and redis.call('HGET', KEYS[1], 'openedBy') ~= ARGV[3] then return {'thread-taken'} end
local before = redis.call('HMGET', KEYS[1], 'openedBy', 'isLive', 'state')
if before[1] == ARGV[3] and not before[2] and cjson.decode(before[3]).state ~= 'refused' then return {'over'} end
if before[1] ~= ARGV[3] then
  redis.call('DEL', KEYS[7], KEYS[8])
  redis.call('HDEL', KEYS[1], 'brought')
end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'openedBy', ARGV[3], 'isLive', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[8])
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[8])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[8])
redis.call('SADD', KEYS[4], ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[8])
redis.call('ZADD', KEYS[5], ARGV[6], ARGV[1])
redis.call('PEXPIRE', KEYS[5], ARGV[8])
redis.call('HSET', KEYS[6], 'thread', ARGV[1], ARGV[5], ARGV[1])
redis.call('PEXPIRE', KEYS[6], ARGV[8])
redis.call('SADD', KEYS[7], ARGV[7])
redis.call('PEXPIRE', KEYS[7], ARGV[8])
return {'opened'}
`;

/**
 * KEYS mirror, thread, mirrored, mirrors-in, thread as it is called now, mirror-ended, mirror-last, thread-ended twice.
 * ARGV thread, state as it was read, state, how long to keep it, lane, ended link ('' none), how long to keep that.
 */
const end = `
if redis.call('HGET', KEYS[1], 'isLive') ~= '1' then return {'over'} end
if redis.call('HGET', KEYS[1], 'state') ~= ARGV[2] then return {'moved'} end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
redis.call('HDEL', KEYS[1], 'isLive')
redis.call('SET', KEYS[6], ARGV[3], 'PX', ARGV[4])
redis.call('SET', KEYS[7], ARGV[5], 'PX', ARGV[4])
redis.call('DEL', KEYS[2], KEYS[5])
if ARGV[6] ~= '' then
  redis.call('SET', KEYS[8], ARGV[6], 'PX', ARGV[7])
  redis.call('SET', KEYS[9], ARGV[6], 'PX', ARGV[7])
end
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
redis.call('SREM', KEYS[4], ARGV[1])
return {'ended'}
`;

/**
 * KEYS mirror, thread as it was called, thread as it is called now, mirrors-in before and after. ARGV thread, state as it was
 * read, state, link, how long to keep it. The thread's own link stays: it is what says that the mirror is live.
 */
const move = `
if redis.call('HGET', KEYS[1], 'isLive') ~= '1' then return {'over'} end
if redis.call('HGET', KEYS[1], 'state') ~= ARGV[2] then return {'moved'} end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
if KEYS[2] ~= KEYS[1] then redis.call('DEL', KEYS[2]) end
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
redis.call('SREM', KEYS[4], ARGV[1])
redis.call('SADD', KEYS[5], ARGV[1])
redis.call('PEXPIRE', KEYS[5], ARGV[5])
return {'done'}
`;

/** How many of a person's are listed. */
const MOST_LISTED = 50;

/** Mirrors in Redis: a hash each, and what leads to it from the people and the place. */
export function createMirrorLog(redis: Redis, keys: Keys): MirrorLog {
  const run = {
    open: createScript(redis, open),
    end: createScript(redis, end),
    move: createScript(redis, move),
  };

  async function find(thread: ChatThreadId): Promise<Mirror | undefined> {
    const json = await redis.hget(keys.mirror(thread), 'state');
    return json ? mirrorIn(json) : undefined;
  }

  async function findEnded(lane: LaneKey): Promise<Mirror | undefined> {
    const json = await redis.get(keys.mirrorEnded(lane));
    return json ? mirrorIn(json) : undefined;
  }

  return {
    find,
    async open(mirror) {
      const { thread, lane, pair, place, startedBy, openedBy, startedAtMs } = mirror;
      const [opened] = await run.open(
        [
          keys.mirror(thread),
          keys.thread(thread),
          keys.mirrored(pair),
          keys.mirrorsIn(place),
          keys.mirrorsOf(startedBy),
          keys.pair(pair),
          keys.mirrorWriters(thread),
          keys.mirrorTold(thread),
        ],
        [
          thread,
          JSON.stringify(mirror),
          openedBy,
          JSON.stringify({ v: 1, person: BRIDGE, lane, pair } satisfies ThreadLink),
          threadField(BRIDGE),
          startedAtMs,
          startedBy,
          keepMs.thread,
        ],
      );
      return opened as Opened;
    },
    async threadOf(pair) {
      return ((await redis.get(keys.mirrored(pair))) ?? undefined) as ChatThreadId | undefined;
    },
    async findOf(thread, lane) {
      const now = await find(thread);
      return now?.lane === lane ? now : findEnded(lane);
    },
    async lastOf(pair) {
      const [thread, lane] = await redis.mget(keys.mirrored(pair), keys.mirrorLast(pair));
      if (thread) return find(thread as ChatThreadId);
      return lane ? findEnded(lane as LaneKey) : undefined;
    },
    async end(thread, ending, openedBy) {
      for (;;) {
        const before = await find(thread);
        if (before?.openedBy !== openedBy) return undefined;
        const mirror: Mirror = { ...before, ...ending };
        const [done] = await run.end(
          [
            keys.mirror(thread),
            keys.thread(thread),
            keys.mirrored(before.pair),
            keys.mirrorsIn(before.place),
            keys.thread(before.at ?? thread),
            keys.mirrorEnded(before.lane),
            keys.mirrorLast(before.pair),
            keys.threadEnded(thread),
            keys.threadEnded(before.at ?? thread),
          ],
          [
            ...[thread, JSON.stringify(before), JSON.stringify(mirror), keepMs.thread, before.lane],
            ...[endedLinkOf(mirror), keepMs.ended],
          ],
        );
        if (done === 'ended') return mirror;
        if (done === 'over') return undefined;
      }
    },
    async move(thread, to, place) {
      for (;;) {
        const before = await find(thread);
        if (!before) return;
        const { lane, pair, at } = before;
        const link: ThreadLink = { v: 1, person: BRIDGE, lane, pair, thread };
        const [done] = await run.move(
          [
            keys.mirror(thread),
            // A thread that never moved has nothing to be taken away.
            at === undefined ? keys.mirror(thread) : keys.thread(at),
            keys.thread(to),
            keys.mirrorsIn(before.place),
            keys.mirrorsIn(place),
          ],
          [
            thread,
            JSON.stringify(before),
            JSON.stringify({ ...before, at: to, place } satisfies Mirror),
            JSON.stringify(link),
            keepMs.thread,
          ],
        );
        if (done !== 'moved') return;
      }
    },
    setBrought: async (thread, brought) => {
      await redis.hset(keys.mirror(thread), 'brought', JSON.stringify(brought));
    },
    async brought(thread) {
      const json = await redis.hget(keys.mirror(thread), 'brought');
      return json ? (JSON.parse(json) as Brought) : undefined;
    },
    async addWriter(thread, person) {
      const mirror = await find(thread);
      if (!mirror) return;
      const [writers, theirs] = [keys.mirrorWriters(thread), keys.mirrorsOf(person)];
      const used = redis.multi().sadd(writers, person).zadd(theirs, mirror.startedAtMs, thread);
      const { pair, place, at = thread } = mirror;
      const ofMirror = [keys.mirror(thread), keys.mirrored(pair), keys.mirrorsIn(place)];
      const links = [keys.thread(thread), keys.thread(at)];
      for (const key of [writers, theirs, ...ofMirror, ...links]) used.pexpire(key, keepMs.thread);
      await used.exec();
    },
    wasTold: async (thread, person) => (await redis.sismember(keys.mirrorTold(thread), person)) === 1,
    async setTold(thread, person) {
      await redis.sadd(keys.mirrorTold(thread), person);
      await redis.pexpire(keys.mirrorTold(thread), keepMs.thread);
    },
    writers: async (thread) => (await redis.smembers(keys.mirrorWriters(thread))) as ChatPersonId[],
    async of(person) {
      const threads = (await redis.zrange(keys.mirrorsOf(person), '0', '-1', 'REV')) as ChatThreadId[];
      const live: Mirror[] = [];
      for (const thread of threads) {
        if (live.length === MOST_LISTED) break;
        const [isLive, isTheirs] = await Promise.all([
          redis.hget(keys.mirror(thread), 'isLive'),
          redis.sismember(keys.mirrorWriters(thread), person),
        ]);
        const mirror = isLive && isTheirs ? await find(thread) : undefined;
        if (mirror) live.push(mirror);
        else await redis.zrem(keys.mirrorsOf(person), thread);
      }
      return live;
    },
    in: async (place) => (await redis.smembers(keys.mirrorsIn(place))) as ChatThreadId[],
    async relayFor(thread, person, forMs) {
      await redis.set(keys.mirrorRelay(thread, person), '1', 'PX', forMs);
    },
    isRelayed: async (thread, person) => (await redis.exists(keys.mirrorRelay(thread, person))) === 1,
  };
}

function mirrorIn(json: string): Mirror {
  const mirror = JSON.parse(json) as Mirror;
  if (mirror.v !== 1) throw new Error(`mirror version ${String(mirror.v)} is newer than this program`);
  return mirror;
}

function endedLinkOf({ thread, lane, pair, endedAtMs }: Mirror): string {
  if (endedAtMs === undefined) return '';
  const link: EndedLink = { v: 1, person: BRIDGE, lane, pair, thread, untilUs: endedAtMs * 1_000 };
  return JSON.stringify(link);
}
