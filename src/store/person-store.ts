import type { Redis } from 'ioredis';
import type { DeliveryLog, PersonRecord } from '../bridge/delivery-log.ts';
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
): Pick<DeliveryLog, 'person' | 'setPerson' | 'opensThread' | 'isOpeningThread'> {
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
    async setPerson(id, change) {
      const values = Object.entries(change).map(([field, value]) => [field, Number(value)] as const);
      await redis.hset(keys.person(id), Object.fromEntries(values));
      await redis.pexpire(keys.person(id), keepMs.person);
    },
  };
}
