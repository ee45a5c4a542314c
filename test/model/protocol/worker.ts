import { isWatched } from '../../../src/bridge/watch.ts';
import type { Move } from '../checker/system.ts';
import { LATE, readPair } from './apply.ts';
import { NOW_MS } from './essence.ts';
import { claim, isClaimable, isLate, keptOf, type Log } from './log.ts';
import { lookMoves } from './looking.ts';
import { guardMoves, postMoves } from './posting.ts';
import { baselineOf, baseOf, isOnItsWay } from './salesforce.ts';
import type { Message, Setting } from './scenario.ts';
import { storeMoves } from './storing.ts';
import type { Turn } from './turn.ts';
import { go, say, turnOf } from './turn.ts';
import { type Hand, newToken, type Run, type World, withRun } from './world.ts';

/** The steps of src/bridge/deliver.ts, between any two of which anything else may happen. */
export function workerMoves(world: World, setting: Setting): Move<World>[] {
  const idle = world.runs.indexOf(undefined);
  // Idle workers are alike: the first of them starts.
  const starts =
    idle < 0 ? [] : setting.scenario.messages.flatMap((m) => startMoves(world, idle, m, setting));
  const going = world.runs.flatMap((run, i) => (run ? runMoves(turnOf(world, i, run, setting)) : []));
  return [...starts, ...going];
}

/**
 * BullMQ gives a job to one worker, unless its lock has expired, and the sweeper sees to it that every lane has its jobs:
 * so a run may start at any time. One that would only wait on is left out.
 */
function startMoves(world: World, worker: number, message: Message, setting: Setting): Move<World>[] {
  const { id } = message;
  const { log, runs } = world;
  const { protocol } = setting;
  const kept = keptOf(log, id);
  const isTaken = runs.some((run) => run?.hand.delivery.id === id && !run.isStale);
  if (!kept || isTaken || !isClaimable(log, id, protocol)) return [];
  if (protocol.grace && runs.some((run) => run && maySend(log, run))) return [];
  const { phase, waiting, aside, wakeAtMs } = kept.delivery;
  const hand: Hand = { delivery: kept.delivery, text: kept.text, pair: undefined };
  if (!waiting || aside) {
    if (phase === 'settling' && protocol.settles && isOnItsWay(world, hand)) return [];
    if (phase === 'uncertain' && wakeAtMs === undefined) return [];
  }
  const must = protocol.looksAfterRestore && kept.epoch < log.epoch;
  const run: Run = {
    token: newToken(world),
    epoch: log.epoch,
    place: 'claimed',
    hand:
      must && phase !== 'queued' && !isWatched(kept.delivery)
        ? { ...hand, delivery: { ...kept.delivery, must: true } }
        : hand,
    must,
    late: isLate(log, kept),
    base: undefined,
    event: undefined,
    isStale: false,
    isFrozen: false,
    isAsked: false,
    lookedAt: undefined,
  };
  const to = withRun({ ...world, log: claim(log, id, run.token) }, worker, run);
  return [{ does: `worker ${worker} claims ${id} (${phase}${must ? ', must' : ''})`, optional: false, to }];
}

/** A run of before a restart of Redis, which does not know of it, and whose lock may still be fresh enough. */
const maySend = ({ epoch }: Log, run: Run): boolean =>
  run.epoch < epoch && (run.place === 'begun' || run.place === 'guarded') && !run.isFrozen;

function runMoves(turn: Turn): Move<World>[] {
  const { run } = turn;
  switch (run.place) {
    case 'claimed':
      return claimedMoves(turn);
    case 'prepared':
      return run.base === undefined ? [readBaseline(turn)] : beginMoves(turn);
    case 'read baseline':
      return beginMoves(turn);
    case 'begun':
      return guardMoves(turn);
    case 'guarded':
    case 'posted':
      return postMoves(turn);
    case 'read pair':
      return lookMoves(turn);
    case 'heard':
    case 'fenced':
      return run.event ? storeMoves(turn, run.event) : [];
  }
}

function claimedMoves(turn: Turn): Move<World>[] {
  const { world, run, message, setting } = turn;
  const { delivery } = run.hand;
  const isTakenOver = delivery.phase === 'begun';
  if (isTakenOver) return storeMoves(turn, { type: 'takenOver', atMs: NOW_MS });
  const hand = { ...run.hand, pair: readPair(world.log, message.pair) };
  const held = { ...turn, run: { ...run, hand } };
  const aside =
    delivery.waiting && !delivery.aside ? storeMoves(held, { type: 'holdOver', atMs: NOW_MS }) : [];
  if (delivery.phase === 'queued') return [...aside, prepare(held)];
  const isDue = !setting.protocol.settles || !isOnItsWay(world, hand);
  const isSpent = delivery.phase === 'uncertain' && delivery.wakeAtMs === undefined;
  if (!isDue || isSpent) return aside;
  return [...aside, say(turn, 'reads the pair', go(turn, { place: 'read pair', hand }))];
}

/** Looks up what sending needs. The text is made once, and frozen with the intent. */
function prepare(turn: Turn): Move<World> {
  const { world, run, message, setting } = turn;
  const { delivery, pair } = run.hand;
  const late = delivery.late || run.late;
  const hand: Hand =
    delivery.parts > 0
      ? run.hand
      : {
          delivery: { ...delivery, late, parts: message.parts, pair: message.pair },
          text: late ? message.text + LATE : message.text,
          pair,
        };
  const base = baseOf(world, hand, run.must, setting);
  return say(turn, 'prepares', go(turn, { place: 'prepared', hand, base }));
}

function readBaseline(turn: Turn): Move<World> {
  const base = baselineOf(turn.world, turn.message.pair, turn.setting);
  return say(turn, 'reads a baseline', go(turn, { place: 'read baseline', base }));
}

const beginMoves = (turn: Turn): Move<World>[] =>
  storeMoves(turn, { type: 'begin', base: turn.run.base, must: turn.run.must, atMs: NOW_MS });
