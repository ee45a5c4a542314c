import type { Delivery } from '../../../src/bridge/delivery.ts';
import { messageOf } from '../protocol/apply.ts';
import { keptOf } from '../protocol/log.ts';
import { calledSent, copiesOf, partsOf, textsLike } from './copies.ts';
import { deliveriesOf, type JudgeOf } from './judge-of.ts';

/** Always, as long as Redis forgets nothing; what it forgot is left out. */
export const neverLost: JudgeOf = (scenario) => ({
  name: 'never lost',
  says: 'at the end what was taken in is sent, or its sender knows that it is not, or may not be',
  when: 'atTheEnd',
  holds: (world) =>
    scenario.messages.every(({ id }) => {
      if (world.intake[id]?.told !== 'stored' || world.ledger.forgotten.includes(id)) return true;
      const delivery = keptOf(world.log, id)?.delivery;
      return delivery !== undefined && isOver(delivery);
    }),
});

const isOver = ({ phase, waiting, told }: Delivery): boolean =>
  phase === 'sent' || phase === 'discarded' || ((phase === 'failed' || waiting !== undefined) && told > 0);

/** While Redis forgets nothing. */
export const neverForgotten: JudgeOf = (scenario) => ({
  name: 'never forgotten',
  says: 'what Slack was told is stored is there',
  when: 'always',
  holds: (world) =>
    scenario.messages.every(
      ({ id }) => world.intake[id]?.told !== 'stored' || keptOf(world.log, id) !== undefined,
    ),
});

/** While nobody types the same words by hand between intent and look. Equal texts are alike: no reader can tell them apart. */
export const sentIsThere: JudgeOf = (scenario) => ({
  name: 'sent is there',
  says: 'Salesforce has each text as often as it was called sent, or sent twice, or was typed by hand',
  when: 'always',
  holds: (world) =>
    scenario.messages.every((message) => {
      const there = textsLike(world, message);
      const byHand = there.filter(({ of }) => of === 'by hand').length;
      return there.length >= calledSent(world, scenario, message) + byHand;
    }),
});

/** As `sent is there`: one part that came twice does not stand for another. */
export const eachPartIsThere: JudgeOf = (scenario) => ({
  name: 'each part is there',
  says: 'Salesforce has each part of what was called sent',
  when: 'always',
  holds: (world) =>
    partsOf(scenario).every(({ id, part }) => {
      const one = messageOf(scenario, { id });
      const alike = scenario.messages.filter(({ pair, text }) => pair === one.pair && text === one.text);
      const sent = alike.filter((other) => isPartSent(keptOf(world.log, other.id)?.delivery, part)).length;
      return textsLike(world, one).filter((stored) => stored.part === part).length >= sent;
    }),
});

const isPartSent = (d: Delivery | undefined, part: number): boolean =>
  d !== undefined && part < d.parts && (d.phase === 'sent' || part < d.part);

/** Always. */
export const failedIsNotThere: JudgeOf = (scenario) => ({
  name: 'failed is not there',
  says: 'nothing is called failed that Salesforce had by then',
  when: 'always',
  holds: (world) =>
    deliveriesOf(world, scenario).every(({ id, phase, part }) => {
      const failedAt = world.ledger.failedAt[id] ?? 0;
      return phase !== 'failed' || copiesOf(world, { id, part }).every(({ place }) => place >= failedAt);
    }),
});

/** While Redis forgets nothing. */
export const cancelledNeverGoes: JudgeOf = (scenario) => ({
  name: 'cancelled never goes',
  says: 'what its sender was told is not sent never is',
  when: 'always',
  holds: (world) =>
    scenario.messages.every(
      ({ id }) => world.intake[id]?.told !== 'not sent' || copiesOf(world, { id, part: 0 }).length === 0,
    ),
});
