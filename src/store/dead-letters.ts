import type { Redis } from 'ioredis';
import type { DeadLetter, DeliveryLog } from '../bridge/delivery-log.ts';
import type { DeliveryId } from '../bridge/people.ts';
import type { Keys } from './keys.ts';

/** What is read of Redis at once, so that no answer is a large one. */
const PORTION = 1_000;

/** What is read about dead letters. They are written with the deliveries that they are (counts.ts). */
export function createDeadLetters(redis: Redis, keys: Keys): Pick<DeliveryLog, 'deadLetters' | 'countDead'> {
  return {
    async deadLetters(person) {
      const index = person === undefined ? keys.dead : keys.deadOf(person);
      const kept = await stillKept(index);
      const letters: DeadLetter[] = [];
      for (let from = 0; from < kept.length; from += PORTION) {
        letters.push(...(await withOrders(kept.slice(from, from + PORTION), index)));
      }
      return letters.sort((a, b) => a.order - b.order);
    },

    async countDead(person) {
      const index = keys.deadOf(person);
      const [count, last] = await Promise.all([
        redis.zcount(index, `(${await nowMs()}`, '+inf'),
        redis.zrange(index, '-1', '-1', 'WITHSCORES'),
      ]);
      return { count, untilMs: Number(last[1] ?? 0) };
    },
  };

  async function nowMs(): Promise<number> {
    const [seconds, micros] = await redis.time();
    return Math.floor(Number(seconds) * 1_000 + Number(micros) / 1_000);
  }

  async function stillKept(index: string): Promise<{ id: DeliveryId; keptUntilMs: number }[]> {
    const after = `(${await nowMs()}`;
    const kept: { id: DeliveryId; keptUntilMs: number }[] = [];
    for (;;) {
      const portion = await redis.zrangebyscore(
        index,
        after,
        '+inf',
        'WITHSCORES',
        'LIMIT',
        kept.length,
        PORTION,
      );
      for (let i = 0; i + 1 < portion.length; i += 2) {
        kept.push({ id: portion[i] as DeliveryId, keptUntilMs: Number(portion[i + 1]) });
      }
      if (portion.length < 2 * PORTION) return kept;
    }
  }

  /** One whose delivery is gone before its time is dropped here. */
  async function withOrders(
    kept: readonly Omit<DeadLetter, 'order'>[],
    index: string,
  ): Promise<DeadLetter[]> {
    const orders = await Promise.all(kept.map(({ id }) => redis.hget(keys.delivery(id), 'order')));
    const gone = kept.filter((_, i) => orders[i] === null).map(({ id }) => id);
    if (gone.length > 0) await redis.zrem(index, ...gone);
    return kept.flatMap((each, i) => (orders[i] === null ? [] : [{ ...each, order: Number(orders[i]) }]));
  }
}
