import type { Redis } from 'ioredis';
import type { Bounds } from '../bridge/bounds.ts';
import type { Delivery } from '../bridge/delivery.ts';
import type { Claim, Committed, DeliveryLog, NewEntry, TakeResult } from '../bridge/delivery-log.ts';
import type { DeliveryId, LaneKey } from '../bridge/people.ts';
import type { Box } from './box.ts';
import { laneNow, writesOf } from './change.ts';
import { createDeadLetters } from './dead-letters.ts';
import { type Keys, keepMs } from './keys.ts';
import { createPairStore } from './pair-store.ts';
import { createPersonStore } from './person-store.ts';
import { createRedisClock } from './redis-clock.ts';
import { createScript, WriteRefusedError } from './script.ts';
import * as scripts from './scripts.ts';
import { withOpenSentences } from './sealed-sentences.ts';

export interface LogOptions {
  redis: Redis;
  keys: Keys;
  box: Box;
  runId: () => Promise<string>;
  /** FAILED_KEEP_DAYS. */
  failedKeepMs: number;
  /** Whether what waited when this run of Redis came up was listed to the operator: nothing is claimed before. */
  mayClaim: (run: string) => boolean;
  /** After a restart of Redis nothing is claimed for this long: a worker that has not noticed may still write. */
  graceMs: number;
  bounds: Bounds;
  /** Who has sent something is read for answers within this, as things are now; `isFirst`: the first to these people. */
  readSoonMs: (isFirst: boolean) => number;
  /** Called with what is wrong when a stored text cannot be opened. */
  unreadable: (id: DeliveryId, error: Error) => void;
}

/** What is claimed before the list is made comes again after this long. */
const NOT_LISTED_MS = 500;

