import type { Redis } from 'ioredis';
import type { Delivery } from '../bridge/delivery.ts';
import type { DeliveryId, LaneKey } from '../bridge/people.ts';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';
import * as scripts from './scripts.ts';

/** The head of a lane in which nothing happened for a while. */
export interface QuietHead {
  id: DeliveryId;
  to: Delivery['to'];
  /** It has begun and sleeps on purpose (a back-off, a settling): its job is only to be missed, not woken. */
  sleeps: boolean;
}

/** Longer than a healthy step takes, so that lanes at work are left alone. */
const QUIET_MS = 1_500;
/** Bounds one pass; the rest follows in the next. */
const MOST_LANES = 100;

export function createSweep(redis: Redis, keys: Keys): () => Promise<QuietHead[]> {
  const run = createScript(redis, scripts.sweep);
  const none = '' as LaneKey & DeliveryId;
  return async () => {
    const before = [keys.lane(none), keys.laneInfo(none), keys.delivery(none)];
    const found = await run([keys.lanes, keys.open], [...before, QUIET_MS, MOST_LANES]);
    const heads: QuietHead[] = [];
    for (let i = 0; i + 2 < found.length; i += 3) {
      const to = found[i + 1];
      if (to !== 'chatter' && to !== 'chat') continue;
      heads.push({ id: found[i] as DeliveryId, to, sleeps: found[i + 2] === '1' });
    }
    return heads;
  };
}
