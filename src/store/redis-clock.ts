import type { Redis } from 'ioredis';

/** Redis's clock may be set while we are connected. */
const MEASURE_EVERY_MS = 30_000;
/** A slower answer says too little about the moment it was made. */
const PROMPT_MS = 250;

/**
 * Moments by Redis's own clock, so that Redis itself can refuse what reaches it too late. The difference is counted
 * from after the answer, so a moment errs early by the answer's way at most.
 * @param now a clock that is never set: performance.now
 */
export function createRedisClock(redis: Redis, now: () => number): (fromNowMs: number) => Promise<number> {
  let known: { offsetMs: number; atMs: number } | undefined;
  redis.on('close', () => {
    known = undefined;
  });

  async function measure(): Promise<{ offsetMs: number; atMs: number }> {
    const askedMs = now();
    const [seconds, micros] = await redis.time();
    const atMs = now();
    const offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - atMs;
    const isPrompt = atMs - askedMs < PROMPT_MS;
    // A slow one is used when there is no other, and measured again at the next question.
    known = isPrompt || !known ? { offsetMs, atMs: isPrompt ? atMs : atMs - MEASURE_EVERY_MS } : known;
    return known;
  }

  return async (fromNowMs) => {
    const momentMs = now() + fromNowMs;
    const current = known;
    if (!current) return Math.floor(momentMs + (await measure()).offsetMs);
    // What cannot be measured now is old, not wrong; a broken connection is forgotten by itself.
    if (now() - current.atMs >= MEASURE_EVERY_MS) measure().catch(() => undefined);
    return Math.floor(momentMs + current.offsetMs);
  };
}