/** The delivery log on Redis. Every method is one script, or one command. */
export function createDeliveryLog(o: LogOptions): DeliveryLog {
  const { redis, keys, box } = o;
  const run = {
    take: createScript(redis, scripts.take),
    cancel: createScript(redis, scripts.cancel),
    claim: createScript(redis, scripts.claim),
    commit: createScript(redis, scripts.commit),
    hasUnlooked: createScript(redis, scripts.hasUnlooked),
  };
  const laneKeys = (lane: LaneKey) => [keys.lane(lane), keys.laneInfo(lane)];
  const anyDelivery = keys.delivery('' as DeliveryId);

  const deadlineByRedis = createRedisClock(redis, () => performance.now());

  return {
    async take(entry, deadlineMs): Promise<TakeResult> {
      const { id, lane } = entry.delivery;
      // Without a connection nothing is written or queued (redis.ts): a certain no, which people can be told.
      if (redis.status !== 'ready') return { kind: 'unreached' };
      const deadline = deadlineMs === undefined ? '' : await deadlineByRedis(deadlineMs);
      const { author, revises } = entry.delivery;
      const counted = [keys.open, keys.dead, keys.openOf(author), keys.deadOf(author)];
      const answer = await run
        .take(
          [
            ...[keys.delivery(id), keys.content(id), ...laneKeys(lane), keys.lanes, keys.epoch],
            ...counted,
            keys.delivery(revises?.of ?? id),
          ],
          [
            await o.runId(),
            deadline,
            id,
            stateOf(entry),
            box.seal(entry.content, id),
            orderOf(entry),
            lane,
            anyDelivery,
            ...boundsOf(entry, deadlineMs),
            revises?.atUs ?? '',
          ],
        )
        .catch(unlessRefused);
      if (answer instanceof WriteRefusedError) return { kind: 'no-room', cause: answer };
      const [kind, head] = answer;
      if (kind === 'full') return { kind, of: head as 'person' | 'bridge' };
      if (kind === 'stored') return { kind, head: (head || undefined) as DeliveryId | undefined };
      return { kind: kind as 'duplicate' | 'cancelled' | 'late' };
    },

    async cancel(id, isOverdue = false) {
      const [done] = await run.cancel([keys.delivery(id)], [keepMs.cancelled, isOverdue ? '1' : '0']);
      return done === 'cancelled';
    },

    async claim(id, token, gatherMs): Promise<Claim> {
      let lane = ((await redis.hget(keys.delivery(id), 'lane')) ?? '') as LaneKey;
      for (;;) {
        const runId = await o.runId();
        if (!o.mayClaim(runId)) return { kind: 'wait', forMs: NOT_LISTED_MS };
        const answer = await run.claim(
          [keys.delivery(id), keys.content(id), ...laneKeys(lane), keys.lanes, keys.epoch],
          [runId, id, token, o.graceMs, lane, gatherMs, keepMs.laneInfo],
        );
        if (answer[0] === 'moved') lane = answer[1] as LaneKey;
        else return claimOf(id, answer);
      }
    },

    async commit(change): Promise<Committed> {
      const { keys: written, guards, writes, delivery } = writesOf(change, o);
      const [kind, head] = await run.commit(written, [
        await o.runId(),
        JSON.stringify(guards),
        JSON.stringify(writes),
        anyDelivery,
      ]);
      if (kind !== 'stored') return { kind: kind as 'fenced' | 'moved' | 'pair-moved' | 'pair-busy' };
      return { kind, delivery, head: (head || undefined) as DeliveryId | undefined };
    },

    async read(id) {
      const [hash, content] = await Promise.all([
        redis.hmget(keys.delivery(id), 'state', 'version', 'order', 'takenAt', 'revisedBy'),
        redis.get(keys.content(id)),
      ]);
      const [state, version, order, takenAt, revisedBy] = hash;
      if (!state || state === 'cancelled') return undefined;
      const opened = content === null ? undefined : open(id, content);
      return {
        delivery: deliveryOf(state, version, order, takenAt, box),
        content: opened,
        isUnreadable: content !== null && opened === undefined,
        revisedBy: (revisedBy ?? undefined) as DeliveryId | undefined,
      };
    },

    async revisedBy(id) {
      return ((await redis.hget(keys.delivery(id), 'revisedBy')) ?? undefined) as DeliveryId | undefined;
    },

    async revisionsOf(id) {
      const ids = await redis.hget(keys.delivery(id), 'revisions');
      return (ids ?? '').split(' ').filter(Boolean) as DeliveryId[];
    },

    async head(delivery) {
      const [lane, info] = laneKeys(laneNow(delivery)) as [string, string];
      const current = await redis.hget(info, 'current');
      if (current && (await redis.zscore(lane, current)) !== null) return current as DeliveryId;
      return (await redis.zrange(lane, '0', '0'))[0] as DeliveryId | undefined;
    },

    isEmpty: async (lane) => (await redis.zcard(keys.lane(lane))) === 0,

    last: async (lane) => (await redis.zrange(keys.lane(lane), '-1', '-1'))[0] as DeliveryId | undefined,

    async hasUnlooked(person) {
      const [done] = await run.hasUnlooked([keys.openOf(person), keys.epoch], [await o.runId(), anyDelivery]);
      return done === 'yes';
    },

    ...createPairStore(redis, keys),
    ...createPersonStore(redis, keys),
    ...createDeadLetters(redis, keys),
  };

  /** Most of a person, most in all, how long to remember a refusal, how long to remember the person's count. */
  function boundsOf({ delivery }: NewEntry, deadlineMs: number | undefined): (number | '')[] {
    const { ofPerson, inAll, inAllToSay } = o.bounds;
    const isMessage = delivery.to === 'chatter';
    const most =
      deadlineMs === undefined
        ? (['', ''] as const)
        : // What takes words back must not be refused because of them.
          isMessage && !delivery.revises
          ? [ofPerson, inAll]
          : ['' as const, inAllToSay];
    // Nobody was told that a notification's message was not taken: it comes again, until there is room.
    const rememberMs = delivery.notification ? '' : keepMs.cancelled;
    return [...most, rememberMs, isMessage ? keepMs.open : ''];
  }

  /** What no key opens is not there to its delivery, which says so when its time has come; whoever runs us hears it now. */
  function open(id: DeliveryId, sealed: string): string | undefined {
    try {
      return box.open(sealed, id);
    } catch (error) {
      o.unreadable(id, error instanceof Error ? error : new Error('it does not open', { cause: error }));
      return undefined;
    }
  }

  function claimOf(id: DeliveryId, answer: readonly string[]): Claim {
    const [kind, state = '', version, order, takenAt, content = '', must, begun, nowMs, sinceMs, revisedBy] =
      answer;
    if (kind === 'gone' || kind === 'failed') return { kind: 'ended', failed: kind === 'failed' };
    if (kind === 'park') return { kind };
    if (kind === 'wait') return { kind, forMs: Number(state) };
    const delivery = deliveryOf(state, version, order, takenAt, box);
    return {
      kind: 'go',
      delivery,
      content: content === '' ? undefined : open(id, content),
      revisedBy: (revisedBy || undefined) as DeliveryId | undefined,
      must: must === '1',
      late: Number(begun) > delivery.order,
      nowMs: Number(nowMs),
      redisSinceMs: Number(sinceMs),
    };
  }
}

function unlessRefused(error: unknown): WriteRefusedError {
  if (error instanceof WriteRefusedError) return error;
  throw error;
}

const stateOf = ({ delivery }: NewEntry): string => JSON.stringify(delivery);
const orderOf = ({ delivery }: NewEntry): string =>
  delivery.order === undefined ? '' : String(delivery.order);

function deliveryOf(
  state: string,
  version: string | null | undefined,
  order: string | null | undefined,
  takenAt: string | null | undefined,
  box: Box,
): Delivery {
  const sealed = JSON.parse(state) as Delivery;
  if (sealed.v !== 1) throw new Error(`delivery version ${String(sealed.v)} is newer than this program`);
  const stored = withOpenSentences(sealed, box);
  const takenAtMs = Number(takenAt);
  return {
    ...stored,
    version: Number(version),
    order: Number(order),
    takenAtMs,
  };
}
