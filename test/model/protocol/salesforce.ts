import { type Arrived, type Base, ended } from '../../../src/bridge/delivery.ts';
import type { Pair } from '../../../src/bridge/pair.ts';
import type { Move } from '../checker/system.ts';
import { LATE, messageOf, textOf } from './apply.ts';
import { isInLane } from './log.ts';
import type { Scenario, Setting } from './scenario.ts';
import { foreign, type Hand, type Post, spend, type World } from './world.ts';

/** Salesforce carries out what has reached it, or never got it. */
export function salesforceMoves(world: World): Move<World>[] {
  return world.posts.flatMap((post, i): Move<World>[] => {
    if (post.stored !== undefined) return [];
    const name = nameOf(post);
    const commit = { does: `Salesforce stores ${name} as #${world.stored.length}`, optional: false };
    const stored: Move<World> = { ...commit, to: withStored(world, i) };
    // Somebody waits: without a fault it arrives.
    if (post.worker !== undefined) return [stored];
    const gone = { ...world, posts: world.posts.filter((_, j) => j !== i) };
    const moves = [
      stored,
      { does: `${name}, which nobody waits for, has not arrived`, optional: false, to: gone },
    ];
    if (world.left.late === 0 || post.isLate) return moves;
    const late = { ...world, posts: world.posts.map((p, j) => (i === j ? { ...p, isLate: true } : p)) };
    return [
      ...moves,
      { does: `${name} takes longer than anybody looks`, optional: true, to: spend(late, 'late') },
    ];
  });
}

export const nameOf = ({ of, text, worker }: Pick<Post, 'of' | 'text' | 'worker'>): string =>
  `${of} "${text}"${worker === undefined ? ' (its sender gone)' : ''}`;

function withStored(world: World, i: number): World {
  const post = world.posts[i];
  if (!post) return world;
  const { worker, stored: _stored, epoch: _epoch, ...message } = post;
  const stored = [...world.stored, message];
  const answered = { ...post, stored: world.stored.length };
  const posts =
    worker === undefined
      ? world.posts.filter((_, j) => j !== i)
      : world.posts.map((p, j) => (i === j ? answered : p));
  return { ...world, stored, posts };
}

/** The sender types, in Chatter, the same words to the same people. */
export function typedByHand(world: World, { messages }: Scenario): Move<World>[] {
  if (world.left.byHand === 0) return [];
  const texts = new Map(messages.map(({ text, pair }) => [`${pair} ${text}`, { text, pair }]));
  return [...texts.values()].map(({ text, pair }) => ({
    does: `the sender types "${text}" by hand: #${world.stored.length}`,
    optional: true,
    to: spend({ ...world, stored: [...world.stored, foreign('by hand', pair, text)] }, 'byHand'),
  }));
}

export const arrivedAs = (place: number): Arrived => ({
  id: `#${place}`,
  conversation: 'conversation',
  atMs: place,
});

/** From when on a message can be ours; undefined: nothing is known, Salesforce is read first. */
export function baseOf(
  world: World,
  hand: Hand,
  must: boolean,
  { scenario, protocol }: Setting,
): Base | undefined {
  const mark = hand.pair?.highWater;
  const known = hand.pair?.known.map((message) => message.id) ?? [];
  if (must) return { sinceMs: hand.delivery.takenAtMs, known };
  if (scenario.clock === 'unheard' && !mark) {
    return protocol.readsBaseline ? undefined : { sinceMs: 0, known };
  }
  const nowMs = scenario.clock === 'heard' ? world.stored.length : 0;
  return { sinceMs: scenario.baseErrs ? 0 : Math.max(mark?.atMs ?? 0, nowMs), known };
}

/** Read before the first POST, where no clock was heard yet. */
export function baselineOf(world: World, pairKey: string, { scenario }: Setting): Base {
  const there = world.stored.flatMap(({ pair }, place) => (pair === pairKey ? [`#${place}`] : []));
  return { sinceMs: scenario.baseErrs ? 0 : world.stored.length, known: there };
}

