import { afterAll } from 'vitest';
import { type RedisOptions, type RedisServer, startRedis } from '../../sandbox/redis/server.ts';

/**
 * A Redis server for one test file, stopped after its last test: `const redis = await privateRedis();` at
 * the top of the file. Tests never use `REDIS_URL`: they kill servers and expect empty ones.
 */
export async function privateRedis(options?: RedisOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  afterAll(() => server.stop());
  return server;
}
