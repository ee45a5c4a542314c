import { type ApplyOptions, createApply, type Hand, pairOf } from './apply.ts';
import { type Arrived, ended } from './delivery.ts';
import type { TextMark } from './pair.ts';
import type { DeliveryId } from './people.ts';

/** Tells a delivery that an attempt of it, given up before, has turned up in its target. */
export type Witness = (id: DeliveryId, arrived: Arrived, part: number, ghost: TextMark) => Promise<void>;

export function createWitness(o: ApplyOptions): Witness {
  const apply = createApply(o);
  return async (id, arrived, part, ghost) => {
    const read = await o.log.read(id);
    // Ended so long ago that it is forgotten: there is nobody left to hear of it.
    if (!read) return;
    const hand: Hand = { delivery: read.delivery, content: read.content, pair: undefined };
    hand.pair = await pairOf(hand, o);
    const event = { type: 'witnessed', arrived, part, ghost, atMs: o.now() } as const;
    const applied = await apply(hand, event);
    // Writing without a run ends the one in hand: somebody has to go on.
    if (applied === 'stored' && !ended(hand.delivery.phase)) await o.bell.ring(hand.delivery.to, id);
  };
}
