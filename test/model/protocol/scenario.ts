import { next } from '../../../src/bridge/next.ts';
import type { DeliveryId, LaneKey, PairKey } from '../../../src/bridge/people.ts';

/** A message that somebody writes in Slack. */
export interface Message {
  id: DeliveryId;
  lane: LaneKey;
  pair: PairKey;
  text: string;
  /** When it was written, among all: its place in the lane. */
  order: number;
  /** How many parts its text is split into. */
  parts: number;
  /** Slack sends an event again until it is answered; a command is sent once. */
  by: 'event' | 'command';
}

/** How often each thing that may go wrong, or that people may do, happens at most. */
export interface Budget {
  /** A worker is killed, at any step. */
  kill: number;
  /** A worker stands still until its lock has expired; it goes on later. */
  stall: number;
  /** It stands still between the guard and the write itself, for longer than lock and settling. */
  freeze: number;
  /** Connection broken: the POST is done or not. */
  broken: number;
  /** Time-out without a byte: the POST is done or not. */
  silent: number;
  /** A POST that nobody waits for any more is carried out after the last look. */
  late: number;
  passingNo: number;
  permanentNo: number;
  /** A certain no that waits for a person: a token is missing. */
  needsToken: number;
  /** Salesforce cannot be read for as long as patience lasts. */
  unreadable: number;
  /** Slack sends an event again, or under a second event id. */
  redelivery: number;
  /** Slack delivers a message before one that was written earlier. */
  disorder: number;
  /** Storing takes too long; the script may run later. */
  slowTake: number;
  /** A script that writes is run twice. */
  twice: number;
  /** Redis is restarted without its last writes. */
  restore: number;
  retry: number;
  discard: number;
  /** The sender types the same words to the same people, in Chatter. */
  byHand: number;
}

export type Fault = keyof Budget;

/** What the bridge does; a mutation takes one thing away. */
export interface Protocol {
  next: typeof next;
  /** `take` knows what it has stored. */
  deduplicates: boolean;
  /** `take` knows what was cancelled. */
  knowsCancelled: boolean;
  /** `commit` refuses what is not written by the run that owns the delivery. */
  fence: boolean;
  /** `commit` refuses what was judged by an older version. */
  comparesVersions: boolean;
  /** What has its turn keeps it until it leaves the lane, whatever older comes. */
  keepsCurrent: boolean;
  /** What leaves a lane leaves it by its id, not by its place. */
  leavesById: boolean;
  /** No byte leaves after the lock may have expired. */
  guard: boolean;
  /** A look waits until no POST of a former owner can still be on its way. */
  settles: boolean;
  /** The base is that of the first POST, not of the look. */
  freezesBase: boolean;
  /** Where no clock was heard yet, Salesforce is read before the first POST. */
  readsBaseline: boolean;
  /** A look leaves out what is known. */
  leavesOutKnown: boolean;
  /** An answer of a former owner is no news when its message is known. */
  witnessesOnce: boolean;
  /** After a restart of Redis a look finds the text with its time and without. */
  looksPastTime: boolean;
  /** After a restart of Redis what waited is looked for first. */
  looksAfterRestore: boolean;
  /** After a restart of Redis what is under watch does not look at first. */
  watchWaitsAfterRestore: boolean;
  /** After a restart of Redis nothing is claimed while an older run may still send. */
  grace: boolean;
}

export const asBuilt: Protocol = {
  next,
  deduplicates: true,
  knowsCancelled: true,
  fence: true,
  comparesVersions: true,
  keepsCurrent: true,
  leavesById: true,
  guard: true,
  settles: true,
  freezesBase: true,
  readsBaseline: true,
  leavesOutKnown: true,
  witnessesOnce: true,
  looksPastTime: true,
  looksAfterRestore: true,
  watchWaitsAfterRestore: true,
  grace: true,
};

export interface Scenario {
  name: string;
  messages: readonly Message[];
  workers: number;
  budget: Partial<Budget>;
  /** Whether Salesforce's clock was heard before the first POST; else the pair's mark or a baseline tells the time. */
  clock: 'heard' | 'unheard';
  /** Whether the base errs so early that all older messages lie after it. */
  baseErrs: boolean;
  /** Texts that the sender wrote to these people before. */
  earlier: readonly string[];
  /** How many of its last writes Redis forgets at most. */
  forgets: number;
  /** POSTs before a message is called uncertain. */
  mostPosts: number;
  /** Whether what is late comes before the last look at what is watched. */
  watch: 'outlasts it' | 'ends before';
  /** Looks before it is posted again or called uncertain. */
  looks: number;
}

/** What is played, and by which rules. */
export interface Setting {
  scenario: Scenario;
  protocol: Protocol;
}

/** Ada's messages to Grace, unless something else is said. */
export function message(id: string, more: Partial<Omit<Message, 'id'>> = {}): Message {
  return {
    id: id as DeliveryId,
    lane: 'lane' as LaneKey,
    pair: 'pair' as PairKey,
    text: 'ok',
    order: Number(/\d+/.exec(id)?.[0] ?? 1),
    parts: 1,
    by: 'event',
    ...more,
  };
}

export function scenario(name: string, budget: Partial<Budget>, more: Partial<Scenario> = {}): Scenario {
  return {
    name,
    messages: [message('m1'), message('m2')],
    workers: 2,
    budget,
    clock: 'heard',
    baseErrs: false,
    earlier: [],
    forgets: 0,
    mostPosts: 3,
    looks: 1,
    watch: 'outlasts it',
    ...more,
  };
}
