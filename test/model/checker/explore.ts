import { Numbers } from './numbers.ts';
import { StateSet } from './state-set.ts';
import { broken, type Finding, type Judge, type System } from './system.ts';

export interface Explored {
  states: number;
  transitions: number;
  /** Moves on the way to the last level. */
  depth: number;
  /** States in which only optional moves are left. */
  ends: number;
  /** Whether all that can be reached was seen. */
  complete: boolean;
  /** At most one for each judge, with a shortest way. */
  findings: readonly Finding[];
}

export interface ExploreOptions {
  mostStates: number;
  /** Stop at the first finding. */
  untilFound?: boolean;
}

/** Found when a state has no way to an end but through a fault: everybody moves, and nothing gets anywhere. */
export const AN_END_IS_IN_REACH = {
  judge: 'an end is in reach',
  says: 'from every state the machines alone can bring everything to an end',
};

/** Every state that can be reached, those with the shortest ways first. */
export function explore<S>(
  system: System<S>,
  judges: readonly Judge<S>[],
  o: ExploreOptions = { mostStates: 2_000_000 },
): Explored {
  const seen = new StateSet();
  const cameFrom = new Numbers();
  const cameBy = new Numbers();
  const edges = { from: new Numbers(), to: new Numbers() };
  const ends: number[] = [];
  const findings = new Map<string, Finding>();
  let level: { state: S; number: number }[] = [];
  let upcoming: typeof level = [];
  let transitions = 0;
  let depth = 0;
  let complete = true;

  function reach(state: S, from: number, by: number): number {
    const { number, isNew } = seen.add(system.key(state));
    if (isNew) {
      cameFrom.push(from);
      cameBy.push(by);
      upcoming.push({ state, number });
    }
    return number;
  }

  /** Played anew from the start: no state is kept longer than it is needed. */
  function wayTo(number: number): string[] {
    const places: number[] = [];
    for (let n = number; n > 0; n = cameFrom.at(n)) places.unshift(cameBy.at(n));
    let state = system.initial;
    return places.map((place) => {
      const move = system.moves(state)[place];
      if (!move) throw new Error('the moves of a state are not the same twice');
      state = move.to;
      return move.does;
    });
  }

  /** @returns whether something is broken here: what follows from it says nothing new. */
  function judge(state: S, number: number, isEnd: boolean): boolean {
    const found = broken(state, isEnd, judges);
    for (const { name, says } of found) {
      if (!findings.has(name)) findings.set(name, { judge: name, says, way: wayTo(number) });
    }
    return found.length > 0;
  }

  reach(system.initial, -1, 0);
  while (upcoming.length > 0) {
    [level, upcoming] = [upcoming, []];
    for (const { state, number } of level) {
      const moves = system.moves(state);
      const isEnd = moves.every((move) => move.optional);
      if (isEnd) ends.push(number);
      if (judge(state, number, isEnd)) {
        // A broken state is no dead end of its own.
        if (!isEnd) ends.push(number);
        if (o.untilFound) return result(false);
        continue;
      }
      transitions += moves.length;
      moves.forEach((move, place) => {
        if (seen.size >= o.mostStates) complete = false;
        if (!complete) return;
        const to = reach(move.to, number, place);
        if (move.optional || to === number) return;
        edges.from.push(number);
        edges.to.push(to);
      });
    }
    if (upcoming.length > 0) depth += 1;
  }
  const trapped = complete ? firstWithoutEnd(seen.size, edges, ends) : undefined;
  if (trapped !== undefined) {
    findings.set(AN_END_IS_IN_REACH.judge, { ...AN_END_IS_IN_REACH, way: wayTo(trapped) });
  }
  return result(complete);

  function result(isComplete: boolean): Explored {
    return {
      states: seen.size,
      transitions,
      depth,
      ends: ends.length,
      complete: isComplete,
      findings: [...findings.values()],
    };
  }
}

/** Walks the edges backwards from the ends. */
function firstWithoutEnd(
  states: number,
  { from, to }: { from: Numbers; to: Numbers },
  ends: readonly number[],
): number | undefined {
  const latest = new Int32Array(states).fill(-1);
  const earlier = new Int32Array(to.length);
  for (let edge = 0; edge < to.length; edge += 1) {
    earlier[edge] = latest[to.at(edge)] ?? -1;
    latest[to.at(edge)] = edge;
  }
  const reaches = new Uint8Array(states);
  const open = [...ends];
  for (const end of ends) reaches[end] = 1;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let edge = latest[state] ?? -1; edge >= 0; edge = earlier[edge] ?? -1) {
      const before = from.at(edge);
      if (reaches[before] === 1) continue;
      reaches[before] = 1;
      open.push(before);
    }
  }
  const trapped = reaches.indexOf(0);
  return trapped < 0 ? undefined : trapped;
}
