import { GHOST_MS, type Ghost, type Pair, type Sighting, type TextMark } from './pair.ts';

/**
 * echo    our own acknowledged message
 * held    may be the message whose POST is still open: nothing is said about it before that has an outcome
 * ghost   an attempt that was given up and turned up late: ours, and no longer waited for
 * theirs  typed by somebody in Chatter
 */
export type Judgement = { kind: 'echo' | 'held' | 'theirs' } | { kind: 'ghost'; ghost: Ghost };

/**
 * Whose message is it that was seen in Chatter, sent by the pair's own sender to the pair's own people? A reading can
 * see a message before its POST was answered, so "its id is not known" does not make it somebody else's.
 *
 * Judged later it may be something else, with one exception: what is `theirs` stays so. A message that is there was sent
 * before it was seen; its intent is open then, or acknowledged, given up, or certainly refused.
 */
export function judge(
  pair: Pair,
  { id, atMs, mark }: Sighting,
  sameText: (a: TextMark, b: TextMark) => boolean,
): Judgement {
  if (pair.known.some((known) => known.id === id)) return { kind: 'echo' };
  const { intent } = pair;
  if (intent && atMs >= intent.sinceMs && sameText(intent.mark, mark)) return { kind: 'held' };
  // The oldest that it may be. After a day it is taken for what it looks like: typed by hand.
  const ghost = pair.ghosts.find(
    (one) => atMs >= one.sinceMs && atMs < one.atMs + GHOST_MS && sameText(one.mark, mark),
  );
  return ghost ? { kind: 'ghost', ghost } : { kind: 'theirs' };
}
