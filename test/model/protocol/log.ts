import { type Delivery, ended, newDelivery } from '../../../src/bridge/delivery.ts';
import type { Pair } from '../../../src/bridge/pair.ts';
import type { ChatPersonId, DeliveryId, LaneKey, PairKey } from '../../../src/bridge/people.ts';
import { isWatched } from '../../../src/bridge/watch.ts';
import { essenceOf } from './essence.ts';
import type { Message, Protocol } from './scenario.ts';

/** A delivery in Redis. `run`: who may write it, `token@epoch`. */
export interface Kept {
  delivery: Delivery;
  text: string | undefined;
  epoch: number;
  run: string | undefined;
}

export interface Lane {
  /** By their order. */
  members: readonly DeliveryId[];
  current: DeliveryId | undefined;
  /** The highest order that has begun here. */
  begun: number;
}

/** What src/store keeps in Redis. Each function below is one of its scripts: it happens whole or not at all. */
export interface Log {
  epoch: number;
  kept: Readonly<Record<string, Kept | 'cancelled'>>;
  lanes: Readonly<Record<string, Lane>>;
  pairs: Readonly<Record<string, Pair>>;
}

export interface Change {
  before: Delivery;
  after: Delivery;
  run?: number;
  text?: string | undefined;
  pair?: { before: Pair; after: Pair };
}

export type Committed = 'stored' | 'fenced' | 'moved' | 'pair-busy' | 'pair-moved';

export const emptyLog: Log = { epoch: 0, kept: {}, lanes: {}, pairs: {} };

const emptyLane: Lane = { members: [], current: undefined, begun: 0 };

/** `take`. @param epoch an earlier one: it may have been here, and forgotten. */
export function take(log: Log, message: Message, epoch: number, takenAtMs: number, rules: Protocol): Log {
  const known = log.kept[message.id];
  if (known === 'cancelled' && rules.knowsCancelled) return log;
  if (known !== undefined && known !== 'cancelled' && rules.deduplicates) return log;
  const { id, lane, order } = message;
  const author = 'ada' as ChatPersonId;
  const delivery = essenceOf(newDelivery({ id, to: 'chatter', lane, order, author, takenAtMs }));
  const kept = { ...log.kept, [id]: { delivery, text: undefined, epoch, run: undefined } };
  return { ...log, kept, lanes: joined({ ...log, kept }, lane, id) };
}

/** `cancel`. It was not stored, and never will be, if it is `cancelled` then. */
export function cancel(log: Log, id: DeliveryId): Log {
  return log.kept[id] === undefined ? { ...log, kept: { ...log.kept, [id]: 'cancelled' } } : log;
}

export function keptOf(log: Log, id: DeliveryId): Kept | undefined {
  const kept = log.kept[id];
  return kept === 'cancelled' ? undefined : kept;
}

/** Whether a run that starts now would get the delivery. */
export function isClaimable(log: Log, id: DeliveryId, rules: Protocol): boolean {
  const kept = keptOf(log, id);
  if (!kept || !isInLane(kept.delivery)) return false;
  return headOf(log, laneOf(kept.delivery), rules) === id;
}

/** `claim`, when it is claimable. */
export function claim(log: Log, id: DeliveryId, run: number): Log {
  const kept = keptOf(log, id);
  if (!kept) return log;
  const lane = laneOf(kept.delivery);
  return {
    ...log,
    kept: { ...log.kept, [id]: { ...kept, run: `${run}@${log.epoch}` } },
    lanes: { ...log.lanes, [lane]: { ...(log.lanes[lane] ?? emptyLane), current: id } },
  };
}

/** Something written later in this lane went before it. */
export const isLate = (log: Log, { delivery }: Kept): boolean =>
  (log.lanes[laneOf(delivery)]?.begun ?? 0) > delivery.order;

