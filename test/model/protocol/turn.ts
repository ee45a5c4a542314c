import type { DeliveryEvent } from '../../../src/bridge/delivery.ts';
import type { Move } from '../checker/system.ts';
import { messageOf } from './apply.ts';
import type { Message, Setting } from './scenario.ts';
import { type Run, type World, withRun } from './world.ts';

/** A worker whose turn it is. */
export interface Turn {
  world: World;
  worker: number;
  run: Run;
  message: Message;
  setting: Setting;
}

export const turnOf = (world: World, worker: number, run: Run, setting: Setting): Turn => ({
  world,
  worker,
  run,
  message: messageOf(setting.scenario, run.hand.delivery),
  setting,
});

export const say = ({ worker, message }: Turn, does: string, to: World, optional = false): Move<World> => ({
  does: `worker ${worker}, ${message.id}: ${does}`,
  optional,
  to,
});

/** The world after a step of its run; undefined: the run is over. */
export const go = ({ world, worker, run }: Turn, change: Partial<Run> | undefined): World =>
  withRun(world, worker, change && { ...run, ...change });

/** It has heard something that it has not stored yet. */
export const hears = (turn: Turn, event: DeliveryEvent, more: Partial<Run> = {}): World =>
  go(turn, { place: 'heard', event, ...more });
