import type { System } from '../checker/system.ts';
import type { Log } from './log.ts';
import { Names } from './names.ts';
import { peopleMoves } from './people.ts';
import { redisFaults } from './redis-faults.ts';
import { runFaults } from './run-faults.ts';
import { salesforceMoves, typedByHand } from './salesforce.ts';
import { asBuilt, type Protocol, type Scenario } from './scenario.ts';
import { slackMoves } from './slack.ts';
import { workerMoves } from './worker.ts';
import { firstWorld, type Run, type World } from './world.ts';

/** The delivery protocol around the real state machine, in one scenario: everything that can happen, in any order. */
export function modelOf(scenario: Scenario, change: Partial<Protocol> = {}): System<World> {
  const o = { scenario, protocol: { ...asBuilt, ...change } };
  const names = new Names();
  return {
    initial: firstWorld(scenario),
    moves: (world) => [
      ...slackMoves(world, o),
      ...workerMoves(world, o),
      ...salesforceMoves(world),
      ...peopleMoves(world, o),
      ...runFaults(world, o),
      ...redisFaults(world, o),
      ...typedByHand(world, scenario),
    ],
    key: (world) => keyOf(world, names),
  };
}

function keyOf(world: World, names: Names): string {
  const { log, past, runs, posts, stored, intake, presses, repeated, left, ledger } = world;
  const some = (list: readonly (object | undefined)[]): string =>
    list.map((thing) => names.of(thing)).join('.');
  return [
    [log, ...past].map((one) => names.of(one, (its) => formOfLog(its, names))).join('.'),
    runs.map((run) => names.of(run, (its) => formOfRun(its, names))).join('.'),
    // Nobody can tell in which order they left.
    posts
      .map((post) => names.of(post))
      .sort()
      .join('.'),
    some(stored),
    some(Object.values(intake)),
    some(presses),
    some([repeated, left, ledger]),
  ].join('|');
}

function formOfRun({ hand, ...run }: Run, names: Names): string {
  return `${JSON.stringify(run)} ${hand.text ?? ''} ${names.of(hand.delivery)} ${names.of(hand.pair)}`;
}

function formOfLog({ epoch, kept, lanes, pairs }: Log, names: Names): string {
  const deliveries = Object.entries(kept).map(([id, one]) => {
    if (one === 'cancelled') return `${id} ${one}`;
    return `${id} ${one.text ?? ''} ${one.epoch} ${one.run ?? ''} ${names.of(one.delivery)}`;
  });
  const others = [...Object.entries(lanes), ...Object.entries(pairs)];
  const named = others.map(([name, one]) => `${name} ${names.of(one)}`);
  return [epoch, ...deliveries.sort(), ...named.sort()].join(';');
}