/** `commit`: guards, then writes. */
export function commit(log: Log, change: Change, rules: Protocol): { log: Log; done: Committed } {
  const no = guardOf(log, change, rules);
  if (no) return { log, done: no };
  const { before, after, pair } = change;
  const known = keptOf(log, after.id);
  const kept: Kept = {
    delivery: after,
    text: 'text' in change ? change.text : known?.text,
    epoch: after.phase === 'queued' ? (known?.epoch ?? log.epoch) : log.epoch,
    // What people decide ends whatever run is in hand.
    run: change.run === undefined ? undefined : known?.run,
  };
  const written: Log = { ...log, kept: { ...log.kept, [after.id]: kept } };
  const lanes = lanesAfter(written, before, after, rules);
  const pairs = pair ? { ...log.pairs, [pair.after.key]: pair.after } : log.pairs;
  return { log: { ...written, lanes, pairs }, done: 'stored' };
}

function guardOf(log: Log, change: Change, rules: Protocol): Committed | undefined {
  const { before, after, run, pair } = change;
  const known = keptOf(log, after.id);
  if (rules.fence && run !== undefined && known?.run !== `${run}@${log.epoch}`) return 'fenced';
  if (rules.comparesVersions && known?.delivery.version !== before.version) return 'moved';
  if (!pair) return undefined;
  const holder = log.pairs[pair.after.key]?.holder;
  if (pair.after.holder === after.id && holder !== undefined && holder !== after.id) return 'pair-busy';
  return (log.pairs[pair.after.key]?.version ?? 0) === pair.before.version ? undefined : 'pair-moved';
}

/** The lane that a delivery is in: one of its own when it was set aside, or is only watched. */
export const laneOf = (delivery: Delivery): LaneKey =>
  delivery.aside || isWatched(delivery) ? (`aside-${delivery.id}` as LaneKey) : delivery.lane;

/** Whether there may be something to do for machines. */
export const isInLane = (d: Delivery): boolean =>
  isWatched(d) || (!ended(d.phase) && !(d.phase === 'uncertain' && d.aside && d.wakeAtMs === undefined));

function lanesAfter(log: Log, before: Delivery, after: Delivery, rules: Protocol): Log['lanes'] {
  const [from, to] = [laneOf(before), laneOf(after)];
  let lanes = log.lanes;
  if (!isInLane(after) || from !== to) lanes = left({ ...log, lanes }, from, after.id, rules);
  if (isInLane(after) && (from !== to || !isInLane(before))) lanes = joined({ ...log, lanes }, to, after.id);
  if (after.phase !== 'begun') return lanes;
  const lane = lanes[to] ?? emptyLane;
  return { ...lanes, [to]: { ...lane, begun: Math.max(lane.begun, after.order) } };
}

function left(log: Log, name: LaneKey, id: DeliveryId, rules: Protocol): Log['lanes'] {
  const lane = log.lanes[name] ?? emptyLane;
  const members = rules.leavesById ? lane.members.filter((other) => other !== id) : lane.members.slice(1);
  const current = lane.current === id ? undefined : lane.current;
  return { ...log.lanes, [name]: { ...lane, members, current } };
}

function joined(log: Log, name: LaneKey, id: DeliveryId): Log['lanes'] {
  const lane = log.lanes[name] ?? emptyLane;
  const orderOf = (member: DeliveryId): number => keptOf(log, member)?.delivery.order ?? 0;
  const members = [...lane.members.filter((other) => other !== id), id];
  return { ...log.lanes, [name]: { ...lane, members: members.sort((a, b) => orderOf(a) - orderOf(b)) } };
}

function headOf(log: Log, name: LaneKey, rules: Protocol): DeliveryId | undefined {
  const { members, current } = log.lanes[name] ?? emptyLane;
  const keepsIt = rules.keepsCurrent && current !== undefined && members.includes(current);
  return keepsIt ? current : members[0];
}

export const pairOf = (log: Log, key: PairKey): Pair | undefined => log.pairs[key];

/** A restored Redis: another epoch, in which no run of before may write. */
export function restored(log: Log, epoch: number): Log {
  return { ...withoutRuns(log), epoch };
}

/** Without the runs: what was written in another epoch says nothing in this one. */
export function withoutRuns(log: Log): Log {
  const kept = Object.entries(log.kept).map(([id, one]) => [
    id,
    one === 'cancelled' ? one : { ...one, run: undefined },
  ]);
  return { ...log, kept: Object.fromEntries(kept) };
}
