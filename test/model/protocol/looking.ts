import { isWatched } from '../../../src/bridge/watch.ts';
import type { Move } from '../checker/system.ts';
import { NOW_MS, PATIENCE_OVER_MS } from './essence.ts';
import { isOnItsWay, isStillForgotten, look, lookForGhost, mayTurnUp } from './salesforce.ts';
import { go, hears, say, type Turn } from './turn.ts';
import type { World } from './world.ts';

/** Salesforce is read, some time after the pair; never while a POST of a former owner may still arrive. */
export function lookMoves(turn: Turn): Move<World>[] {
  const { world, run, setting } = turn;
  const { hand } = run;
  if (isWatched(hand.delivery)) return watchMoves(turn);
  if (setting.protocol.settles && isOnItsWay(world, hand)) return [];
  const found = look(world, hand, setting);
  if (found) {
    return [say(turn, `finds ${found.id}`, hears(turn, { type: 'looked', found, atMs: NOW_MS }))];
  }
  const absent = { type: 'looked', found } as const;
  if (hand.delivery.phase === 'settling') {
    // What comes from now on this look could not see.
    const lookedAt = world.stored.length;
    return [say(turn, 'does not find it', hears(turn, { ...absent, atMs: NOW_MS }, { lookedAt }))];
  }
  // An uncertain one is looked for again and again, which changes nothing; until that was long enough.
  return [
    say(turn, 'does not find it yet', go(turn, undefined)),
    say(turn, 'has not found it for a day', hears(turn, { ...absent, atMs: PATIENCE_OVER_MS })),
  ];
}

/** One under watch is looked for as well; the last of those looks ends it. */
function watchMoves(turn: Turn): Move<World>[] {
  const { world, run, setting } = turn;
  // What turns up just after Redis was restored may be another's that it has forgotten: that one looks first.
  if (run.must && setting.protocol.watchWaitsAfterRestore) {
    return [say(turn, 'does not look', hears(turn, { type: 'looked', found: undefined, atMs: NOW_MS }))];
  }
  // It looks half a minute after the end at the earliest: what waited over a restart was looked for by then.
  if (!run.must && isStillForgotten(world, run.hand)) return [say(turn, 'looks later', go(turn, undefined))];
  const found = lookForGhost(world, run.hand);
  if (found) {
    const { arrived, ghost, part } = found;
    const event = { type: 'looked', found: arrived, ghost: { mark: ghost, part }, atMs: NOW_MS } as const;
    return [say(turn, `finds ${arrived.id} as well`, hears(turn, event))];
  }
  const isHidden = run.hand.pair?.intent !== undefined;
  if (isHidden || (setting.scenario.watch === 'outlasts it' && mayTurnUp(world, run.hand.delivery))) {
    return [say(turn, 'finds no other yet', go(turn, undefined))];
  }
  return [say(turn, 'finds no other', hears(turn, { type: 'looked', found: undefined, atMs: NOW_MS }))];
}
