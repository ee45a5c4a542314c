import type { Redis } from 'ioredis';

/**
 * Redis's run id on this connection: another one after every restart, restore or failover. Asked for once a
 * connection, forgotten when it closes; so a script never goes out under the id of another server.
 */
export function watchRunId(redis: Redis): () => Promise<string> {
  let known: string | undefined;
  let asking: Promise<string> | undefined;
  redis.on('close', () => {
    known = undefined;
    asking = undefined;
  });
  async function ask(): Promise<string> {
    const info = await redis.info('server');
    const id = /^run_id:(\S+)/m.exec(info)?.[1];
    if (!id) throw new Error('Redis did not tell its run id');
    return id;
  }
  return async () => {
    if (known !== undefined) return known;
    asking ??= ask();
    try {
      known = await asking;
      return known;
    } finally {
      asking = undefined;
    }
  };
}
