import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

/** Which run of Redis the stored state belongs to, counted from 1, and since when; see scripts.ts. */
export function createEpoch(
  redis: Redis,
  keys: Keys,
): () => Promise<{ run: string; number: number; sinceMs: number } | undefined> {
  return async () => {
    const [run, number, sinceMs] = await redis.hmget(keys.epoch, 'run', 'number', 'sinceMs');
    return run && number ? { run, number: Number(number), sinceMs: Number(sinceMs) } : undefined;
  };
}
