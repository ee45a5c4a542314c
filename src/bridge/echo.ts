import type { Pair, Sighting, TextMark } from './pair.ts';

/**
 * echo    our own acknowledged message
 * held    may be the message whose POST is still open: kept back until that has an outcome
 * ghost   an attempt that was given up and turned up late: ours, and no longer waited for
 * theirs  typed by somebody in Chatter
 */
export type Judgement = 'echo' | 'held' | 'ghost' | 'theirs';

/**
 * Whose message is it that was seen in Chatter, sent by the pair's own sender to the pair's own people? A poll can
 * see a message before its POST was answered, so "its id is not known" does not make it somebody else's.
 */
export function judge(
  pair: Pair,
  sighting: Sighting,
  sameText: (a: TextMark, b: TextMark) => boolean,
): Judgement {
  if (pair.known.some((known) => known.id === sighting.id)) return 'echo';
  const { intent } = pair;
  if (intent && sighting.atMs >= intent.sinceMs && sameText(intent.mark, sighting.mark)) return 'held';
  const ghost = pair.ghosts.some((g) => sighting.atMs >= g.sinceMs && sameText(g.mark, sighting.mark));
  return ghost ? 'ghost' : 'theirs';
}

/** The pair after a sighting was judged: a held one waits in it, a ghost is spent and known from then on. */
export function sight(
  pair: Pair,
  sighting: Sighting,
  sameText: (a: TextMark, b: TextMark) => boolean,
): { pair: Pair; judgement: Judgement } {
  const judgement = judge(pair, sighting, sameText);
  if (judgement === 'held' && !pair.held.some((h) => h.id === sighting.id)) {
    return { judgement, pair: { ...pair, held: [...pair.held, sighting] } };
  }
  if (judgement === 'ghost') {
    const index = pair.ghosts.findIndex((g) => sighting.atMs >= g.sinceMs && sameText(g.mark, sighting.mark));
    return {
      judgement,
      pair: {
        ...pair,
        ghosts: pair.ghosts.filter((_, i) => i !== index),
        known: [...pair.known, { id: sighting.id, atMs: sighting.atMs }],
      },
    };
  }
  return { judgement, pair };
}

/** Judges everything held once more, after the open delivery has an outcome: what is released is somebody's words. */
export function release(
  pair: Pair,
  sameText: (a: TextMark, b: TextMark) => boolean,
): { pair: Pair; theirs: readonly Sighting[] } {
  let rest: Pair = { ...pair, held: [] };
  const theirs: Sighting[] = [];
  for (const sighting of pair.held) {
    const seen = sight(rest, sighting, sameText);
    rest = seen.pair;
    if (seen.judgement === 'theirs') theirs.push(sighting);
  }
  return { pair: rest, theirs };
}
