import type { Delivery } from '../../../src/bridge/delivery.ts';
import type { Judge } from '../checker/system.ts';
import { keptOf } from '../protocol/log.ts';
import type { Scenario } from '../protocol/scenario.ts';
import type { World } from '../protocol/world.ts';

/** A promise of the protocol. What is said above each: as long as what it holds. */
export type JudgeOf = (scenario: Scenario) => Judge<World>;

export const deliveriesOf = (world: World, { messages }: Scenario): Delivery[] =>
  messages.flatMap(({ id }) => keptOf(world.log, id)?.delivery ?? []);
