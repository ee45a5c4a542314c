import type { DeliveryEvent, Refusal } from '../../../src/bridge/delivery.ts';
import { isWatched } from '../../../src/bridge/watch.ts';
import type { Move } from '../checker/system.ts';
import { NOW_MS, PATIENCE_OVER_MS } from './essence.ts';
import type { Fault, Setting } from './scenario.ts';
import { go, hears, say, type Turn, turnOf } from './turn.ts';
import { type Post, spend, type World } from './world.ts';

/** What may go wrong at a step, with how it is told; made only when it may still happen. */
type Mishap = [fault: Fault, does: string, to: () => World];

/** What may go wrong for a worker, as often as the scenario allows. */
export const runFaults = (world: World, setting: Setting): Move<World>[] =>
  world.runs.flatMap((run, worker) => {
    if (!run) return [];
    const turn = turnOf(world, worker, run, setting);
    const possible = mishapsOf(turn).filter(([fault]) => world.left[fault] > 0);
    return possible.map(([fault, does, to]) => say(turn, does, spend(to(), fault), true));
  });

function mishapsOf(turn: Turn): Mishap[] {
  const { world, worker, run } = turn;
  const { delivery } = run.hand;
  const at = `when it has ${run.place}`;
  const mishaps: Mishap[] = [['kill', `is killed ${at}`, () => alone(turn, go(turn, undefined))]];
  if (!run.isStale) {
    mishaps.push(['stall', `stalls ${at}; its lock expires`, () => go(turn, { isStale: true })]);
  }
  if (!run.isStale && run.place === 'guarded') {
    const frozen = { isStale: true, isFrozen: true };
    mishaps.push(['freeze', 'stands still between guard and write', () => go(turn, frozen)]);
  }
  if (run.place === 'claimed' && delivery.phase === 'queued') mishaps.push(...refusals(turn));
  if (run.place === 'read pair' && !isWatched(delivery)) {
    const event: DeliveryEvent = { type: 'unreadable', atMs: PATIENCE_OVER_MS };
    mishaps.push(['unreadable', 'cannot read Salesforce for long', () => hears(turn, event)]);
  }
  if (run.place !== 'posted') return mishaps;
  for (const how of ['broken', 'silent'] as const) {
    const event: DeliveryEvent = { type: 'lost', how, atMs: NOW_MS };
    mishaps.push([how, `hears no answer: ${how}`, () => alone(turn, hears(turn, event))]);
  }
  const post = world.posts.find((other) => other.worker === worker);
  const isDone = post?.stored !== undefined;
  const without = world.posts.filter((other) => other !== post);
  return isDone ? mishaps : [...mishaps, ...refusals({ ...turn, world: { ...world, posts: without } })];
}

/** A certain no, from Salesforce or from what is looked up before. */
function refusals(turn: Turn): Mishap[] {
  const refused = (error: Pick<Refusal, 'kind' | 'waitsFor'>) => (): World =>
    hears(turn, { type: 'refused', error: { ...error, code: 'no', sentence: '' }, atMs: NOW_MS, jitter: 0 });
  return [
    ['passingNo', 'is told "not now"', refused({ kind: 'passing' })],
    ['permanentNo', 'is told "never"', refused({ kind: 'permanent' })],
    ['needsToken', 'has no token', refused({ kind: 'passing', waitsFor: 'token' })],
  ];
}

/** Nobody waits for this worker's POST any more; one that was stored is no longer of interest. */
function alone({ worker }: Turn, world: World): World {
  const posts = world.posts.flatMap((post): Post[] => {
    if (post.worker !== worker) return [post];
    return post.stored === undefined ? [{ ...post, worker: undefined }] : [];
  });
  return { ...world, posts };
}