/** Whether a POST that has left may still arrive, or leave at all; `frozen` and `late` are what nothing waits for. */
export function isOnItsWay(world: World, { delivery }: Hand): boolean {
  // After a restart of Redis the grace has let every older POST end, whosever it was.
  const concerns = (id: string, epoch: number): boolean => id === delivery.id || epoch < world.log.epoch;
  const flies = ({ of, epoch, isLate, stored }: Post): boolean =>
    concerns(of, epoch) && !isLate && stored === undefined;
  const leaves = world.runs.some(
    (run) => run && concerns(run.hand.delivery.id, run.epoch) && run.place === 'guarded' && !run.isFrozen,
  );
  return leaves || world.posts.some(flies);
}

/** What to-chatter.ts's `look` accepts: its text, not before the base, and none that is known or another's. */
export function look(world: World, hand: Hand, o: Setting): Arrived | undefined {
  const { delivery, pair } = hand;
  const message = messageOf(o.scenario, delivery);
  const text = textOf(message, hand.text, delivery.part);
  const fresh = baseOf(world, hand, false, o);
  const base = (o.protocol.freezesBase ? delivery.base : fresh) ?? { sinceMs: 0, known: [] };
  const looksPast = delivery.must && o.protocol.looksPastTime;
  const isText = (other: string): boolean =>
    other === text || (looksPast && withoutTime(other) === withoutTime(text));
  const isKnown = (id: string): boolean =>
    o.protocol.leavesOutKnown &&
    (base.known.includes(id) || pair?.known.some((one) => one.id === id) === true);
  const found = world.stored.flatMap((stored, place) => {
    const isOurs = stored.pair === message.pair && isText(stored.text) && place >= base.sinceMs;
    return isOurs && !isKnown(`#${place}`) && !isOfAnother(place, text, hand, pair) ? [place] : [];
  });
  const ours = delivery.must ? found[0] : found.at(-1);
  return ours === undefined ? undefined : arrivedAs(ours);
}

const withoutTime = (text: string): string => text.replace(LATE, '');

/** What its `lookForGhost` accepts: the text of an attempt that was given up, in a message that is not known. */
export function lookForGhost(
  world: World,
  hand: Hand,
): { arrived: Arrived; ghost: string; part: number } | undefined {
  const { delivery, pair } = hand;
  const ghosts = pair?.ghosts.filter((ghost) => ghost.delivery === delivery.id) ?? [];
  for (const [place, { text, part, pair: key }] of world.stored.entries()) {
    if (key !== pair?.key || pair.known.some((known) => String(known.id) === `#${place}`)) continue;
    const ghost = ghosts.find((one) => place >= one.sinceMs && String(one.mark) === text);
    if (ghost && !isOfAnother(place, text, hand, pair))
      return { arrived: arrivedAs(place), ghost: ghost.mark, part };
  }
  return undefined;
}

/** Whether an attempt that was given up may still turn up. */
export const mayTurnUp = (world: World, { id }: Hand['delivery']): boolean =>
  world.posts.some(({ of, stored }) => of === id && stored === undefined) ||
  world.runs.some((run) => run?.hand.delivery.id === id && run.place === 'guarded');

/** Whether something of this pair was written before a restart of Redis, and not looked for since. */
export const isStillForgotten = ({ log }: World, { pair }: Hand): boolean =>
  Object.values(log.kept).some(
    (kept) =>
      kept !== 'cancelled' &&
      isInLane(kept.delivery) &&
      (kept.epoch < log.epoch || kept.delivery.must) &&
      (kept.delivery.pair ?? pair?.key) === pair?.key &&
      !ended(kept.delivery.phase),
  );

/** Another delivery of the pair is posting the same text just now: what came since is left to that one. */
function isOfAnother(place: number, text: string, { delivery }: Hand, pair: Pair | undefined): boolean {
  if (!pair?.intent || pair.holder === delivery.id || place < pair.intent.sinceMs) return false;
  return String(pair.intent.mark) === text;
}
