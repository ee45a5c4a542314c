import { Redis, type RedisOptions } from 'ioredis';

type Options = Omit<RedisOptions, 'replyMapping'>;

/** How long one command of ours may take before it counts as failed. It may still be carried out. */
const COMMAND_MS = 1_500;

/**
 * A connection for our own state. Nothing is queued while Redis is away and nothing is sent again by itself: a command
 * goes to the server that this connection was greeted by, or fails at once. So the run id belongs to the command, and
 * Slack hears of an absent Redis within its three seconds.
 */
export function connectState(url: string, onError: (error: Error) => void): Redis {
  return connect(url, onError, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 0,
  });
}

/** A connection for adding jobs: fails as fast. */
export function connectProducer(url: string, onError: (error: Error) => void): Redis {
  return connect(url, onError, {
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 0,
  });
}

/** A connection for BullMQ workers, which wait on it: patient, as BullMQ demands. */
export function connectWorker(url: string, onError: (error: Error) => void): Redis {
  return connect(url, onError, { maxRetriesPerRequest: null });
}

function connect(url: string, onError: (error: Error) => void, options: Options): Redis {
  const retryStrategy = (times: number): number => Math.min(50 * 2 ** Math.min(times, 6), 2_000);
  const all: Options = { ...options, retryStrategy };
  const redis = new Redis(url, all);
  redis.on('error', onError);
  return redis;
}

/** Resolves when the connection is ready; throws the reason when it is not within the time. */
export async function whenReady(redis: Redis, withinMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  let last: Error = new Error(`Redis did not answer within ${withinMs} ms`);
  await new Promise<void>((resolve, reject) => {
    const done = (then: () => void): void => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      redis.off('error', onError);
      then();
    };
    const timer = setTimeout(() => done(() => reject(last)), withinMs);
    const onReady = (): void => done(resolve);
    const onError = (error: Error): void => {
      last = error;
    };
    redis.once('ready', onReady);
    redis.on('error', onError);
  });
}

/** How long a connection may be gone before what waits for it is given up. */
const GONE_MS = 1_000;
const LOOK_MS = 100;

/** Waits for work that needs the connection: until it is done, or the connection has been gone for a second. */
export async function whileConnected(redis: Redis, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<void>((resolve) => {
    let goneMs = 0;
    timer = setInterval(() => {
      goneMs = redis.status === 'ready' ? 0 : goneMs + LOOK_MS;
      if (goneMs >= GONE_MS) resolve();
    }, LOOK_MS);
  });
  try {
    await Promise.race([work, gone]);
  } finally {
    clearInterval(timer);
  }
}
