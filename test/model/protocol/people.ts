import type { Delivery, DeliveryEvent } from '../../../src/bridge/delivery.ts';
import { ended } from '../../../src/bridge/delivery.ts';
import type { Move } from '../checker/system.ts';
import { apply, readPair } from './apply.ts';
import { NOW_MS } from './essence.ts';
import { noted } from './ledger.ts';
import { keptOf } from './log.ts';
import type { Setting } from './scenario.ts';
import { type Press, spend, type World, written } from './world.ts';

/** The sender presses a button of the newest notice (older ones do nothing): read first, stored a moment later. */
export function peopleMoves(world: World, o: Setting): Move<World>[] {
  const stores = world.presses.map((press, i) => ({
    does: `the press (${press.event.type}) on ${press.hand.delivery.id} is stored`,
    optional: false,
    to: pressed(world, press, i, o),
  }));
  const presses = o.scenario.messages.flatMap(({ id, pair }): Move<World>[] => {
    const kept = keptOf(world.log, id);
    if (!kept || !hasButtons(kept.delivery)) return [];
    const hand = { delivery: kept.delivery, text: kept.text, pair: readPair(world.log, pair) };
    const order = 1 + Math.max(...o.scenario.messages.map((other) => orderOf(world, other.id, other.order)));
    const events: DeliveryEvent[] = [
      { type: 'retry', order, atMs: NOW_MS },
      { type: 'discard', atMs: NOW_MS },
    ];
    return events.flatMap((event) => {
      const what = event.type as 'retry' | 'discard';
      if (world.left[what] === 0) return [];
      const to = spend({ ...world, presses: [...world.presses, { event, hand }] }, what);
      return [{ does: `the sender presses ${what} on ${id} (${kept.delivery.phase})`, optional: true, to }];
    });
  });
  return [...stores, ...presses];
}

const orderOf = (world: World, id: Delivery['id'], written: number): number =>
  keptOf(world.log, id)?.delivery.order ?? written;

const hasButtons = ({ phase, waiting, told }: Delivery): boolean =>
  told > 0 && (phase === 'failed' || phase === 'uncertain' || (!ended(phase) && waiting !== undefined));

/** src/bridge/decisions.ts: fenced by the version alone; what moved is read and judged again. */
function pressed(world: World, press: Press, i: number, o: Setting): World {
  const applied = apply(world.log, press.hand, press.event, undefined, o);
  const isGone = keptOf(world.log, press.hand.delivery.id) === undefined;
  const again = !isGone && (applied.done === 'moved' || applied.done === 'pair-moved');
  const others = world.presses.filter((_, j) => j !== i);
  const presses = again ? [...others, { ...press, hand: applied.hand }] : others;
  return noted({ ...written(world, applied.log, o.scenario), presses }, applied);
}
