import { expect } from 'vitest';
import { createDeliver, type Verdict } from '../../src/bridge/deliver.ts';
import type { Arrived } from '../../src/bridge/delivery.ts';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { Destination } from '../../src/bridge/destination.ts';
import { createFairShare } from '../../src/bridge/fair-share.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { noStep } from '../../src/bridge/steps.ts';
import type { OpenedLog } from '../store/delivery-log/log.ts';
import { timing } from './deliveries.ts';

export const PARTS = 3;
export const passing = new DeliveryError({
  retry: { kind: 'later' },
  certain: true,
  code: 'request-limit',
  sentence: 'Not now.',
});
const unreadable = new DeliveryError({
  retry: { kind: 'later' },
  certain: true,
  code: 'salesforce-unavailable',
  sentence: 'Salesforce gives no proper answer.',
});

/** A target that keeps which parts it was sent; a message of three parts goes there. The first look fails. */
export function target(...stored: number[]) {
  let looks = 0;
  const arrived = (part: number): Arrived => ({ id: `m${part}`, conversation: 'c', atMs: 1_000 + part });
  const destination: Destination = {
    steps: {
      taken: 'lease.taken',
      begun: 'begin.done',
      answered: 'post.answered',
      looked: 'recover.read',
      stored: 'ack.sent',
    },
    prepare: async (_delivery, content) => ({ content, parts: PARTS, repeatable: false }),
    pairOf: async () => undefined,
    textOf: () => '',
    base: () => ({ sinceMs: 0, known: [] }),
    baseline: async () => ({ sinceMs: 0, known: [] }),
    async post({ part }) {
      stored.push(part);
      return arrived(part);
    },
    async look({ part }) {
      if (looks++ === 0) throw unreadable;
      return stored.includes(part) ? { arrived: arrived(part) } : undefined;
    },
    lookForGhost: async () => undefined,
    outcome: () => ({ outbox: [] }),
  };
  return { stored, destination };
}

/** Runs the delivery's job, as often as it is due, until it has ended as that; gives who was rung. */
export async function runUntil(
  ended: 'done' | 'failed',
  { log, box }: OpenedLog,
  id: string,
  destination: Destination,
  share = createFairShare(1),
): Promise<string[]> {
  const rung: string[] = [];
  const deliver = createDeliver({
    log,
    destination,
    marks: box.marks,
    bell: { add: async () => {}, ring: async (to, rings) => void rung.push(`${to} ${rings}`) },
    timing: {
      ...timing,
      gatherMs: 0,
      lookAfterMs: { broken: [20, 40, 60], silent: [20, 40, 60] },
      watchEveryMs: [20],
      backOffMs: { first: 20, most: 20 },
      giveUpMs: 200,
      slowLookMs: { first: 20, most: 20, forMs: 60_000 },
    },
    now: Date.now,
    random: () => 0,
    share,
    step: noStep,
    changed: () => {},
  });
  let runs = 0;
  const run = (): Promise<Verdict> =>
    deliver({ id: id as DeliveryId, token: `run-${++runs}`, hold: async () => true, guard: () => {} });
  const once = async () => (await run().catch(() => undefined))?.kind;
  await expect.poll(once, { timeout: 10_000, interval: 10 }).toBe(ended);
  return rung;
}
