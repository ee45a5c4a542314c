import {
  type Arrived,
  type Delivery,
  type DeliveryEvent,
  type Effect,
  newDelivery,
} from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import type { ChatPersonId, DeliveryId, LaneKey, PairKey } from '../../src/bridge/people.ts';
import type { Timing } from '../../src/bridge/timing.ts';

/** Round numbers, so that a test can say when something is due. */
export const timing: Timing = {
  lockMs: 4_000,
  stalledCheckMs: 1_000,
  parkMs: 60_000,
  gatherMs: 250,
  quietMs: 10_000,
  lookAfterMs: { broken: [2_000, 5_000, 15_000], silent: [2_000, 5_000, 15_000, 45_000, 120_000] },
  watchEveryMs: [30_000, 120_000, 600_000],
  slowLookMs: { first: 120_000, most: 1_800_000, forMs: 86_400_000 },
  backOffMs: { first: 1_000, most: 120_000 },
  giveUpMs: 86_400_000,
  holdMs: 600_000,
  markMs: 60_000,
  mostPosts: 5,
  gates: {
    limitMs: { first: 60_000, most: 600_000 },
    awayMs: { first: 1_000, most: 120_000 },
    awayFailures: 5,
    probeMs: 15_000,
    probeLookMs: 1_000,
    spreadMs: 30_000,
    tellAfterMs: 60_000,
  },
  reads: { mostInWindow: 60, reserve: 20, windowMs: 3_600_000, shareMs: 120_000 },
  reading: {
    pollMs: 90_000,
    quickForMs: 1_800_000,
    slowestMs: 900_000,
    leaseMs: 20_000,
    overlapMs: 600_000,
    lookEveryMs: 500,
    heldMs: { first: 500, most: 10_000 },
    lateMs: 300_000,
  },
};

export const pairName = 'pair-of-ada-and-grace' as PairKey;

/** Ada's message to Grace in Chatter, prepared, never begun. */
export const queued: Delivery = {
  ...newDelivery({
    id: 'message-1' as DeliveryId,
    to: 'chatter',
    lane: 'to-grace' as LaneKey,
    order: 1_000_000,
    author: 'ada' as ChatPersonId,
    takenAtMs: 1_000,
  }),
  parts: 1,
  pair: pairName,
};

/** Something that the bridge says in Slack. */
export const note: Delivery = { ...queued, to: 'chat', lane: 'chat-ada' as LaneKey };

export const base = { sinceMs: 900, known: ['old'] };
export const arrived = (id: string, atMs = 1_500): Arrived => ({ id, conversation: 'conversation', atMs });

export const begin = (atMs = 1_000): DeliveryEvent => ({ type: 'begin', base, must: false, atMs });
export const accepted = (id: string, atMs = 2_000): DeliveryEvent => ({
  type: 'accepted',
  arrived: arrived(id),
  atMs,
});
export const lost = (how: 'silent' | 'broken', atMs = 2_000): DeliveryEvent => ({ type: 'lost', how, atMs });
export const takenOver = (atMs = 2_000): DeliveryEvent => ({ type: 'takenOver', atMs });
export const nothing = (atMs = 20_000): DeliveryEvent => ({ type: 'looked', found: undefined, atMs });
export const found = (id: string, atMs = 20_000): DeliveryEvent => ({
  type: 'looked',
  found: arrived(id),
  atMs,
});
export const no = (kind: 'passing' | 'permanent', atMs = 2_000): DeliveryEvent => ({
  type: 'refused',
  error: { code: `${kind}-no`, sentence: `A ${kind} no.`, kind },
  atMs,
  jitter: 0,
});
/** A gate is closed: nothing was asked. */
export const heldBack = (atMs = 2_000, afterMs = 60_000): DeliveryEvent => ({
  type: 'refused',
  error: { code: 'away', sentence: 'Away.', kind: 'passing', afterMs, isHeld: true },
  atMs,
  jitter: 0,
});
export const lookHeldBack = (atMs: number, retryAfterMs = 60_000): DeliveryEvent => ({
  type: 'unreadable',
  isHeld: true,
  retryAfterMs,
  atMs,
});
export const needsToken = (atMs: number): DeliveryEvent => ({
  type: 'refused',
  error: { code: 'token', sentence: 'Connect again.', kind: 'passing', waitsFor: 'token' },
  atMs,
  jitter: 0,
});
export const holdOver = (atMs = 700_000): DeliveryEvent => ({ type: 'holdOver', atMs });
export const retry = (atMs = 800_000): DeliveryEvent => ({ type: 'retry', order: 9_000_000, atMs });
export const discard: DeliveryEvent = { type: 'discard', atMs: 800_000 };
export const witnessed = (id: string, part?: number): DeliveryEvent => ({
  type: 'witnessed',
  arrived: arrived(id),
  atMs: 900_000,
  ...(part !== undefined && { part }),
});

/** An effect in one word; a telling as `tell …`. */
export function words(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    if (effect.do === 'tell') return `tell ${effect.what}`;
    if (effect.do === 'followUp') return `followUp ${effect.kind}`;
    if (effect.do === 'acknowledge') return `acknowledge ${effect.arrived.id}`;
    return effect.do;
  });
}

/** Everything that happens to a delivery, one event after the other. */
export function follow(from: Delivery, ...events: readonly DeliveryEvent[]) {
  let delivery = from;
  const effects: string[] = [];
  for (const event of events) {
    const result = next(delivery, event, timing);
    delivery = result.delivery;
    effects.push(...words(result.effects));
  }
  return { delivery, effects };
}

/** The phases that a delivery goes through, the first one included. */
export function phases(from: Delivery, ...events: readonly DeliveryEvent[]): string[] {
  return [from.phase, ...events.map((_, i) => follow(from, ...events.slice(0, i + 1)).delivery.phase)];
}

/** As many looks as a loss of that kind is worth, each of them in vain. */
export const looksInVain = (how: 'silent' | 'broken', atMs = 200_000): DeliveryEvent[] =>
  timing.lookAfterMs[how].map(() => nothing(atMs));

export const begun = follow(queued, begin()).delivery;
export const settling = follow(begun, lost('broken')).delivery;
/** Its last look is the next one. */
export const lastLook = follow(settling, nothing(4_000), nothing(7_000)).delivery;
export const silent = follow(begun, lost('silent')).delivery;
export const uncertain = follow(silent, ...looksInVain('silent')).delivery;
export const sent = follow(begun, accepted('m1')).delivery;
export const failed = follow(begun, no('permanent')).delivery;
export const waiting = follow(begun, needsToken(2_000)).delivery;
