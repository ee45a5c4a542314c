/** One thing that can happen in a state, and the state after it. */
export interface Move<S> {
  does: string;
  to: S;
  /** It may be left undone for ever: a fault, or what somebody may do or not. Nobody waits for it. */
  optional: boolean;
}

/** What is explored. States are never changed in place; two are the same when their keys are. */
export interface System<S> {
  initial: S;
  /** Always in the same order for the same state: a way is kept as the places of its moves. */
  moves(state: S): readonly Move<S>[];
  key(state: S): string;
}

/** Something that must be true: `always`, or `atTheEnd`, where only optional moves are left. */
export interface Judge<S> {
  name: string;
  /** What must be true, a sentence. */
  says: string;
  when: 'always' | 'atTheEnd';
  holds(state: S): boolean;
}

/** A broken judgement, with the moves that lead to it. */
export interface Finding {
  judge: string;
  says: string;
  way: readonly string[];
}

/** As it stands in the message of a failing test. */
export function tellFinding({ judge, says, way }: Finding): string {
  const moves = way.map((does, i) => `  ${String(i + 1).padStart(2)}  ${does}`);
  return [`${judge} is broken: ${says}`, ...moves].join('\n');
}

/** The judgements that a state breaks. */
export function broken<S>(state: S, isEnd: boolean, judges: readonly Judge<S>[]): readonly Judge<S>[] {
  return judges.filter((judge) => (judge.when === 'always' || isEnd) && !judge.holds(state));
}
