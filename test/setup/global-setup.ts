import { findRedisServer } from '../../sandbox/redis/find.ts';

/** Makes sure, once and before the test files start in parallel, that there is a Redis server to run. */
export async function setup(): Promise<void> {
  await findRedisServer();
}
