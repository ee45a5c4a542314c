import { judge } from '../../../src/bridge/echo.ts';
import type { Pair, TextMark } from '../../../src/bridge/pair.ts';
import type { ChatterMessageId } from '../../../src/bridge/people.ts';
import { deliveriesOf, type JudgeOf } from './judge-of.ts';

/** Always; a restart of Redis alone may set it back. */
export const markNeverStepsBack: JudgeOf = () => ({
  name: 'the mark never steps back',
  says: 'no write lowers the high-water mark of a pair',
  when: 'always',
  holds: (world) => !world.ledger.markSteppedBack,
});

/** Always. */
export const oneIntent: JudgeOf = (scenario) => ({
  name: 'one intent a pair',
  says: 'what is on its way holds its pair, so that it is the only one',
  when: 'always',
  holds: (world) =>
    deliveriesOf(world, scenario).every(({ id, phase, pair }) => {
      const isOnItsWay = phase === 'begun' || phase === 'settling';
      return !isOnItsWay || (pair !== undefined && world.log.pairs[pair]?.holder === id);
    }),
});

/** While Redis forgets nothing and nobody types the same words. */
export const oursIsOurs: JudgeOf = () => ({
  name: 'ours is ours',
  says: 'what the bridge has sent is never taken for typed by hand',
  when: 'always',
  holds: (world) =>
    Object.values(world.log.pairs).every((pair) => {
      let seen: Pair = pair;
      return world.stored.every((stored, place) => {
        if (stored.pair !== pair.key || stored.of === 'by hand' || stored.of === 'earlier') return true;
        const sighting = { id: `#${place}` as ChatterMessageId, mark: stored.text as TextMark, atMs: place };
        const judged = judge(seen, sighting, (a, b) => a === b);
        // Each ghost stands for one message.
        if (judged.kind === 'ghost')
          seen = { ...seen, ghosts: seen.ghosts.filter((ghost) => ghost !== judged.ghost) };
        return judged.kind !== 'theirs';
      });
    }),
});

/** Always. */
export const neverStuck: JudgeOf = (scenario) => ({
  name: 'never stuck',
  says: 'at the end all is over, or waits for its sender in a lane of its own',
  when: 'atTheEnd',
  holds: (world) =>
    deliveriesOf(world, scenario).every(
      ({ phase, aside }) =>
        phase === 'sent' || phase === 'failed' || phase === 'discarded' || (phase === 'uncertain' && aside),
    ),
});
