import { Redis } from 'ioredis';
import { createKeys } from '../../src/store/keys.ts';
import type { RunningBridge } from './bridge.ts';

/** How many deliveries have not ended, to Chatter and to people's conversations with the app. */
export async function underWay({ redis, namespace }: RunningBridge): Promise<number> {
  const connection = new Redis(redis.url);
  try {
    return await connection.zcard(createKeys(namespace).open);
  } finally {
    connection.disconnect();
  }
}
