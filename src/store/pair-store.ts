import type { Redis } from 'ioredis';
import type { DeliveryLog } from '../bridge/delivery-log.ts';
import type { ThreadLink } from '../bridge/message.ts';
import type { Pair } from '../bridge/pair.ts';
import type { ChatMessageId, ChatThreadId } from '../bridge/people.ts';
import type { Keys } from './keys.ts';

/** What is read about pairs and their threads. They are written with the deliveries that they belong to. */
export function createPairStore(
  redis: Redis,
  keys: Keys,
): Pick<DeliveryLog, 'pair' | 'known' | 'threadLink' | 'note'> {
  return {
    async pair(key) {
      const [state, version, thread] = await redis.hmget(keys.pair(key), 'state', 'version', 'thread');
      if (!state) return undefined;
      const pair = JSON.parse(state) as Pair;
      if (pair.v !== 1) throw new Error(`pair version ${String(pair.v)} is newer than this program`);
      return { ...pair, version: Number(version), ...(thread && { thread: thread as ChatThreadId }) };
    },
    async known(key, ids) {
      if (ids.length === 0) return new Set();
      const scores = await redis.zmscore(keys.known(key), ...ids);
      return new Set(ids.filter((_, i) => scores[i] !== null));
    },
    async threadLink(thread) {
      const json = await redis.get(keys.thread(thread));
      if (json === null) return undefined;
      const link = JSON.parse(json) as ThreadLink;
      if (link.v !== 1) throw new Error(`thread link version ${String(link.v)} is newer than this program`);
      return link;
    },
    async note(about) {
      const json = await redis.get(keys.note(about));
      return json === null
        ? undefined
        : (JSON.parse(json) as { message: ChatMessageId; thread: ChatThreadId });
    },
  };
}
