import { type DeliveryEvent, ended } from '../../../src/bridge/delivery.ts';
import { isWatched } from '../../../src/bridge/watch.ts';
import type { Move } from '../checker/system.ts';
import { type Applied, apply, readPair } from './apply.ts';
import { noted } from './ledger.ts';
import { keptOf } from './log.ts';
import { say, type Turn } from './turn.ts';
import { type Run, spend, type World, withRun, written } from './world.ts';

/** What a run has heard is stored; and goes on from there. */
export function storeMoves(turn: Turn, event: DeliveryEvent): Move<World>[] {
  const { run, worker, world } = turn;
  if (run.place === 'fenced') return [say(turn, 'bears witness', witness(turn, event))];
  const applied = apply(world.log, run.hand, event, run.token, turn.setting);
  const does =
    applied.done === 'stored' ? `stores "${nameOf(event)}"` : `"${nameOf(event)}" is ${applied.done}`;
  const stored = after(turn, applied);
  const moves = [say(turn, does, withRun(stored, worker, runAfter(run, event, applied)))];
  if (applied.done !== 'stored' || world.left.twice === 0) return moves;
  const repeated = spend({ ...stored, repeated: applied.change }, 'twice');
  const to = withRun(repeated, worker, runAfter(run, event, applied));
  return [...moves, say(turn, `${does}, and sends it twice`, to, true)];
}

const after = ({ world, setting }: Turn, applied: Applied): World =>
  noted(written(world, applied.log, setting.scenario), applied);

/** Where a run goes when an event was stored, or was not; undefined: it is over. */
function runAfter(run: Run, event: DeliveryEvent, { done, hand }: Applied): Run | undefined {
  const goesOn: Run = { ...run, event: undefined, base: undefined, hand, place: 'claimed' };
  const { phase } = hand.delivery;
  switch (done) {
    case 'fenced':
      // An answered POST is proof, whoever owns the delivery now.
      return event.type === 'accepted' ? { ...run, place: 'fenced' } : undefined;
    case 'pair-busy':
      return undefined;
    case 'moved':
    case 'pair-moved': {
      // What was found may be another's by now.
      const looksAgain = event.type === 'looked' && event.found !== undefined;
      return looksAgain ? { ...goesOn, place: 'read pair' } : { ...run, hand };
    }
    case 'same':
      if (ended(phase) && !isWatched(hand.delivery)) return undefined;
      return phase === 'begun' ? { ...goesOn, place: 'begun' } : goesOn;
    case 'stored': {
      const must = event.type === 'begin' ? false : run.must;
      if (phase === 'begun') {
        const isAsked = event.type === 'begin' && run.hand.delivery.mayDouble;
        const lookedAt = event.type === 'looked' ? run.lookedAt : undefined;
        return { ...goesOn, place: 'begun', must, isAsked, lookedAt };
      }
      const isNextPart = phase === 'queued' && (event.type === 'accepted' || event.type === 'looked');
      return isNextPart ? { ...goesOn, must, isAsked: false, lookedAt: undefined } : undefined;
    }
  }
}

function witness(turn: Turn, event: DeliveryEvent): World {
  const { world, worker, run, message, setting } = turn;
  const kept = keptOf(world.log, message.id);
  if (!kept || event.type !== 'accepted') return withRun(world, worker, undefined);
  const hand = { ...run.hand, delivery: kept.delivery, pair: readPair(world.log, message.pair) };
  const { part } = run.hand.delivery;
  const { arrived, atMs } = event;
  const applied = apply(world.log, hand, { type: 'witnessed', arrived, part, atMs }, undefined, setting);
  return withRun(after(turn, applied), worker, undefined);
}

function nameOf(event: DeliveryEvent): string {
  if (event.type === 'looked') return event.found ? 'found' : 'not found';
  if (event.type === 'refused') return `${event.error.kind} no`;
  return event.type === 'lost' ? `lost, ${event.how}` : event.type;
}
