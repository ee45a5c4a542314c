import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Runs a script by its hash, and in full when Redis does not know it (yet, or any more after a restart). */
export function createScript(
  redis: Redis,
  lua: string,
): (keys: readonly string[], args: readonly (string | number)[]) => Promise<string[]> {
  const hash = createHash('sha1').update(lua).digest('hex');
  return async (keys, args) => {
    const rest = [...keys, ...args.map(String)];
    try {
      return (await redis.evalsha(hash, keys.length, ...rest)) as string[];
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(lua, keys.length, ...rest)) as string[];
    }
  };
}
