import type { Redis } from 'ioredis';
import type { ReplayId } from '../bridge/people.ts';
import type { PushState } from '../bridge/push.ts';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';

/**
 * No epoch here: what a restored Redis remembers of the stream is an earlier place in it, from which events come again,
 * and a lease that it remembers from long ago has ended.
 */
const now = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local function number(ms) return string.format('%.0f', ms) end
`;

/** KEYS push. ARGV lease, for how long (ms) */
const take = `${now}
local held = redis.call('HMGET', KEYS[1], 'holder', 'heldUntilMs')
local left = (tonumber(held[2]) or 0) - now
-- Never longer than that, wherever a failover set the clock.
if held[1] and held[1] ~= ARGV[1] and left > 0 and left <= tonumber(ARGV[2]) then return {'held'} end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'heldUntilMs', number(now + ARGV[2]))
redis.call('HDEL', KEYS[1], 'aliveUntilMs')
return {'done'}
`;

/** KEYS push. ARGV lease, for how long (ms), '1' if push is alive */
const keep = `${now}
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return {'lost'} end
local till = number(now + ARGV[2])
redis.call('HSET', KEYS[1], 'heldUntilMs', till)
if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'aliveUntilMs', till)
else redis.call('HDEL', KEYS[1], 'aliveUntilMs') end
return {'done'}
`;

/** KEYS push. ARGV lease */
const release = `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return {'lost'} end
redis.call('HDEL', KEYS[1], 'holder', 'heldUntilMs', 'aliveUntilMs')
return {'done'}
`;

/** KEYS push. ARGV lease, replay id ('' none) */
const remember = `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return {'lost'} end
if ARGV[2] == '' then redis.call('HDEL', KEYS[1], 'replayId')
else redis.call('HSET', KEYS[1], 'replayId', ARGV[2]) end
return {'done'}
`;

/** KEYS push. ARGV the longest that it can be (ms) */
const alive = `${now}
local till = tonumber(redis.call('HGET', KEYS[1], 'aliveUntilMs')) or 0
local left = till - now
if left <= 0 or left > tonumber(ARGV[1]) then return {'0'} end
return {number(till)}
`;

/** One subscription's lease, place and life. Each method is one script. */
export function createPushState(redis: Redis, keys: Keys, leaseMs: number): PushState {
  const run = {
    take: createScript(redis, take),
    keep: createScript(redis, keep),
    release: createScript(redis, release),
    remember: createScript(redis, remember),
    alive: createScript(redis, alive),
  };
  const isDone = ([answer]: readonly string[]): boolean => answer === 'done';
  return {
    take: async (lease) => isDone(await run.take([keys.push], [lease, leaseMs])),
    keep: async (lease, isAlive) => isDone(await run.keep([keys.push], [lease, leaseMs, isAlive ? 1 : 0])),
    async release(lease) {
      await run.release([keys.push], [lease]);
    },
    replayId: async () => ((await redis.hget(keys.push, 'replayId')) as ReplayId | null) ?? undefined,
    remember: async (lease, at) => isDone(await run.remember([keys.push], [lease, at ?? ''])),
    aliveUntilMs: async () => Number((await run.alive([keys.push], [leaseMs]))[0]),
  };
}
