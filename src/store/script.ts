import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * Redis takes no writes now: full (`noeviction`), a replica, too few replicas, a disk that fails, or still loading. It
 * judges that at a script's first write, by how things stood when the script began: so of a refused script nothing was
 * written, and of another one everything (redis.io, Eval flags, allow-oom; test/store/delivery-log/full.test.ts).
 */
export class WriteRefusedError extends Error {
  override readonly name = 'WriteRefusedError';
  readonly code: string;
  constructor(code: string, cause: unknown) {
    super(`Redis takes no writes now (${code})`, { cause });
    this.code = code;
  }
}

/** Older servers put the reason behind words of their own. */
const REFUSAL = /(?:^|: -)(OOM|READONLY|NOREPLICAS|MISCONF|LOADING|MASTERDOWN) /;

function translated(error: unknown): unknown {
  const code = error instanceof Error ? REFUSAL.exec(error.message)?.[1] : undefined;
  return code === undefined ? error : new WriteRefusedError(code, error);
}

/**
 * Runs a script by its hash, and in full when Redis does not know it (yet, or any more after a restart).
 * Gives calls that throw WriteRefusedError when certainly nothing was written.
 */
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
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw translated(error);
    }
    try {
      return (await redis.eval(lua, keys.length, ...rest)) as string[];
    } catch (error) {
      throw translated(error);
    }
  };
}
