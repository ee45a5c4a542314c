import type { Redis } from 'ioredis';
import type { Delivery } from '../bridge/delivery.ts';
import type { DeliveryId } from '../bridge/people.ts';
import type { Keys } from './keys.ts';

/** A delivery that waits and was stored before Redis came up, as far as an operator may see it. */
export interface Waiting {
  id: DeliveryId;
  to: Delivery['to'];
  author: Delivery['author'];
  phase: Delivery['phase'];
  takenAtMs: number;
}

/** Bounds how much is asked for at once. */
const PAGE = 200;

/**
 * What waits and was stored before this epoch: what a restored Redis may have brought back. Read page by page; what is
 * delivered meanwhile is left out.
 */
export async function* waitingFromBefore(redis: Redis, keys: Keys, epoch: number): AsyncGenerator<Waiting> {
  async function read(id: DeliveryId): Promise<Waiting | undefined> {
    const [state, takenAt, stored] = await redis.hmget(keys.delivery(id), 'state', 'takenAt', 'epoch');
    if (!state || Number(stored) >= epoch) return undefined;
    const { to, author, phase } = JSON.parse(state) as Delivery;
    return { id, to, author, phase, takenAtMs: Number(takenAt) };
  }
  for await (const lane of lanes(redis, keys)) {
    // A lane's ids at once: pages by place would skip what moves up while the head leaves.
    const ids = (await redis.zrange(keys.lane(lane), '0', '-1')) as DeliveryId[];
    for (let from = 0; from < ids.length; from += PAGE) {
      yield* (await Promise.all(ids.slice(from, from + PAGE).map(read))).filter((row) => row !== undefined);
    }
  }
}

/** Each once: a scan may name one twice. */
async function* lanes(redis: Redis, keys: Keys): AsyncGenerator<Parameters<Keys['lane']>[0]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.zscan(keys.lanes, cursor, 'COUNT', PAGE);
    for (const [i, lane] of found.entries()) {
      // Names and scores take turns.
      if (i % 2 === 1 || seen.has(lane)) continue;
      seen.add(lane);
      yield lane as Parameters<Keys['lane']>[0];
    }
    cursor = next;
  } while (cursor !== '0');
}
