import type { Move } from '../checker/system.ts';
import { commit, keptOf, restored } from './log.ts';
import type { Setting } from './scenario.ts';
import { spend, type World } from './world.ts';

/** What may go wrong with Redis, as often as the scenario allows. */
export const redisFaults = (world: World, setting: Setting): Move<World>[] => [
  ...restores(world, setting),
  ...repeats(world, setting),
];

/** Redis is killed, and comes back without its last writes. */
function restores(world: World, { scenario }: Setting): Move<World>[] {
  if (world.left.restore === 0) return [];
  return [...world.past, world.log].slice(-scenario.forgets - 1).map((log, i, all) => {
    const back = restored(log, world.log.epoch + 1);
    const gone = scenario.messages.filter(({ id }) => keptOf(world.log, id) && !keptOf(back, id));
    const forgotten = [...new Set([...world.ledger.forgotten, ...gone.map(({ id }) => id)])];
    const to: World = {
      ...spend(world, 'restore'),
      log: back,
      past: [],
      // They fail with the connection, and their writers are told so.
      presses: [],
      // What held the jobs is gone, or not what it was.
      runs: world.runs.map((run) => run && { ...run, isStale: true }),
      ledger: { ...world.ledger, forgotten },
    };
    return { does: `Redis restarts without its last ${all.length - 1 - i} writes`, optional: true, to };
  });
}

/** A script that was sent twice is run for the second time. */
function repeats(world: World, { protocol }: Setting): Move<World>[] {
  const { repeated } = world;
  if (!repeated) return [];
  const { log } = commit(world.log, repeated, protocol);
  return [
    { does: 'the last script is run once more', optional: true, to: { ...world, log, repeated: undefined } },
  ];
}
