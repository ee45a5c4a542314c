import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createAfterRestart } from './after-restart.ts';
import { type Bounds, bounds as defaultBounds } from './bridge/bounds.ts';
import type { Bell, DeliveryLog } from './bridge/delivery-log.ts';
import { createMirrorEnd, type MirrorEnd } from './bridge/mirror-end.ts';
import type { MirrorLog } from './bridge/mirror-log.ts';
import type { NotificationLog } from './bridge/notification-log.ts';
import { noStep, type Step } from './bridge/steps.ts';
import { timing as defaultTiming, type Timing } from './bridge/timing.ts';
import type { Config } from './config.ts';
import { createBell } from './queue/bell.ts';
import { createQueues, type Queues } from './queue/queues.ts';
import { type Box, createBox } from './store/box.ts';
import { createDeliveryLog } from './store/delivery-log.ts';
import { askDurability, notTold } from './store/durability.ts';
import { createKeys, type Keys, queuePrefix } from './store/keys.ts';
import { createMirrorLog } from './store/mirrors.ts';
import { createNotificationLog } from './store/notifications.ts';
import { createPulse, type Pulse } from './store/pulse.ts';
import { connectProducer, connectState, whenReady, whileConnected } from './store/redis.ts';
import { watchRunId } from './store/run-id.ts';
import { waitingFromBefore } from './store/waiting.ts';

/** What tests pass in; production leaves it out. */
export interface FoundationOverrides {
  timing?: Partial<Timing>;
  bounds?: Partial<Bounds>;
  step?: Step;
  /** First part of every key in Redis. */
  namespace?: string;
  /** A proven loss of more than this pauses sending. */
  pauseAfterLossMs?: number;
}

const REDIS_READY_MS = 10_000;
const PULSE_MS = 1_000;
/** `everysec` loses a second or two; what forgets more than this was restored. */
const PAUSE_AFTER_LOSS_MS = 60_000;

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
  mirrors: MirrorLog;
  mirrorEnd: MirrorEnd;
  notifications: NotificationLog;
  pulse: Pulse;
  /** Whether Salesforce tells of news, as this process last heard: then nobody needs to be read because they wrote. */
  push: { isAlive: boolean };
  /** Says how Redis is set, keeps its pulse, and lists what a restart may have lost. For who takes in or delivers. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

/** @throws when Redis does not answer. */
export async function layFoundation(
  config: Config,
  log: Logger,
  overrides: FoundationOverrides,
): Promise<Foundation> {
  const { namespace = 'chatter-bridge', step = noStep } = overrides;
  const timing: Timing = {
    ...defaultTiming,
    holdMs: config.holdMs,
    reading: { ...defaultTiming.reading, pollMs: config.pollMs },
    ...overrides.timing,
  };
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
  const runId = watchRunId(state);
  const pulse = createPulse(state, keys, runId);
  const afterRestart = createAfterRestart({
    pulse,
    waitingFromBefore: (epoch) => waitingFromBefore(state, keys, epoch),
    pause: () => queues.chatter.pause(),
    afterRestore: config.afterRestore,
    pauseAfterMs: overrides.pauseAfterLossMs ?? PAUSE_AFTER_LOSS_MS,
    everyMs: PULSE_MS,
    log,
  });
  const push = { isAlive: false };
  const bell = createBell(queues, timing);
  const mirrors = createMirrorLog(state, keys);
  const deliveries = createDeliveryLog({
    redis: state,
    keys,
    box,
    runId,
    mayClaim: afterRestart.mayClaim,
    failedKeepMs,
    graceMs: timing.lockMs,
    // Salesforce may have told of an answer before it was known to be one.
    readSoonMs: (isFirst) => (push.isAlive && !isFirst ? timing.reading.slowestMs : timing.reading.pollMs),
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
    bell,
    mirrors,
    notifications: createNotificationLog({ redis: state, keys, box, keepMs: failedKeepMs }),
    mirrorEnd: createMirrorEnd({ log: deliveries, mirrors, bell, now: Date.now, step }),
    pulse,
    push,
    async watch() {
      const { weak, unknown } = await askDurability(state);
      for (const sentence of weak) log.warn(sentence);
      if (unknown.length > 0) log.info(notTold(unknown));
      await afterRestart.start();
    },
    async close() {
      afterRestart.stop();
      await whileConnected(producer, Promise.all([queues.chatter.close(), queues.chat.close()]));
      await close();
    },
  };
}
