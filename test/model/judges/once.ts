import type { Delivery } from '../../../src/bridge/delivery.ts';
import type { Message, Scenario } from '../protocol/scenario.ts';
import type { World } from '../protocol/world.ts';
import { calledSent, copiesOf, isExcused, partsOf, textsLike } from './copies.ts';
import { deliveriesOf, type JudgeOf } from './judge-of.ts';

/** While nothing is stored after the last look, no worker stands still after its guard, and nobody retries at their risk. */
export const neverTwice: JudgeOf = (scenario) => ({
  name: 'never twice',
  says: 'no part of a message is in Salesforce twice',
  when: 'always',
  holds: (world) => partsOf(scenario).every((part) => copiesOf(world, part).length < 2),
});

/** Always, as long as Redis forgets nothing. */
export const neverTwiceWithoutReason: JudgeOf = (scenario) => ({
  name: 'never twice without a reason',
  says: 'a second copy was asked for, or came late, or left after its worker had stood still; and no look could see the first',
  when: 'always',
  holds: (world) =>
    partsOf(scenario).every((part) => {
      const copies = copiesOf(world, part);
      return copies.every((later, i) => copies.slice(0, i).every((earlier) => isExcused(earlier, later)));
    }),
});

/** As `never twice`, also where Redis forgets: two equal texts may have changed places then, and no reader can tell. */
export const neverTwiceVisibly: JudgeOf = (scenario) => ({
  name: 'never twice for a reader',
  says: 'Salesforce has no text more often than it was written',
  when: 'always',
  holds: (world) => scenario.messages.every((one) => surplusOf(world, scenario, one) <= 0),
});

/** The same where two lanes meet in a pair that Redis has forgotten: one may take the other's message for its own, and be told. */
export const neverTwiceUntold: JudgeOf = (scenario) => ({
  name: 'never twice for a reader, untold',
  says: 'Salesforce has no text more often than it was written, but where its sender was told',
  when: 'always',
  holds: (world) =>
    scenario.messages.every((one) => {
      const told = alikeOf(scenario, one).reduce((sum, { id }) => sum + (world.ledger.toldTwice[id] ?? 0), 0);
      return surplusOf(world, scenario, one) <= told;
    }),
});

const alikeOf = ({ messages }: Scenario, { pair, text }: Message): readonly Message[] =>
  messages.filter((other) => other.pair === pair && other.text === text);

function surplusOf(world: World, scenario: Scenario, message: Message): number {
  const written = alikeOf(scenario, message).reduce((sum, { parts }) => sum + parts, 0);
  return textsLike(world, message).filter(({ of }) => of !== 'by hand').length - written;
}

/** While the watch outlasts what comes late, and nobody types the same words. */
export const twiceIsTold: JudgeOf = (scenario) => ({
  name: 'twice is told',
  says: 'at the end Salesforce has no text that nobody was told of',
  when: 'atTheEnd',
  holds: (world) =>
    scenario.messages.every((message) => {
      const there = textsLike(world, message).filter(({ of }) => of !== 'by hand').length;
      const unsure = deliveriesOf(world, scenario).filter(isLeftOpen).length;
      return there <= calledSent(world, scenario, message) + unsure;
    }),
});

/** Its sender knows that it may be there, whole or in part. */
const isLeftOpen = ({ phase, parts }: Delivery): boolean =>
  phase === 'uncertain' || ((phase === 'discarded' || phase === 'failed') && parts > 1);
