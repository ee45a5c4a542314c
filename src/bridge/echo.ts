import { GHOST_MS, type Pair, type Sighting, type TextMark } from './pair.ts';
import type { DeliveryId } from './people.ts';

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
  return ghostOf(pair, sighting, sameText) ? 'ghost' : 'theirs';
}

/** The oldest attempt given up that this may be. After a day it is taken for what it looks like: typed by hand. */
function ghostOf(
  pair: Pair,
  { atMs, mark }: Sighting,
  sameText: (a: TextMark, b: TextMark) => boolean,
): Pair['ghosts'][number] | undefined {
  return pair.ghosts.find(
    (ghost) => atMs >= ghost.sinceMs && atMs < ghost.atMs + GHOST_MS && sameText(ghost.mark, mark),
  );
}

/**
 * The pair after a sighting was judged: a held one waits in it, a ghost is spent and known from then on. What is known
 * is not looked for any more, so a ghost's delivery has to hear of it as `witnessed` in the script that stores this.
 */
export function sight(
  pair: Pair,
  sighting: Sighting,
  sameText: (a: TextMark, b: TextMark) => boolean,
): { pair: Pair; judgement: Judgement; ghostOf?: DeliveryId } {
  const judgement = judge(pair, sighting, sameText);
  if (judgement === 'held' && !pair.held.some((h) => h.id === sighting.id)) {
    return { judgement, pair: { ...pair, held: [...pair.held, sighting] } };
  }
  const spent = judgement === 'ghost' ? ghostOf(pair, sighting, sameText) : undefined;
  if (spent) {
    return {
      judgement,
      ghostOf: spent.delivery,
      pair: {
        ...pair,
        ghosts: pair.ghosts.filter((ghost) => ghost !== spent),
        known: [...pair.known, { id: sighting.id, atMs: sighting.atMs }],
      },
    };
  }
  return { judgement, pair };
}

/**
 * Judges everything held once more, after the open delivery has an outcome: `theirs` is somebody's words, `late` what
 * the named deliveries had given up.
 */
export function release(
  pair: Pair,
  sameText: (a: TextMark, b: TextMark) => boolean,
): {
  pair: Pair;
  theirs: readonly Sighting[];
  late: readonly { delivery: DeliveryId; sighting: Sighting }[];
} {
  let rest: Pair = { ...pair, held: [] };
  const theirs: Sighting[] = [];
  const late: { delivery: DeliveryId; sighting: Sighting }[] = [];
  for (const sighting of pair.held) {
    const seen = sight(rest, sighting, sameText);
    rest = seen.pair;
    if (seen.judgement === 'theirs') theirs.push(sighting);
    if (seen.ghostOf !== undefined) late.push({ delivery: seen.ghostOf, sighting });
  }
  return { pair: rest, theirs, late };
}
