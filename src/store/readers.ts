import type { Redis } from 'ioredis';
import type { ChatPersonId, ConversationId, SalesforceUserId } from '../bridge/people.ts';
import type { Reader, Readers } from '../bridge/readers.ts';
import { type Keys, keepMs } from './keys.ts';
import { createScript } from './script.ts';

const clock = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local function text(number) return string.format('%.0f', number) end
`;

/**
 * KEYS readers. ARGV token, lease (ms), what stands before the person in keys of readers.
 * The lease is apart from the time at which a reader is due: whoever hurries one that is being read does not give it away.
 * What came before the claim is in the reading; what comes later is wanted anew.
 */
const claim = `${clock}
for _, person in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 50)) do
  local key = ARGV[3] .. person
  local leased = tonumber(redis.call('HGET', key, 'leasedUntilMs')) or 0
  if leased > now then
    redis.call('ZADD', KEYS[1], text(leased), person)
  else
    redis.call('ZADD', KEYS[1], text(now + ARGV[2]), person)
    redis.call('HSET', key, 'token', ARGV[1], 'leasedUntilMs', text(now + ARGV[2]))
    redis.call('HDEL', key, 'wantedMs')
    redis.call('PEXPIRE', key, ${keepMs.reader})
    local read = redis.call('HMGET', key, 'cursorMs', 'trafficMs', 'fromMs', 'user', 'failures')
    return {person, text(now), read[1] or '', read[2] or '0', read[3] or '', read[4] or '', read[5] or '0'}
  end
end
return {}
`;

/** KEYS readers, reader. ARGV token, person, lease (ms). */
const renew = `${clock}
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return {'lost'} end
redis.call('HSET', KEYS[2], 'leasedUntilMs', text(now + ARGV[3]))
redis.call('ZADD', KEYS[1], 'XX', text(now + ARGV[3]), ARGV[2])
return {'held'}
`;

/**
 * KEYS readers, reader, readers-as. ARGV token, person, due in (ms), '1' for traffic, cursor, what was read behind it as
 * well, user (each '' for none), failures. The cursor never steps back.
 */
const release = `${clock}
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return {'lost'} end
local known = tonumber(redis.call('HGET', KEYS[2], 'cursorMs'))
if ARGV[5] ~= '' and (not known or known < tonumber(ARGV[5])) then redis.call('HSET', KEYS[2], 'cursorMs', ARGV[5]) end
if ARGV[4] == '1' then redis.call('HSET', KEYS[2], 'trafficMs', text(now)) end
if ARGV[6] ~= '' and redis.call('HGET', KEYS[2], 'fromMs') == ARGV[6] then redis.call('HDEL', KEYS[2], 'fromMs') end
if ARGV[7] == '' then redis.call('HDEL', KEYS[2], 'user') else redis.call('HSET', KEYS[2], 'user', ARGV[7]) end
redis.call('HSET', KEYS[2], 'failures', ARGV[8])
local due = now + ARGV[3]
local wanted = tonumber(redis.call('HGET', KEYS[2], 'wantedMs'))
redis.call('ZADD', KEYS[1], text(wanted and math.min(wanted, due) or due), ARGV[2])
redis.call('HDEL', KEYS[2], 'token', 'leasedUntilMs')
if ARGV[7] ~= '' then
  redis.call('SADD', KEYS[3], ARGV[2])
  redis.call('PEXPIRE', KEYS[3], ${keepMs.reader})
end
return {'released'}
`;

/** KEYS readers. ARGV in (ms), what stands before the person in keys of readers, people (none: all). */
const hurry = `${clock}
local due = now + ARGV[1]
local people = {}
for i = 3, #ARGV do people[#people + 1] = ARGV[i] end
if #people == 0 then people = redis.call('ZRANGE', KEYS[1], 0, -1) end
for _, person in ipairs(people) do
  if redis.call('ZSCORE', KEYS[1], person) then
    local key = ARGV[2] .. person
    redis.call('ZADD', KEYS[1], 'LT', text(due), person)
    local wanted = tonumber(redis.call('HGET', key, 'wantedMs'))
    if not wanted or wanted > due then redis.call('HSET', key, 'wantedMs', text(due)) end
  end
