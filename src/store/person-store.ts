import type { Redis } from 'ioredis';
import type { DeliveryLog, PersonRecord } from '../bridge/delivery-log.ts';
import type { ChatPersonId } from '../bridge/people.ts';
import { type Keys, keepMs } from './keys.ts';

const FIELDS = [
  'optedOut',
  'allowed',
  'noticed',
  'inboxSinceMs',
] as const satisfies readonly (keyof PersonRecord)[];

/** What a person has decided, and whether they were told that the bridge acts as them. */
export function createPersonStore(
  redis: Redis,
  keys: Keys,
): Pick<DeliveryLog, 'person' | 'optedOut' | 'setPerson' | 'opensThread' | 'isOpeningThread'> {
  return {
    async opensThread(id) {
      await redis.set(keys.opening(id), '1', 'PX', keepMs.opening);
    },
    isOpeningThread: async (id) => (await redis.exists(keys.opening(id))) === 1,
    async person(id) {
      const [optedOut, allowed, noticed, inboxSinceMs] = await redis.hmget(keys.person(id), ...FIELDS);
      return {
        optedOut: optedOut === '1',
        allowed: allowed === '1',
        noticed: noticed === '1',
        ...(inboxSinceMs && { inboxSinceMs: Number(inboxSinceMs) }),
      };
    },
    optedOut: async () => (await redis.smembers(keys.optedOut)) as ChatPersonId[],
    async setPerson(id, change) {
      const values = Object.entries(change).map(([field, value]) => [field, Number(value)] as const);
      const all = redis.multi().hset(keys.person(id), Object.fromEntries(values));
      all.pexpire(keys.person(id), keepMs.person);
      if (change.optedOut === true) all.sadd(keys.optedOut, id).pexpire(keys.optedOut, keepMs.person);
      if (change.optedOut === false) all.srem(keys.optedOut, id);
      for (const [error] of (await all.exec()) ?? []) if (error) throw error;
    },
  };
}
