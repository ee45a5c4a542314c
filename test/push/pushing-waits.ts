import type { PushTiming } from '../../src/bridge/push.ts';

/** The real waits, made short. */
export const quick: PushTiming = {
  leaseMs: 1_500,
  keepEveryMs: 100,
  takeEveryMs: 50,
  backOffMs: { first: 20, most: 100 },
  hopelessMs: 400,
};
