import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

/** Which run of Redis the stored state belongs to, counted from 1, and since when; see scripts.ts. */
export function createEpoch(
  redis: Redis,
  keys: Keys,
): () => Promise<{ number: number; sinceMs: number } | undefined> {
  return async () => {
    const [number, sinceMs] = await redis.hmget(keys.epoch, 'number', 'sinceMs');
    return number ? { number: Number(number), sinceMs: Number(sinceMs) } : undefined;
  };
}
