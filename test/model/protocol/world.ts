import type { Base, Delivery, DeliveryEvent } from '../../../src/bridge/delivery.ts';
import type { Pair } from '../../../src/bridge/pair.ts';
import type { DeliveryId, PairKey } from '../../../src/bridge/people.ts';
import { type Change, emptyLog, type Log, withoutRuns } from './log.ts';
import type { Budget, Fault, Scenario } from './scenario.ts';

/** A delivery in somebody's hand, as it was last read or stored. */
export interface Hand {
  delivery: Delivery;
  /** The text, once it was prepared: frozen with the intent. */
  text: string | undefined;
  pair: Pair | undefined;
}

/** Where a worker's run stands: what it has done last. */
export type Place =
  | 'claimed'
  | 'prepared'
  | 'read baseline'
  | 'begun'
  | 'guarded'
  | 'posted'
  | 'read pair'
  | 'heard'
  | 'fenced';

export interface Run {
  token: number;
  /** Of Redis, when the run began. */
  epoch: number;
  place: Place;
  hand: Hand;
  must: boolean;
  late: boolean;
  base: Base | undefined;
  /** What it has heard and not stored yet. */
  event: DeliveryEvent | undefined;
  /** Its lock has expired: another worker may have the job. */
  isStale: boolean;
  /** It stands still for longer than anybody waits. */
  isFrozen: boolean;
  /** It posts at a person's word, who knows that it may arrive twice. */
  isAsked: boolean;
  /** How many messages Salesforce had when it last looked before posting. */
  lookedAt: number | undefined;
}

/** A POST whose bytes have left. */
export interface Post {
  of: DeliveryId;
  part: number;
  pair: PairKey;
  text: string;
  /** Of Redis, when it left. */
  epoch: number;
  /** Who waits for the answer. */
  worker: number | undefined;
  /** Where Salesforce has stored it. */
  stored: number | undefined;
  /** Nobody waits for it any more, and it comes after the last look. */
  isLate: boolean;
  isFrozen: boolean;
  isAsked: boolean;
  /** Set aside when an attempt of it was unknown, so that its text could not be made anew. */
  isFixed: boolean;
  lookedAt: number;
  saysItsTime: boolean;
}

/** A message in Salesforce; its place in the list is its id and its time. */
export interface Stored extends Omit<Post, 'worker' | 'stored' | 'epoch' | 'of'> {
  of: DeliveryId | 'by hand' | 'earlier';
}

export interface Intake {
  /** How often Slack has sent it. */
  sent: number;
  /** In which life of Redis, and after how many messages in Salesforce, it was written. */
  epoch: number;
  writtenAt: number;
  /** Scripts that took too long: they may run later. */
  slow: number;
  /** The web process waits to hear whether it may say "nothing was sent". */
  isCancelling: boolean;
  told: 'nothing yet' | 'stored' | 'not sent';
}

/** A press on a button, read and not stored yet. */
export interface Press {
  event: DeliveryEvent;
  hand: Hand;
}

/** What a judge has to remember. */
export interface Ledger {
  /** How often its sender was told that it has arrived twice. */
  toldTwice: Readonly<Record<string, number>>;
  /** How many messages Salesforce had when it was called failed. */
  failedAt: Readonly<Record<string, number>>;
  /** Deliveries that a restart of Redis has forgotten. */
  forgotten: readonly DeliveryId[];
  markSteppedBack: boolean;
}

export interface World {
  log: Log;
  /** Redis before each of its last writes; kept while it may be restored. */
  past: readonly Log[];
  runs: readonly (Run | undefined)[];
  posts: readonly Post[];
  stored: readonly Stored[];
  intake: Readonly<Record<string, Intake>>;
  presses: readonly Press[];
  /** A script that was sent twice, and is run for the second time at any moment. */
  repeated: Change | undefined;
  left: Budget;
  ledger: Ledger;
}

export function firstWorld({ messages, workers, budget, earlier }: Scenario): World {
  const fresh: Intake = {
    sent: 0,
    epoch: 0,
    writtenAt: 0,
    slow: 0,
    isCancelling: false,
    told: 'nothing yet',
  };
  const pair = messages[0]?.pair;
  return {
    log: emptyLog,
    past: [],
    runs: Array.from({ length: workers }, () => undefined),
    posts: [],
    stored: pair ? earlier.map((text) => foreign('earlier', pair, text)) : [],
    intake: Object.fromEntries(messages.map(({ id }) => [id, fresh])),
    presses: [],
    repeated: undefined,
    left: { ...nothing, ...budget },
    ledger: { toldTwice: {}, failedAt: {}, forgotten: [], markSteppedBack: false },
  };
}

/** A message in Salesforce that the bridge has not sent. */
export function foreign(of: 'by hand' | 'earlier', pair: PairKey, text: string): Stored {
  const byPost = {
    isLate: false,
    isFrozen: false,
    isAsked: false,
    isFixed: false,
    lookedAt: 0,
    saysItsTime: false,
  };
  return { of, pair, text, part: 0, ...byPost };
}

export const spend = (world: World, fault: Fault): World => ({
  ...world,
  left: { ...world.left, [fault]: world.left[fault] - 1 },
});

/** Redis after a script that writes; what it may forget is kept as long as it may be restored. */
export function written(world: World, log: Log, { forgets }: Scenario): World {
  if (log === world.log) return world;
  const past = world.left.restore > 0 ? [...world.past, withoutRuns(world.log)].slice(-forgets) : [];
  return { ...world, log, past };
}

/** The run of a worker after a step; undefined: it is over. */
export function withRun(world: World, worker: number, run: Run | undefined): World {
  const runs = world.runs.map((other, i) => (i === worker ? run : other));
  const ended = run === undefined ? world.runs[worker] : undefined;
  const after: World = { ...world, runs };
  return ended && !isRepeatable(world, ended.token) ? { ...after, log: withoutRun(world.log, ended) } : after;
}

const isRepeatable = ({ repeated }: World, token: number): boolean => repeated?.run === token;

/** A token that nobody holds says nothing any more: states that differ only in it are one. */
function withoutRun(log: Log, { token, hand }: Run): Log {
  const kept = log.kept[hand.delivery.id];
  if (!kept || kept === 'cancelled' || kept.run !== `${token}@${log.epoch}`) return log;
  return { ...log, kept: { ...log.kept, [hand.delivery.id]: { ...kept, run: undefined } } };
}

/** The smallest that nobody holds: as good as a random one. */
export function newToken(world: World): number {
  const held = new Set(world.runs.map((run) => run?.token));
  for (let token = 0; ; token += 1) if (!held.has(token) && !isRepeatable(world, token)) return token;
}

export const plusOne = (counts: Readonly<Record<string, number>>, id: string): Record<string, number> => ({
  ...counts,
  [id]: (counts[id] ?? 0) + 1,
});

const nothing: Budget = {
  kill: 0,
  stall: 0,
  freeze: 0,
  broken: 0,
  silent: 0,
  late: 0,
  passingNo: 0,
  permanentNo: 0,
  needsToken: 0,
  unreadable: 0,
  redelivery: 0,
  disorder: 0,
  slowTake: 0,
  twice: 0,
  restore: 0,
  retry: 0,
  discard: 0,
  byHand: 0,
};
