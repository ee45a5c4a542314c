import type { Timing } from './timing.ts';

/** So many times as long as nothing has happened is waited at most: twenty minutes of quiet, one more minute. */
const QUIET_SHARE = 20;

/**
 * How long until a reader is read again: at the quick pace while there was traffic in the last half hour, then ever
 * more rarely, the longer nothing happens.
 * @param isPushed Salesforce tells of new messages: reading is only the safety net.
 */
export function paceMs(quietMs: number, isPushed: boolean, timing: Timing['reading']): number {
  const { pollMs, quickForMs, slowestMs } = timing;
  if (isPushed) return Math.max(slowestMs, pollMs);
  if (quietMs <= quickForMs) return pollMs;
  return Math.max(pollMs, Math.min(quietMs / QUIET_SHARE, slowestMs));
}

/** The higher, the longer news are read at once, and the longer the last of an hour wait. */
const THRIFT = 5;

/**
 * How long news of a reader wait for the next reading: next to nothing for the first dozen readings of an hour, then ever
 * longer, so that all together last for the hour: the sum of the waits is the window, whatever comes.
 * @param used readings in the window so far
 */
export function newsWaitMs(used: number, timing: Timing['reads']): number {
  const { mostInWindow, reserve, windowMs } = timing;
  const most = mostInWindow - reserve;
  return Math.round((windowMs / most) * (THRIFT + 1) * Math.min(used / most, 1) ** THRIFT);
}
