import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';
import { createScript } from './script.ts';
import { pulse } from './scripts.ts';

/** How far Redis's data reach: beats so far, and when the last one was, by Redis's clock. */
export interface Reach {
  count: number;
  atMs: number;
}

/** What one beat tells. */
export interface Beat extends Reach {
  /** Redis's run id, the epoch that it is, and since when that is known. */
  run: string;
  epoch: number;
  sinceMs: number;
  /** How far the data reached with which this run of Redis came up; undefined when they held no beat. */
  until: Reach | undefined;
  /** What waited was listed to the operator in this run of Redis; sending was paused for it. */
  isListed: boolean;
  wasPaused: boolean;
}

export interface Pulse {
  /** Beats if the last beat is a second old, and tells. The first beat of a run also notes how far the data reached. */
  beat(): Promise<Beat>;
  /** What the next beat would tell, without writing anything; undefined while nobody has beaten. */
  read(): Promise<Beat | undefined>;
  /** Notes for all processes what has been done about this run of Redis. */
  note(run: string, what: 'listed' | 'paused'): Promise<void>;
}

/** Less than a second, so that timers of a second do not miss every other beat. */
const BEAT_MS = 900;

export function createPulse(redis: Redis, keys: Keys, runId: () => Promise<string>): Pulse {
  const script = createScript(redis, pulse);
  return {
    async beat() {
      const run = await runId();
      return beatOf(run, await script([keys.pulse, keys.epoch], [run, BEAT_MS]));
    },
    async read() {
      const [now, run] = await Promise.all([runId(), redis.hmget(keys.epoch, 'run', 'number', 'sinceMs')]);
      const [known, number, sinceMs] = run;
      const fields = ['count', 'atMs', 'untilCount', 'untilMs', 'listed', 'paused'] as const;
      const [count, atMs, ...rest] = await redis.hmget(keys.pulse, ...fields);
      if (!known || !count) return undefined;
      if (known === now) return beatOf(now, [count, atMs, number, sinceMs, ...rest]);
      const [seconds] = await redis.time();
      const epoch = String(Number(number) + 1);
      return beatOf(now, [count, atMs, epoch, `${seconds}000`, count, atMs, ...rest.slice(2)]);
    },
    async note(run, what) {
      await redis.hset(keys.pulse, what, run);
    },
  };
}

function beatOf(run: string, answer: readonly (string | null | undefined)[]): Beat {
  const [count, atMs, epoch, sinceMs, untilCount, untilMs, listed, paused] = answer;
  return {
    run,
    count: Number(count),
    atMs: Number(atMs),
    epoch: Number(epoch),
    sinceMs: Number(sinceMs),
    until: untilCount ? { count: Number(untilCount), atMs: Number(untilMs) } : undefined,
    isListed: listed === run,
    wasPaused: paused === run,
  };
}

/** What Redis has certainly forgotten: a living process has seen a later beat than the data came up with. */
export interface Loss {
  /** Worth of how many milliseconds, by Redis's clock. Infinity: everything. */
  ms: number;
  /** When the last beat was that is remembered. */
  rememberedMs: number;
}

/** @param remembered the last beat that this process saw before the run of Redis that `beat` tells of. */
export function lossOf(remembered: Reach | undefined, beat: Pick<Beat, 'until'>): Loss | undefined {
  if (!remembered) return undefined;
  const rememberedMs = remembered.atMs;
  if (!beat.until) return { ms: Number.POSITIVE_INFINITY, rememberedMs };
  if (beat.until.count >= remembered.count) return undefined;
  return { ms: Math.max(rememberedMs - beat.until.atMs, 0), rememberedMs };
}