end
return {'done'}
`;

/** KEYS readers, reader. ARGV token, person. */
const forget = `
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return {'lost'} end
redis.call('HDEL', KEYS[2], 'token', 'leasedUntilMs')
if redis.call('HEXISTS', KEYS[2], 'wantedMs') == 1 then
  redis.call('ZADD', KEYS[1], 'LT', 0, ARGV[2])
  return {'wanted'}
end
redis.call('ZREM', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[2], 'cursorMs', 'fromMs', 'user')
return {'forgotten'}
`;

/** KEYS readers, reader. ARGV person, '1' to read them whoever they are. Due since ever: at once, by whatever clock. */
const add = `
if ARGV[2] ~= '1' and redis.call('HEXISTS', KEYS[2], 'trafficMs') == 0 then return {'unknown'} end
redis.call('ZADD', KEYS[1], 'LT', 0, ARGV[1])
redis.call('HSET', KEYS[2], 'wantedMs', 0)
redis.call('PEXPIRE', KEYS[2], ${keepMs.reader})
return {'added'}
`;

/** Readers in Redis: who is due is a sorted set, how far somebody was read a hash. */
export function createReaders(redis: Redis, keys: Keys): Readers {
  const run = {
    claim: createScript(redis, claim),
    renew: createScript(redis, renew),
    release: createScript(redis, release),
    hurry: createScript(redis, hurry),
    forget: createScript(redis, forget),
    add: createScript(redis, add),
  };
  const anyReader = keys.reader('' as ChatPersonId);
  const both = (person: ChatPersonId) => [keys.readers, keys.reader(person)];

  return {
    async claim(token, leaseMs) {
      const [person, nowMs, cursorMs, trafficMs, fromMs, user, failures] = await run.claim(
        [keys.readers],
        [token, leaseMs, anyReader],
      );
      if (person === undefined) return undefined;
      return {
        person: person as ChatPersonId,
        token,
        nowMs: Number(nowMs),
        trafficMs: Number(trafficMs),
        failures: Number(failures),
        ...(cursorMs && { cursorMs: Number(cursorMs) }),
        ...(fromMs && { fromMs: Number(fromMs) }),
        ...(user && { user: JSON.parse(user) as Required<Reader>['user'] }),
      };
    },
    async renew({ person, token }, leaseMs) {
      const [done] = await run.renew(both(person), [token, person, leaseMs]);
      return done === 'held';
    },
    async release({ person, token, fromMs = '' }, read) {
      const { dueInMs, hadTraffic, cursorMs = '', readFrom, user, failures } = read;
      const [done] = await run.release(
        [...both(person), keys.readersAs(user?.id ?? ('' as SalesforceUserId))],
        [
          token,
          person,
          Math.round(dueInMs),
          hadTraffic ? '1' : '0',
          cursorMs,
          readFrom ? fromMs : '',
          user ? JSON.stringify(user) : '',
          failures,
        ],
      );
      return done === 'released';
    },
    async forget({ person, token }) {
      await run.forget(both(person), [token, person]);
    },
    async add(person) {
      await run.add(both(person), [person, '1']);
    },
    async resume(person) {
      await run.add(both(person), [person, '']);
    },
    async hurry(people, inMs) {
      if (people.length > 0) await run.hurry([keys.readers], [Math.round(inMs), anyReader, ...people]);
    },
    async hurryAll(inMs) {
      await run.hurry([keys.readers], [Math.round(inMs), anyReader]);
    },
    readingAs: async (user) => (await redis.smembers(keys.readersAs(user))) as ChatPersonId[],
    usersIn: async (conversation: ConversationId) =>
      (await redis.smembers(keys.readersIn(conversation))) as SalesforceUserId[],
  };
}
