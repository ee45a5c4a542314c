import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { TextMarks } from '../bridge/delivery-log.ts';
import type { Idempotency } from '../bridge/idempotency.ts';
import type { TextMark } from '../bridge/pair.ts';
import { type Keys, keepMs } from './keys.ts';
import { createScript } from './script.ts';

const clock = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local function text(number) return string.format('%.0f', number) end
`;

/** KEYS request. ARGV mark, token, lease (ms), how long to keep it. Twice with one token is one claim. */
const claim = `${clock}
local found = redis.call('HMGET', KEYS[1], 'mark', 'answer', 'token', 'leasedUntilMs', 'sinceMs')
if not found[1] then
  redis.call('HSET', KEYS[1], 'mark', ARGV[1], 'token', ARGV[2], 'leasedUntilMs', text(now + ARGV[3]), 'sinceMs', text(now))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {'begun', text(now), ARGV[1]}
end
if found[2] then return {'answered', found[2], found[1]} end
if found[3] == ARGV[2] then return {'begun', found[5], found[1]} end
if tonumber(found[4] or 0) > now then return {'under-way', '', found[1]} end
return {'lapsed', found[3] or '', found[1]}
`;

/** Whoever held it has died, or let go. KEYS request. ARGV token before ('' none), token, lease (ms). */
const takeOver = `${clock}
local found = redis.call('HMGET', KEYS[1], 'answer', 'token', 'sinceMs')
if not found[3] or found[1] or (found[2] or '') ~= ARGV[1] then return {'under-way'} end
redis.call('HSET', KEYS[1], 'token', ARGV[2], 'leasedUntilMs', text(now + ARGV[3]))
return {'begun', found[3]}
`;

/** KEYS request. ARGV answer. One that has expired meanwhile is over. */
const answer = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {'over'} end
redis.call('HSET', KEYS[1], 'answer', ARGV[1])
redis.call('HDEL', KEYS[1], 'token', 'leasedUntilMs')
return {'answered'}
`;

/** KEYS request. ARGV token, '1' to forget it. */
const letGo = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return {'lost'} end
if ARGV[2] == '1' then redis.call('DEL', KEYS[1]) else redis.call('HDEL', KEYS[1], 'token', 'leasedUntilMs') end
return {'let go'}
`;

/** Longer than a request may take; whoever died in it keeps its key for so long. */
const LEASE_MS = 15_000;

/** Keys of requests in Redis: under a hash of themselves, as they may say anything, and with a keyed hash of the body. */
export function createIdempotency(
  redis: Redis,
  keys: Keys,
  marks: TextMarks,
  { leaseMs = LEASE_MS, newToken = randomUUID }: { leaseMs?: number; newToken?: () => string } = {},
): Idempotency {
  const run = {
    claim: createScript(redis, claim),
    takeOver: createScript(redis, takeOver),
    answer: createScript(redis, answer),
    letGo: createScript(redis, letGo),
  };
  const keyOf = (key: string) => keys.apiRequest(createHash('sha256').update(key).digest('base64url'));

  return {
    async claim(key, mark) {
      const token = newToken();
      const [kind, value = '', stored = ''] = await run.claim(
        [keyOf(key)],
        [mark, token, leaseMs, keepMs.apiRequest],
      );
      if (!marks.same(stored as TextMark, mark)) return { kind: 'other-body' };
      if (kind === 'begun') return { kind: 'begun', sinceMs: Number(value), token };
      if (kind === 'answered') return { kind: 'answered', answer: value };
      if (kind === 'under-way') return { kind: 'under-way' };
      const [taken, sinceMs] = await run.takeOver([keyOf(key)], [value, token, leaseMs]);
      return taken === 'begun' ? { kind: 'begun', sinceMs: Number(sinceMs), token } : { kind: 'under-way' };
    },
    async answer(key, text) {
      await run.answer([keyOf(key)], [text]);
    },
    async forget(key, token) {
      await run.letGo([keyOf(key)], [token, '1']);
    },
    async release(key, token) {
      await run.letGo([keyOf(key)], [token, '']);
    },
  };
}
