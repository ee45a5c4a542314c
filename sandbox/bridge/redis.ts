import { Redis } from 'ioredis';
import { startRedis } from '../redis/server.ts';

/** Says that all in this database belongs to a sandbox. */
const MARK = 'chatter-bridge-sandbox';
const CONNECT_TIMEOUT_MS = 3_000;

export interface SandboxRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * An empty Redis for the bridge: the given one, or a private one on its own data folder. The stand-ins begin
 * afresh at every start and count their ids anew, so what an earlier sandbox knew of them is erased.
 * Rejects, and erases nothing, when the database holds anything that is not a sandbox's.
 */
export async function openRedis(folder: string, givenUrl?: string): Promise<SandboxRedis> {
  if (givenUrl !== undefined) {
    await makeEmpty(givenUrl);
    return { url: givenUrl, stop: () => Promise.resolve() };
  }
  const server = await startRedis({ folder });
  try {
    await makeEmpty(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function makeEmpty(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
  });
  // Without a listener ioredis writes every failure to the console; connect() rejects with it as well.
  redis.on('error', () => undefined);
  try {
    await redis.connect().catch((error: Error) => {
      throw new Error(`REDIS_URL does not answer: ${error.message}`);
    });
    if ((await redis.dbsize()) > 0 && (await redis.exists(MARK)) === 0) {
      throw new Error('The database of REDIS_URL is not empty: give the sandbox one of its own (…/15).');
    }
    await redis.flushdb();
    await redis.set(MARK, '1');
  } finally {
    redis.disconnect();
  }
}
