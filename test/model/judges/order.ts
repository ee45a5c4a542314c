import { keptOf } from '../protocol/log.ts';
import type { Message } from '../protocol/scenario.ts';
import type { World } from '../protocol/world.ts';
import { type Copy, copiesOf, partsOf } from './copies.ts';
import type { JudgeOf } from './judge-of.ts';

/** Always: what is out of order says when it was written, or was not waited for any more, or forgotten by Redis. */
export const inOrder: JudgeOf = (scenario) => ({
  name: 'in order',
  says: 'the messages of a lane come in the order of their writing, or with their time',
  when: 'always',
  holds: (world) =>
    isInOrder(
      world,
      scenario,
      (earlier, later) => earlier.saysItsTime || later.saysItsTime || isStray(world, earlier),
    ),
});

/** While Slack delivers in order, and nothing waits for a person. */
export const strictlyInOrder: JudgeOf = (scenario) => ({
  name: 'strictly in order',
  says: 'the messages of a lane come in the order of their writing',
  when: 'always',
  holds: (world) => isInOrder(world, scenario, () => false),
});

function isInOrder(
  world: World,
  scenario: Parameters<JudgeOf>[0],
  isExcepted: (earlier: Copy, later: Copy) => boolean,
): boolean {
  const parts = partsOf(scenario).flatMap((part) => {
    const first = copiesOf(world, part)[0];
    const message = scenario.messages.find(({ id }) => id === part.id);
    return first && message ? [{ first, message, ...part }] : [];
  });
  return parts.every((one) =>
    parts.every((other) => {
      if (one.message.lane !== other.message.lane) return true;
      const isBefore =
        one.message.order < other.message.order || (one.id === other.id && one.part < other.part);
      return !isBefore || one.first.place < other.first.place || isExcepted(one.first, other.first);
    }),
  );
}

/**
 * Its lane went on without it: it came late, Redis had forgotten it, or its text was fixed before it was set aside; or it is
 * the rest of a text whose beginning went in time.
 */
const isStray = (world: World, { of, part, isLate, isFrozen, isFixed }: Copy): boolean => {
  const delivery = keptOf(world.log, of as Message['id'])?.delivery;
  const isRest = part > 0 && delivery?.late === true;
  const isForgotten = world.ledger.forgotten.some((id) => id === of);
  return isLate || isFrozen || isFixed || isRest || isForgotten;
};
