import type { Delivery, DeliveryEvent, Effect, Next } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import type { Timing } from '../../src/bridge/timing.ts';
import type { JudgeOf } from './judges/judge-of.ts';
import { neverTwice, neverTwiceVisibly, neverTwiceWithoutReason, twiceIsTold } from './judges/once.ts';
import { inOrder } from './judges/order.ts';
import { oneIntent, oursIsOurs } from './judges/pairs.ts';
import { cancelledNeverGoes, failedIsNotThere, neverLost, sentIsThere } from './judges/words.ts';
import { message, type Protocol, type Scenario, scenario } from './protocol/scenario.ts';
import { scenarios } from './scenarios.ts';

/** One thing taken away from the protocol, and the promise that it breaks. */
export interface Mutation {
  name: string;
  change: Partial<Protocol>;
  scenario: Scenario;
  breaks: JudgeOf;
}

type Machine = typeof next;

/** The machine, with its answers changed. */
const answering =
  (change: (said: Next, event: DeliveryEvent, before: Delivery) => Next): Machine =>
  (delivery: Delivery, event: DeliveryEvent, timing: Timing) => {
    const said = next(delivery, event, timing);
    return said.delivery === delivery ? said : change(said, event, delivery);
  };

const becoming = (change: (after: Delivery, event: DeliveryEvent) => Partial<Delivery>): Machine =>
  answering(({ delivery, effects }, event) => ({
    delivery: { ...delivery, ...change(delivery, event) },
    effects,
  }));

const without = (what: Effect['do']): Machine =>
  answering(({ delivery, effects }) => ({
    delivery,
    effects: effects.filter((effect) => effect.do !== what),
  }));

const small = (name: string): Scenario => {
  const found = scenarios.find((bounds) => bounds.small.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found.small;
};

/** The three that the machine must never do without. */
export const required: readonly Mutation[] = [
  {
    name: 'no look before resending',
    change: {
      next: becoming(({ phase, posts }, { type }) =>
        phase === 'settling' && (type === 'lost' || type === 'takenOver')
          ? { phase: 'begun', posts: posts + 1 }
          : {},
      ),
    },
    scenario: small('lost answers'),
    breaks: neverTwice,
  },
  {
    name: 'no fence',
    change: { fence: false },
    scenario: scenario('stalls', { stall: 2, kill: 1, broken: 1, permanentNo: 1 }),
    breaks: failedIsNotThere,
  },
  {
    name: 'no de-duplication',
    change: { deduplicates: false },
    scenario: small('taking in'),
    breaks: neverTwice,
  },
];

const oldSticky = becoming((_after, { type }) => (type === 'looked' ? { unknown: false } : {}));

export const others: readonly Mutation[] = [
  {
    name: 'no guard: bytes leave after the lock has expired',
    change: { guard: false },
    scenario: small('stalls'),
    breaks: neverTwice,
  },
  {
    name: 'looks that do not wait for what is on its way',
    change: { settles: false },
    scenario: small('kills'),
    breaks: neverTwice,
  },
  {
    name: '“unknown” is forgotten when a look finds nothing, before a passing no',
    change: { next: oldSticky },
    scenario: small('late commits'),
    breaks: neverTwiceWithoutReason,
  },
  {
    name: '“unknown” is forgotten when a look finds nothing, before a permanent no',
    change: { next: oldSticky },
    scenario: scenario('late, then a no', { broken: 1, late: 1, permanentNo: 1 }),
    breaks: failedIsNotThere,
  },
  {
    name: 'the base is that of the look',
    change: { freezesBase: false },
    scenario: small('lost answers'),
    breaks: neverTwice,
  },
  {
    name: 'no baseline where no clock was heard',
    change: { readsBaseline: false },
    scenario: small('no clock, older words alike'),
    breaks: sentIsThere,
  },
  {
    name: 'looks that take what is known for ours',
    change: { leavesOutKnown: false },
    scenario: small('a base too early'),
    breaks: sentIsThere,
  },
  {
    name: 'the pair is not held',
    change: { next: without('holdPair') },
    scenario: small('two lanes, one pair'),
    breaks: sentIsThere,
  },
  {
    name: 'the pair is not held, seen by the pair itself',
    change: { next: without('holdPair') },
    scenario: small('kills'),
    breaks: oneIntent,
  },
  {
    name: 'no ghosts',
    change: { next: without('leaveGhost') },
    scenario: small('late commits'),
    breaks: oursIsOurs,
  },
  {
    name: 'no watch for what was given up',
    change: {
      next: becoming(({ phase }) => (phase === 'sent' ? { ghosts: 0, wakeAtMs: undefined as never } : {})),
    },
    scenario: small('late commits'),
    breaks: twiceIsTold,
  },
  {
    name: 'a lane is left by the place in it',
    change: { leavesById: false },
    scenario: scenario('out of order', { disorder: 1 }),
    breaks: neverLost,
  },
  {
    name: 'an older message takes the turn of the one in flight',
    change: { keepsCurrent: false },
    scenario: scenario('out of order', { disorder: 1 }),
    breaks: inOrder,
  },
  {
    name: 'what is late does not say so',
    change: { next: becoming(() => ({ late: false })) },
    scenario: scenario('a token is missing', { needsToken: 1 }),
    breaks: inOrder,
  },
  {
    name: 'taking in does not know what was cancelled',
    change: { knowsCancelled: false },
    scenario: small('taking in'),
    breaks: cancelledNeverGoes,
  },
  {
    name: 'versions are not compared',
    change: { comparesVersions: false },
    scenario: scenario('two presses', { silent: 1, retry: 1, discard: 1 }, { messages: [message('m1')] }),
    breaks: neverLost,
  },
  {
    name: 'an answer to a former owner counts though its message is known',
    change: { witnessesOnce: false },
    scenario: scenario('in parts', { stall: 1 }, { messages: [message('m1', { parts: 2 })] }),
    breaks: sentIsThere,
  },
  {
    name: 'no look after a restart of Redis',
    change: { looksAfterRestore: false },
    scenario: small('Redis forgets'),
    breaks: neverTwiceVisibly,
  },
  {
    name: 'no grace after a restart of Redis',
    change: { grace: false },
    scenario: small('Redis forgets'),
    breaks: neverTwiceVisibly,
  },
  {
    name: 'after a restart of Redis only the text with its time is looked for',
    change: { looksPastTime: false },
    scenario: scenario('Redis forgets', { restore: 1, redelivery: 1 }, { forgets: 2 }),
    breaks: neverTwiceVisibly,
  },
  {
    name: 'what is under watch looks right after a restart of Redis',
    change: { watchWaitsAfterRestore: false },
    scenario: scenario('Redis forgets', { restore: 1, broken: 1 }, { forgets: 1 }),
    breaks: neverTwiceVisibly,
  },
];
