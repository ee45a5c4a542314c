import { seededRandom } from '../../sandbox/random.ts';

/** Chance for one concern: what one part draws never moves what another one draws. */
export interface Chance {
  /** In [0, 1). */
  number(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** True this often. */
  is(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(from: readonly T[]): T[];
}

/** The same seed and concern draw the same numbers, in every run. */
export function chanceFor(seed: number, concern: string): Chance {
  const number = seededRandom(seedOf(seed, concern));
  const whole = (least: number, most: number) => least + Math.floor(number() * (most - least + 1));
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return from[whole(0, from.length - 1)] as T;
  };
  return {
    number,
    whole,
    is: (share) => number() < share,
    pick,
    shuffled(from) {
      const rest = [...from];
      return from.flatMap(() => rest.splice(whole(0, rest.length - 1), 1));
    },
  };
}

/** A seed of its own for each concern (FNV-1a over both). */
export function seedOf(seed: number, concern: string): number {
  let hash = 0x811c9dc5;
  for (const unit of `${seed} ${concern}`) hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193);
  return hash | 0;
}
