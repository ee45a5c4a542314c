import { broken, type Finding, type Judge, type Move, type System } from './system.ts';

export interface Walked {
  runs: number;
  steps: number;
  /** Runs that came to an end, where only optional moves are left. */
  ends: number;
  findings: readonly Finding[];
}

export interface WalkOptions {
  runs: number;
  seed: number;
  /** A run that is longer is left. */
  mostSteps: number;
}

/** How often what must go on goes on, where something optional could happen instead. */
const GOES_ON = 0.75;

/** Random ways through what is too large to be explored whole; the same seed takes the same ways. */
export function walk<S>(system: System<S>, judges: readonly Judge<S>[], o: WalkOptions): Walked {
  const random = randomNumbers(o.seed);
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const findings = new Map<string, Finding>();
  let [steps, ends] = [0, 0];

  function choose(moves: readonly Move<S>[]): Move<S> | undefined {
    const needed = moves.filter((move) => !move.optional);
    // At an end it is left at that, or something optional happens once more.
    if (needed.length === 0) return random() < 0.5 ? undefined : one(moves);
    return random() < GOES_ON ? one(needed) : one(moves);
  }

  for (let run = 0; run < o.runs; run += 1) {
    const way: string[] = [];
    let state = system.initial;
    for (;;) {
      const moves = system.moves(state);
      const isEnd = moves.every((move) => move.optional);
      const found = broken(state, isEnd, judges);
      for (const { name, says } of found) {
        const known = findings.get(name);
        if (!known || known.way.length > way.length) findings.set(name, { judge: name, says, way: [...way] });
      }
      const move = found.length > 0 || way.length >= o.mostSteps ? undefined : choose(moves);
      if (!move) {
        if (isEnd) ends += 1;
        break;
      }
      state = move.to;
      way.push(move.does);
      steps += 1;
    }
  }
  return { runs: o.runs, steps, ends, findings: [...findings.values()] };
}

/** Numbers from 0 to below 1, repeatable (mulberry32). */
function randomNumbers(seed: number): () => number {
  let x = seed;
  return () => {
    x = (x + 0x6d2b79f5) | 0;
    let y = Math.imul(x ^ (x >>> 15), x | 1);
    y = (y + Math.imul(y ^ (y >>> 7), y | 61)) ^ y;
    return ((y ^ (y >>> 14)) >>> 0) / 2 ** 32;
  };
}
