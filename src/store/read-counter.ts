import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ReadCounter } from '../bridge/read-budget.ts';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';

/**
 * KEYS readings, polls among them. ARGV id of this one, most, window (ms), most polls ('' it is none). Twice with one id
 * counts once. No epoch here: what a restored Redis has forgotten was within an hour, and Salesforce's own limit stands
 * behind it.
 */
const count = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local window = tonumber(ARGV[3])
local free = 0
local function room(key, most)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
  local used = redis.call('ZCARD', key)
  if used < most or redis.call('ZSCORE', key, ARGV[1]) then return end
  local oldest = redis.call('ZRANGE', key, used - most, used - most, 'WITHSCORES')[2] or now
  free = math.max(free, tonumber(oldest) + window)
end
room(KEYS[1], tonumber(ARGV[2]))
if ARGV[4] ~= '' then room(KEYS[2], tonumber(ARGV[4])) end
if free > 0 then return {'spent', string.format('%.0f', now), string.format('%.0f', free)} end
for i = 1, ARGV[4] ~= '' and 2 or 1 do
  redis.call('ZADD', KEYS[i], string.format('%.0f', now), ARGV[1])
  redis.call('PEXPIRE', KEYS[i], window)
end
return {'counted'}
`;

/** KEYS readings. ARGV window (ms). */
const used = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
return {string.format('%.0f', redis.call('ZCOUNT', KEYS[1], string.format('(%.0f', now - ARGV[1]), '+inf'))}
`;

/** Readings of each person, by the time at which they were made. */
export function createReadCounter(redis: Redis, keys: Keys, newId: () => string = randomUUID): ReadCounter {
  const run = createScript(redis, count);
  const ask = createScript(redis, used);
  return {
    async used(reader, windowMs) {
      const [number] = await ask([keys.polls(reader)], [windowMs]);
      return Number(number);
    },
    async count(reader, use, { most, mostPolls, windowMs }) {
      const [kind, nowMs, freeAtMs] = await run(
        [keys.reads(reader), keys.polls(reader)],
        [newId(), most, windowMs, use === 'poll' ? mostPolls : ''],
      );
      return kind === 'spent' ? { nowMs: Number(nowMs), freeAtMs: Number(freeAtMs) } : undefined;
    },
  };
}
