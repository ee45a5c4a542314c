import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Bounds, bounds as defaultBounds } from './bridge/bounds.ts';
import type { Bell, DeliveryLog } from './bridge/delivery-log.ts';
import { noStep, type Step } from './bridge/steps.ts';
import { timing as defaultTiming, type Timing } from './bridge/timing.ts';
import type { Config } from './config.ts';
import { createBell } from './queue/bell.ts';
import { createQueues, type Queues } from './queue/queues.ts';
import { type Box, createBox } from './store/box.ts';
import { createDeliveryLog } from './store/delivery-log.ts';
import { createEpoch } from './store/epoch.ts';
import { createKeys, type Keys, queuePrefix } from './store/keys.ts';
import { connectProducer, connectState, whenReady, whileConnected } from './store/redis.ts';
import { watchRunId } from './store/run-id.ts';

/** What tests pass in; production leaves it out. */
export interface FoundationOverrides {
  timing?: Partial<Timing>;
  bounds?: Partial<Bounds>;
  step?: Step;
  /** First part of every key in Redis. */
  namespace?: string;
}

const REDIS_RESTARTED =
  'Redis was restarted, restored or failed over: everything that waited is looked for in Salesforce before it is sent. ' +
  'If Redis lost its last moments, commands of that time may be missing and discarded messages may be back; ' +
  '`npm run operate -- pause` stops sending while you look.';
const REDIS_READY_MS = 10_000;

/** What web and worker share: connections, the delivery log and the queues. */
export interface Foundation {
  config: Config;
  log: Logger;
  timing: Timing;
  step: Step;
  prefix: string;
  state: Redis;
  keys: Keys;
  box: Box;
  deliveries: DeliveryLog;
  queues: Queues;
  bell: Bell;
  close(): Promise<void>;
}

/** @throws when Redis does not answer. */
export async function layFoundation(
  config: Config,
  log: Logger,
  overrides: FoundationOverrides,
): Promise<Foundation> {
  const { namespace = 'chatter-bridge', step = noStep } = overrides;
  const timing: Timing = { ...defaultTiming, holdMs: config.holdMs, ...overrides.timing };
  const onError = (error: Error) => log.warn({ err: error }, 'redis');
  const state = connectState(config.redisUrl, onError);
  const producer = connectProducer(config.redisUrl, onError);
  const close = async () => {
    state.disconnect();
    producer.disconnect();
  };
  try {
    await Promise.all([whenReady(state, REDIS_READY_MS), whenReady(producer, REDIS_READY_MS)]);
  } catch (error) {
    await close();
    throw error;
  }
  const prefix = queuePrefix(namespace);
  const keys = createKeys(namespace);
  const box = createBox(config.encryptionKeys);
  const { failedKeepMs } = config;
  const queues = createQueues({ connection: producer, prefix, failedKeepMs, onError });
  const restarted = () => log.warn(REDIS_RESTARTED);
  const runId = watchRunId(state, restarted);
  const epoch = await createEpoch(state, keys)();
  if (epoch && epoch.run !== (await runId())) restarted();
  const deliveries = createDeliveryLog({
    redis: state,
    keys,
    box,
    runId,
    failedKeepMs,
    graceMs: timing.lockMs,
    bounds: { ...defaultBounds, ...overrides.bounds },
    unreadable: (delivery, err) => log.error({ delivery, err }, 'a stored text cannot be opened'),
  });
  return {
    config,
    log,
    timing,
    step,
    prefix,
    state,
    keys,
    box,
    deliveries,
    queues,
    bell: createBell(queues, timing),
    async close() {
      await whileConnected(producer, Promise.all([queues.chatter.close(), queues.chat.close()]));
      await close();
    },
  };
}
