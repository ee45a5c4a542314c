import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWatched } from '../../src/bridge/watch.ts';
import { FATES, type Fate } from './fates.ts';
import { type Move, SimulatedTarget } from './simulated-target.ts';

const honest = FATES.filter((fate) => !fate.startsWith('late'));
const PEOPLE = ['retry', 'discard', 'hold over', 'edit', 'delete'] as const;
const MACHINES = ['answer', 'restart', 'stray'] as const;

const run = (fates: readonly Fate[]): fc.Arbitrary<Move> =>
  fc.constantFrom(...fates).map((fate) => ({ do: 'run', fate }));
const some = (moves: readonly Exclude<Move['do'], 'run'>[]): fc.Arbitrary<Move> =>
  fc.constantFrom(...moves).map((move) => ({ do: move }));

/** Mostly runs: most of what happens to a message is what machines do to it. */
function story(fates: readonly Fate[], others: readonly Exclude<Move['do'], 'run'>[]): fc.Arbitrary<Move[]> {
  return fc.array(fc.oneof({ weight: 5, arbitrary: run(fates) }, { weight: 2, arbitrary: some(others) }), {
    maxLength: 40,
    size: 'max',
  });
}

function play(moves: readonly Move[], parts: number): SimulatedTarget {
  const target = new SimulatedTarget(parts);
  for (const move of moves) target.move(move);
  return target;
}

const partNumbers = fc.integer({ min: 1, max: 3 });
const each = [0, 1, 2] as const;

/** Checks it for many stories, and shows what happened in the one that breaks it. */
function always(moves: fc.Arbitrary<Move[]>, check: (target: SimulatedTarget, moves: Move[]) => void): void {
  fc.assert(
    fc.property(moves, partNumbers, (list, parts) => {
      const target = play(list, parts);
      try {
        expect(target.broken).toEqual([]);
        check(target, list);
      } catch (cause) {
        throw new Error(target.history.join('\n'), { cause });
      }
    }),
    { numRuns: 2_000 },
  );
}

describe('whatever the network and the processes do, as long as nothing commits after the last look', () => {
  const machines = story(honest, MACHINES);

  it('each part is stored at most once', () => {
    always(machines, (target) => {
      for (const part of each) expect(target.copies(part)).toBeLessThanOrEqual(1);
    });
  });

  it('sent means stored, every part of it', () => {
    always(machines, (target) => {
      target.settle();
      if (target.delivery.phase !== 'sent') return;
      expect(each.map((part) => target.copies(part))).toEqual(
        each.map((part) => (part < target.delivery.parts ? 1 : 0)),
      );
    });
  });

  it('parts are stored in their order', () => {
    always(machines, (target) => {
      const parts = target.stored.map((message) => message.part);
      expect(parts).toEqual([...parts].sort());
    });
  });
});

describe('whatever people do on top of it', () => {
  const people = story(honest, [...MACHINES, ...PEOPLE, 'a day goes by']);

  it('each part is stored once, and once more at most for each Retry of an uncertain one', () => {
    always(people, (target) => {
      for (const part of each) expect(target.copies(part)).toBeLessThanOrEqual(1 + (target.asked[part] ?? 0));
    });
  });

  it('it comes to an end once the target behaves, unless a person has to decide', () => {
    always(people, (target) => {
      target.settle();
      expect(target.broken).toEqual([]);
      expect(['sent', 'failed', 'discarded', 'uncertain']).toContain(target.delivery.phase);
    });
  });

  it('the same events give the same states', () => {
    always(people, (target, moves) => {
      const again = play(moves, target.parts);
      expect(again.history).toEqual(target.history);
      expect(again.delivery).toEqual(target.delivery);
    });
  });
});

describe('when requests commit as late as they like', () => {
  const late = story(FATES, [...MACHINES, ...PEOPLE, 'land', 'land']);

  it('a part is stored once more at most for each late commit and each Retry', () => {
    always(late, (target) => {
      for (const part of each) {
        const excuses = (target.asked[part] ?? 0) + (target.lateCommits[part] ?? 0);
        expect(target.copies(part)).toBeLessThanOrEqual(1 + excuses);
      }
    });
  });

  it('what lands while it is under watch is known in the end', () => {
    always(late, (target) => {
      if (!isWatched(target.delivery)) return;
      target.landAll();
      target.settle();
      const known = target.pair.known.map(({ id }) => id as string);
      const landed = target.stored.map(({ id }) => id);
      expect(landed.filter((id) => !known.includes(id))).toEqual([]);
    });
  });

  it('sent still means stored', () => {
    always(late, (target) => {
      target.settle();
      if (target.delivery.phase !== 'sent') return;
      for (let part = 0; part < target.delivery.parts; part++) {
        expect(target.copies(part)).toBeGreaterThanOrEqual(1);
      }
    });
  });
});
