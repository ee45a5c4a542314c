import { backOffMs } from './back-off.ts';
import { DeliveryError } from './delivery-error.ts';
import type { ReplayId } from './people.ts';
import type { MessageEvent, MessageEvents, Sign } from './ports.ts';

/** The code of a refusal because Salesforce does not keep the place to go on from any more (it keeps 72 hours). */
export const REPLAY_LOST = 'replay-lost';

/** Shared by all workers. What a holder writes is refused once another has the lease. */
export interface PushState {
  /** Takes the lease, unless somebody else holds it. */
  take(lease: string): Promise<boolean>;
  /** Keeps the lease, and says whether push is alive: for as long as the lease holds. @returns false: it is lost. */
  keep(lease: string, isAlive: boolean): Promise<boolean>;
  release(lease: string): Promise<void>;
  replayId(): Promise<ReplayId | undefined>;
  /** undefined: forgets it. @returns false: the lease is lost, nothing was written. */
  remember(lease: string, at: ReplayId | undefined): Promise<boolean>;
  /** Until when push counts as alive, by Redis's clock; 0: it is not. It lapses by itself. */
  aliveUntilMs(): Promise<number>;
}

export interface PushTiming {
  /** So long after the last word of a holder another takes over, and push no longer counts as alive. */
  leaseMs: number;
  keepEveryMs: number;
  /** How often the other workers try to take the lease. */
  takeEveryMs: number;
  backOffMs: { first: number; most: number };
  /** After what does not pass by itself: no event in the org, no right to it, nothing left of an allocation. */
  hopelessMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export const pushTiming: PushTiming = {
  leaseMs: 15 * SECOND,
  keepEveryMs: 4 * SECOND,
  takeEveryMs: 5 * SECOND,
  backOffMs: { first: SECOND, most: 2 * MINUTE },
  hopelessMs: 60 * MINUTE,
};

export interface PushOptions {
  events: MessageEvents;
  state: PushState;
  /** There is something to read. Told at least once; the place in the stream moves on only after it. */
  heard: (event: MessageEvent) => Promise<void>;
  /** Nobody knows what was missed: everybody's messages are to be read. */
  missed: () => Promise<void>;
  timing: PushTiming;
  newLease: () => string;
  /** A clock that is never set. */
  now: () => number;
  /** 0 to 1. */
  random: () => number;
  /** Resolves after that time, or when stopped. Never throws. */
  after: (ms: number, stop: AbortSignal) => Promise<void>;
  say: (level: 'info' | 'warn', words: string, error?: unknown) => void;
}

/** Keeps one subscription alive for all workers together. Run in each of them; ends when it is told to stop. */
export function createPush(o: PushOptions): (stop: AbortSignal) => Promise<void> {
  return async function run(stop) {
    while (!stop.aborted) {
      const lease = o.newLease();
      // Without Redis there is no lease: it is asked for again.
      if (await o.state.take(lease).catch(() => false)) await hold(lease, stop);
      await o.after(o.timing.takeEveryMs, stop);
    }
  };

  async function hold(lease: string, stop: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const end = AbortSignal.any([stop, lost.signal]);
    const tenure = createTenure(o, lease, lost);
    const keeping = tenure.keep(end);
    try {
      await listenOn(tenure, end);
    } finally {
      lost.abort();
      await keeping;
      // Without Redis it ends by itself.
      await o.state.release(lease).catch(() => undefined);
    }
  }

  async function listenOn(tenure: Tenure, end: AbortSignal): Promise<void> {
    let failures = 0;
    let said: string | undefined;
    let isReliable = true;
    while (!end.aborted) {
      try {
        for await (const { kind } of follow(tenure, end)) {
          failures = 0;
          said = undefined;
          // What tells nothing readable may go on like that: until it does, polling keeps its pace.
          isReliable = kind === 'event' || (isReliable && kind !== 'unreadable');
          await tenure.setAlive(isReliable);
        }
      } catch (error) {
        if (end.aborted) return;
        // Without Redis it lapses by itself.
        await tenure.setAlive(false).catch(() => undefined);
        const { code, words, waitMs } = judge(error, failures);
        failures += 1;
        if (code !== said) o.say('warn', words, error);
        said = code;
        // When even that cannot be written, the same refusal comes again.
        if (code === REPLAY_LOST) await tenure.remember(undefined).catch(() => undefined);
        await o.after(waitMs, end);
      }
    }
  }

  /** Gives each sign of life, once what it says was dealt with. */
  async function* follow(tenure: Tenure, end: AbortSignal): AsyncGenerator<Sign> {
    const from = await o.state.replayId();
    for await (const sign of o.events.listen(from, end)) {
      if (sign.kind === 'open') {
        // Before anything of this stream is remembered: a crash in between asks for it once more.
        if (from === undefined) await o.missed();
        continue;
      }
      if (sign.kind === 'event') await o.heard(sign.event);
      if (sign.kind === 'unreadable') o.say('warn', `an event could not be read: ${sign.why}`);
      await tenure.remember(sign.at);
      if (end.aborted) return;
      yield sign;
    }
  }

  function judge(error: unknown, failures: number): { code: string; words: string; waitMs: number } {
    const backOff = backOffMs(failures, o.random(), o.timing.backOffMs);
    if (!(error instanceof DeliveryError)) return { code: 'failed', words: 'push failed', waitMs: backOff };
    const { retry, code, sentence } = error;
    const waitMs =
      retry.kind === 'never'
        ? o.timing.hopelessMs
        : retry.kind === 'after'
          ? Math.max(retry.ms, backOff)
          : backOff;
    return { code, words: sentence, waitMs };
  }
}

/** The time in which this process holds the lease. */
interface Tenure {
  /** Keeps the lease until the end; loses it when that cannot be done in time. */
  keep(end: AbortSignal): Promise<void>;
  setAlive(isAlive: boolean): Promise<void>;
  remember(at: ReplayId | undefined): Promise<void>;
}

function createTenure(o: PushOptions, lease: string, lost: AbortController): Tenure {
  let isAlive = false;

  async function write(what: Promise<boolean>): Promise<void> {
    if (!(await what)) lost.abort();
  }

  return {
    async keep(end) {
      let keptMs = o.now();
      while (!end.aborted) {
        await o.after(o.timing.keepEveryMs, end);
        if (end.aborted) return;
        const atMs = o.now();
        try {
          await write(o.state.keep(lease, isAlive));
          keptMs = atMs;
        } catch {
          // Another takes over when the lease has ended; nobody listens twice for longer than needed.
          if (o.now() - keptMs >= o.timing.leaseMs) lost.abort();
        }
      }
    },
    async setAlive(now) {
      if (now === isAlive) return;
      isAlive = now;
      if (now) o.say('info', 'push is alive');
      await write(o.state.keep(lease, isAlive));
    },
    remember: (at) => write(o.state.remember(lease, at)),
  };
}
