import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageEvents } from './bridge/ports.ts';
import { createPush, type PushOptions, type PushTiming, pushTiming } from './bridge/push.ts';
import type { Foundation } from './foundation.ts';
import { createPushState } from './store/push-state.ts';

/** Who is told. */
export type PushListener = Pick<PushOptions, 'heard' | 'missed'>;

export interface Pushing {
  /** Until when push counts as alive in any worker, by Redis's clock; 0: it is not, and polling keeps its pace. */
  aliveUntilMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Takes part in push: listens, or stands by for when the worker that listens is gone. */
export function startPush(
  { state, keys, log }: Pick<Foundation, 'state' | 'keys' | 'log'>,
  events: MessageEvents,
  listener: PushListener,
  timing: PushTiming = pushTiming,
): Pushing {
  const pushState = createPushState(state, keys, timing.leaseMs);
  const stopping = new AbortController();
  const run = createPush({
    ...listener,
    events,
    state: pushState,
    timing,
    newLease: randomUUID,
    now: () => performance.now(),
    random: Math.random,
    after: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    say: (level, words, err) => log[level]({ err }, words),
  });
  const running = run(stopping.signal);
  return {
    aliveUntilMs: () => pushState.aliveUntilMs(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
