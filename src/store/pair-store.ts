import type { Redis } from 'ioredis';
import type { DeliveryLog } from '../bridge/delivery-log.ts';
import type { EndedLink, ThreadLink } from '../bridge/message.ts';
import type { Pair } from '../bridge/pair.ts';
import type { ChatMessageId, ChatThreadId } from '../bridge/people.ts';
import { type Keys, keepMs, threadField } from './keys.ts';
import { createScript } from './script.ts';

/** KEYS pair. ARGV state, version before ('' none), version after, how long to keep it. */
const open = `
if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[2] then return {'moved'} end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'version', ARGV[3])
redis.call('HSETNX', KEYS[1], 'holder', '')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'opened'}
`;

/** What is read about pairs and their threads. They are written with the deliveries that they belong to. */
export function createPairStore(
  redis: Redis,
  keys: Keys,
): Pick<DeliveryLog, 'pair' | 'openPair' | 'known' | 'threadOf' | 'threadLink' | 'endedLink' | 'note'> {
  const run = { open: createScript(redis, open) };
  async function linkOf(thread: ChatThreadId): Promise<ThreadLink | undefined> {
    const json = await redis.get(keys.thread(thread));
    if (json === null) return undefined;
    const link = JSON.parse(json) as ThreadLink;
    if (link.v !== 1) throw new Error(`thread link version ${String(link.v)} is newer than this program`);
    return link;
  }
  return {
    async pair(key) {
      const [state, version, thread] = await redis.hmget(keys.pair(key), 'state', 'version', 'thread');
      if (!state) return undefined;
      const pair = JSON.parse(state) as Pair;
      if (pair.v !== 1) throw new Error(`pair version ${String(pair.v)} is newer than this program`);
      return { ...pair, version: Number(version), ...(thread && { thread: thread as ChatThreadId }) };
    },
    async openPair(pair) {
      const state = JSON.stringify({ ...pair, thread: undefined });
      const { version } = pair;
      const [done] = await run.open(
        [keys.pair(pair.key)],
        [state, version === 0 ? '' : version, version + 1, keepMs.pair],
      );
      return done === 'opened';
    },
    async known(key, ids) {
      if (ids.length === 0) return new Set();
      const scores = await redis.zmscore(keys.known(key), ...ids);
      return new Set(ids.filter((_, i) => scores[i] !== null));
    },
    async threadOf(key, person) {
      // A version that knew one thread a pair has stored no other.
      const [own, last] = await redis.hmget(keys.pair(key), threadField(person), 'thread');
      const thread = (own ?? last) as ChatThreadId | null;
      const link = thread && (await linkOf(thread));
      // Replies in a thread that was forgotten go nowhere.
      return link?.person === person && thread ? thread : undefined;
    },
    threadLink: linkOf,
    async endedLink(thread) {
      const json = await redis.get(keys.threadEnded(thread));
      return json === null ? undefined : (JSON.parse(json) as EndedLink);
    },
    async note(about) {
      const json = await redis.get(keys.note(about));
      return json === null
        ? undefined
        : (JSON.parse(json) as { message: ChatMessageId; thread: ChatThreadId });
    },
  };
}
