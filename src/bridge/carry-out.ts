import { type ApplyOptions, createApply, type Hand, pairOf } from './apply.ts';
import type { DeliveryEvent } from './delivery.ts';
import type { StoredDelivery } from './delivery-log.ts';

export type Decision = 'retry' | 'discard';

/**
 * Carries out what somebody decided about a delivery, and wakes it.
 * `gone`: there is nothing to decide about it any more. `moved`: it changed meanwhile, and what it is now allows no
 * decision just now.
 */
export type CarryOut = (stored: StoredDelivery, what: Decision, order: number) => Promise<CarriedOut>;
export type CarriedOut = 'done' | 'gone' | 'moved';

const MICROSECONDS = 1_000;

/** The place at the end of a lane that is given to what is retried now. */
export const orderAt = (atMs: number): number => atMs * MICROSECONDS;

export function createCarryOut(o: ApplyOptions): CarryOut {
  const apply = createApply(o);
  return async ({ delivery, content, isUnreadable }, what, order) => {
    // Erased or expired. One that cannot be read is still there, and its key may be put back.
    if (content === undefined && !isUnreadable) return 'gone';
    const hand: Hand = { delivery, content, pair: undefined };
    hand.pair = await pairOf(hand, o);
    const atMs = o.now();
    const event: DeliveryEvent =
      what === 'retry' ? { type: 'retry', order, atMs } : { type: 'discard', atMs };
    if ((await apply(hand, event)) !== 'stored') return hand.delivery === delivery ? 'gone' : 'moved';
    await o.bell.ring(delivery.to, delivery.id);
    return 'done';
  };
}
