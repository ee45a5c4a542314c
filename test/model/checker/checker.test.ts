import { describe, expect, it } from 'vitest';
import { AN_END_IS_IN_REACH, explore } from './explore.ts';
import { StateSet } from './state-set.ts';
import { type Judge, type Move, type System, tellFinding } from './system.ts';
import { walk } from './walk.ts';

/** Two that add one to a counter, each by reading it and writing it later: the textbook's lost update. */
interface Counting {
  counter: number;
  hands: readonly (number | 'idle' | 'done')[];
}

function counting(isAtomic: boolean): System<Counting> {
  const withHand = (s: Counting, i: number, hand: Counting['hands'][number]): Counting['hands'] =>
    s.hands.map((other, j) => (i === j ? hand : other));
  const moveOf = (s: Counting, hand: Counting['hands'][number], i: number): Move<Counting>[] => {
    if (hand === 'done') return [];
    if (hand === 'idle' && isAtomic) {
      const to = { counter: s.counter + 1, hands: withHand(s, i, 'done') };
      return [{ does: `${i} adds`, optional: false, to }];
    }
    const [does, to] =
      hand === 'idle'
        ? [`${i} reads`, { ...s, hands: withHand(s, i, s.counter) }]
        : [`${i} writes`, { counter: hand + 1, hands: withHand(s, i, 'done') }];
    return [{ does, optional: false, to }];
  };
  return {
    initial: { counter: 0, hands: ['idle', 'idle', 'done'] },
    moves: (s) => s.hands.flatMap((hand, i) => moveOf(s, hand, i)),
    key: (s) => JSON.stringify(s),
  };
}

const nothingLost: Judge<Counting> = {
  name: 'nothing lost',
  says: 'at the end both have counted',
  when: 'atTheEnd',
  holds: (s) => s.counter === 2,
};

/** 0 → 1 → 2 → 1 …, and from 0 straight to an end; out of the circle only a fault leads. */
const circle = (isOptional: boolean): System<number> => ({
  initial: 0,
  moves(s) {
    const to = (n: number, optional = false): Move<number> => ({ does: `to ${n}`, to: n, optional });
    return { 0: [to(3), to(1)], 1: [to(2)], 2: [to(1), to(3, isOptional)] }[s] ?? [];
  },
  key: String,
});

describe('exploring', () => {
  it('finds a planted mistake, by a shortest way', () => {
    const { findings } = explore(counting(false), [nothingLost]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.way).toHaveLength(4);
    expect(findings[0]?.way.slice(0, 2).sort()).toEqual(['0 reads', '1 reads']);
    expect(tellFinding(findings[0] as (typeof findings)[0])).toMatch(
      /^nothing lost is broken: at the end both have counted\n {3}1 {2}. reads\n/,
    );
  });

  it('sees every state once, and finds nothing where nothing is wrong', () => {
    expect(explore(counting(true), [nothingLost])).toEqual({
      states: 4,
      transitions: 4,
      depth: 2,
      ends: 1,
      complete: true,
      findings: [],
    });
  });

  it('does not claim to have seen everything when it stopped before', () => {
    expect(explore(counting(false), [nothingLost], { mostStates: 3 })).toMatchObject({ complete: false });
  });

  it('finds those who go round in circles', () => {
    expect(explore(circle(true), []).findings).toEqual([{ ...AN_END_IS_IN_REACH, way: ['to 1'] }]);
    expect(explore(circle(false), []).findings).toEqual([]);
  });
});

describe('walking at random', () => {
  const o = { runs: 100, seed: 7, mostSteps: 50 };

  it('finds a planted mistake, too', () => {
    expect(walk(counting(false), [nothingLost], o).findings).toHaveLength(1);
    expect(walk(counting(true), [nothingLost], o)).toEqual({
      runs: 100,
      steps: 200,
      ends: 100,
      findings: [],
    });
  });

  it('takes the same ways for the same seed', () => {
    const loops = (seed: number) => walk(circle(false), [], { ...o, seed }).steps;
    expect(loops(7)).toBe(loops(7));
    expect(new Set([1, 2, 3, 4, 5].map(loops)).size).toBeGreaterThan(1);
  });
});

describe('the set of states', () => {
  it('tells a hundred thousand of them apart, and knows each again', () => {
    const set = new StateSet();
    const keys = Array.from({ length: 100_000 }, (_, i) => `state ${i % 7} ${i}`);
    expect(keys.every((key, i) => set.add(key).number === i)).toBe(true);
    expect(keys.every((key, i) => !set.add(key).isNew && set.add(key).number === i)).toBe(true);
  });
});
