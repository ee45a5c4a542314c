import { type ApplyOptions, createApply, type Hand } from './apply.ts';
import type { Delivery, DeliveryEvent } from './delivery.ts';
import type { Decisions } from './message.ts';

const MICROSECONDS = 1_000;

/** Carries out what people decide about their own deliveries. `destination` is Chatter's: notes have no buttons. */
export function createDecisions(o: ApplyOptions): Decisions {
  const apply = createApply(o);
  return {
    async decide(by, id, version, what) {
      const read = await o.log.read(id);
      if (!read || !isOpenTo(read.delivery, by, version)) return false;
      const content = read.content;
      if (content === undefined) return false;
      const hand: Hand = { delivery: read.delivery, content, pair: await o.destination.pairOf(content) };
      const atMs = o.now();
      const event: DeliveryEvent =
        what === 'retry' ? { type: 'retry', order: atMs * MICROSECONDS, atMs } : { type: 'discard' };
      const applied = await apply(hand, event);
      if (applied !== 'stored') return false;
      await o.bell.ring('chatter', id);
      return true;
    },
    optOut: (person) => o.log.setPerson(person, { optedOut: true, allowed: false }),
    optIn: (person) => o.log.setPerson(person, { optedOut: false, allowed: true }),
  };
}

/** Only the writer decides, and only about what the button showed. */
function isOpenTo(delivery: Delivery, by: Delivery['author'], version: number): boolean {
  return delivery.to === 'chatter' && delivery.author === by && delivery.told === version;
}
