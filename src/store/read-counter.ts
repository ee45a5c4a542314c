import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ReadCounter } from '../bridge/read-budget.ts';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';

/**
 * KEYS readings. ARGV id of this one, most, window (ms). Twice with one id counts once.
 * No epoch here: what a restored Redis has forgotten was within an hour, and Salesforce's own limit stands behind it.
 */
const count = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local window = tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local used = redis.call('ZCARD', KEYS[1])
local most = tonumber(ARGV[2])
if used >= most and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local oldest = redis.call('ZRANGE', KEYS[1], used - most, used - most, 'WITHSCORES')[2] or now
  return {'spent', string.format('%.0f', now), string.format('%.0f', tonumber(oldest) + window)}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], window)
return {'counted'}
`;

/** Readings of each person, by the time at which they were made. */
export function createReadCounter(redis: Redis, keys: Keys, newId: () => string = randomUUID): ReadCounter {
  const run = createScript(redis, count);
  return {
    async count(reader, most, windowMs) {
      const [kind, nowMs, freeAtMs] = await run([keys.reads(reader)], [newId(), most, windowMs]);
      return kind === 'spent' ? { nowMs: Number(nowMs), freeAtMs: Number(freeAtMs) } : undefined;
    },
  };
}
