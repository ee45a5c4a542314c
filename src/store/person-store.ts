import type { Redis } from 'ioredis';
import type { DeliveryLog, PersonRecord } from '../bridge/delivery-log.ts';
import { type Keys, keepMs } from './keys.ts';

const FIELDS = ['optedOut', 'allowed', 'noticed'] as const satisfies readonly (keyof PersonRecord)[];

/** What a person has decided, and whether they were told that the bridge acts as them. */
export function createPersonStore(redis: Redis, keys: Keys): Pick<DeliveryLog, 'person' | 'setPerson'> {
  return {
    async person(id) {
      const [optedOut, allowed, noticed] = await redis.hmget(keys.person(id), ...FIELDS);
      return { optedOut: optedOut === '1', allowed: allowed === '1', noticed: noticed === '1' };
    },
    async setPerson(id, change) {
      const values = Object.entries(change).map(([field, value]) => [field, value ? '1' : '0'] as const);
      await redis.hset(keys.person(id), Object.fromEntries(values));
      await redis.pexpire(keys.person(id), keepMs.person);
    },
  };
}
