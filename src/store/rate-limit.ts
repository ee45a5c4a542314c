import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RateLimit } from '../bridge/rate-limit.ts';
import { createScript } from './script.ts';

/** KEYS taken. ARGV id of this one, most, window (ms). What is refused is not counted. */
const take = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local window = tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local most = tonumber(ARGV[2])
local used = redis.call('ZCARD', KEYS[1])
if used >= most then
  local oldest = tonumber(redis.call('ZRANGE', KEYS[1], used - most, used - most, 'WITHSCORES')[2])
  return {string.format('%.0f', math.max(oldest + window - now, 1))}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], window)
return {'0'}
`;

/** A limit that all processes share: by Redis, and Redis's clock. */
export function createRateLimit(
  redis: Redis,
  key: string,
  limit: { most: number; windowMs: number },
  newId: () => string = randomUUID,
): RateLimit {
  const run = createScript(redis, take);
  return {
    async take() {
      const [freeInMs] = await run([key], [newId(), limit.most, limit.windowMs]);
      return Number(freeInMs);
    },
  };
}
