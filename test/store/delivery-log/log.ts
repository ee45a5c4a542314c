import { randomBytes, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { onTestFinished, vi } from 'vitest';
import type { RedisServer } from '../../../sandbox/redis/server.ts';
import type { Bounds } from '../../../src/bridge/bounds.ts';
import { type Delivery, newDelivery } from '../../../src/bridge/delivery.ts';
import type { Change, Claim, DeliveryLog, NewEntry } from '../../../src/bridge/delivery-log.ts';
import { newPair, type Pair } from '../../../src/bridge/pair.ts';
import type {
  ChatPersonId,
  DeliveryId,
  LaneKey,
  PairKey,
  SalesforceUserId,
} from '../../../src/bridge/people.ts';
import { type Box, createBox } from '../../../src/store/box.ts';
import { createDeliveryLog } from '../../../src/store/delivery-log.ts';
import { createKeys, type Keys } from '../../../src/store/keys.ts';
import { connectState, whenReady } from '../../../src/store/redis.ts';
import { watchRunId } from '../../../src/store/run-id.ts';

export const FAILED_KEEP_MS = 7 * 24 * 60 * 60 * 1_000;
const GRACE_MS = 300;

export interface OpenedLog {
  redis: Redis;
  keys: Keys;
  box: Box;
  log: DeliveryLog;
  /** Everything that is stored, by key without the namespace. `lanes` is left out: it says when, not what. */
  dump(): Promise<Record<string, unknown>>;
  /** Keys without a time to live. */
  everlasting(): Promise<string[]>;
  /** Takes deliveries in, each with its order. */
  takeAll(...entries: NewEntry[]): Promise<void>;
  /** Claims without gathering; fails when it is not `go`. */
  go(id: string, run: string): Promise<Claim & { kind: 'go' }>;
}

/** A delivery log of its own in a test's Redis, with the connection that production uses. */
export async function openLog(
  server: RedisServer,
  limits: Partial<Bounds> = {},
  mayClaim = (_run: string) => true,
): Promise<OpenedLog> {
  const namespace = `test-${randomUUID()}`;
  const redis = connectState(server.url, () => {});
  onTestFinished(() => redis.disconnect());
  await whenReady(redis, 5_000);
  const keys = createKeys(namespace);
  const box = createBox([{ id: 'k1', key: randomBytes(32) }]);
  const runId = watchRunId(redis);
  const log = createDeliveryLog({
    redis,
    keys,
    box,
    runId,
    mayClaim,
    failedKeepMs: FAILED_KEEP_MS,
    readSoonMs: () => 90_000,
    graceMs: GRACE_MS,
    bounds: { ofPerson: 100, inAll: 1_000, inAllToSay: 1_100, ...limits },
    unreadable: () => {},
  });
  const prefix = `{${namespace}}:`;
  const names = async () => (await redis.keys(`${prefix}*`)).filter((name) => name !== keys.lanes).sort();
  return {
    redis,
    keys,
    box,
    log,
    async dump() {
      const values = await Promise.all(
        (await names()).map(
          async (name) => [name.slice(prefix.length), await storedAt(redis, name)] as const,
        ),
      );
      return Object.fromEntries(values);
    },
    async everlasting() {
      const ttls = await Promise.all(
        (await names()).map(async (name) => [name, await redis.pttl(name)] as const),
      );
      return ttls.filter(([, ttl]) => ttl === -1).map(([name]) => name.slice(prefix.length));
    },
    async takeAll(...entries) {
      for (const entry of entries) await log.take(entry);
    },
    go: (id, run) =>
      // What was taken in this very millisecond may have to wait for the next.
      vi.waitFor(async () => {
        const claim = await log.claim(id as DeliveryId, run, 0);
        if (claim.kind !== 'go') throw new Error(`${id} was not claimed but: ${claim.kind}`);
        return claim;
      }),
  };
}

async function storedAt(redis: Redis, name: string): Promise<unknown> {
  const type = await redis.type(name);
  if (type === 'hash') return redis.hgetall(name);
  if (type === 'zset') return redis.zrange(name, '0', '-1', 'WITHSCORES');
  return redis.get(name);
}

export const ada = 'T0CORP-U0ADA' as ChatPersonId;

/** A message on its way to Chatter. Without `order` it has that of its arrival. */
export function entry(id: string, o: { order?: number; lane?: string; content?: string } = {}): NewEntry {
  const {
    order: _order,
    takenAtMs: _takenAtMs,
    ...delivery
  } = newDelivery({
    id: id as DeliveryId,
    to: 'chatter',
    lane: (o.lane ?? 'to-grace') as LaneKey,
    order: 0,
    author: ada,
    takenAtMs: 0,
  });
  return {
    delivery: o.order === undefined ? delivery : { ...delivery, order: o.order },
    content: o.content ?? '{"v":1}',
  };
}

/** A change that a run writes; with nothing else but the new state. */
export const change = (before: Delivery, run: string, after: Partial<Delivery>): Change => ({
  before,
  after: { ...before, ...after },
  run,
  outbox: [],
});

export const pairOf = (key: string): Pair =>
  newPair({
    key: key as PairKey,
    sender: '005ADA' as SalesforceUserId,
    recipients: ['005GRACE' as SalesforceUserId],
    names: ['Grace Hopper'],
  });
