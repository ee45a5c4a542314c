import { describe, expect, it } from 'vitest';
import { createDecisions } from '../../src/bridge/decisions.ts';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { Destination } from '../../src/bridge/destination.ts';
import type { ChatPersonId, DeliveryId } from '../../src/bridge/people.ts';
import { noStep } from '../../src/bridge/steps.ts';
import { privateRedis } from '../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog } from '../store/delivery-log/log.ts';
import { timing } from './deliveries.ts';

const server = await privateRedis();
const id = 'msg-1' as DeliveryId;
const waiting: Partial<Delivery> = {
  parts: 1,
  told: 1,
  waiting: { code: 'token', sentence: 'Connect again.', for: 'token', sinceMs: Date.now() },
};

/** Ada's message, which waits for a token, in a log of its own. */
async function startWaiting(as: Partial<Delivery>): Promise<OpenedLog & { stored: Delivery }> {
  const opened = await openLog(server);
  await opened.takeAll(entry(id));
  const { delivery } = await opened.go(id, 'run-1');
  const committed = await opened.log.commit(change(delivery, 'run-1', { ...waiting, ...as }));
  if (committed.kind !== 'stored') throw new Error(committed.kind);
  return { ...opened, stored: committed.delivery };
}

/** Decisions on that log; `after` is what happens meanwhile instead of waiting. */
function decisionsOn({ log, box }: OpenedLog, after: () => Promise<void> = async () => {}) {
  const rung: string[] = [];
  const destination = {
    pairOf: async () => undefined,
    textOf: () => '',
    outcome: () => ({ outbox: [] }),
  } as Partial<Destination> as Destination;
  const decisions = createDecisions({
    log,
    destination,
    marks: box.marks,
    bell: { add: async () => {}, ring: async (_to, rings) => void rung.push(rings) },
    timing,
    now: Date.now,
    step: noStep,
    changed: () => {},
    readers: { add: async () => {}, resume: async () => {} },
    after,
  });
  return { decisions, rung };
}

const phaseIn = async ({ log }: OpenedLog) => (await log.read(id))?.delivery.phase;

describe('what a person decides', () => {
  it('is stored, and the delivery woken', async () => {
    const opened = await startWaiting({});
    const { decisions, rung } = decisionsOn(opened);
    expect(await decisions.decide(ada, id, 1, 'discard')).toBe(true);
    expect(await phaseIn(opened)).toBe('discarded');
    expect(rung).toContain(id);
    expect(await decisions.decide(ada, id, 1, 'discard')).toBe(false);
  });

  it('is the writer’s alone, and about what the button showed', async () => {
    const opened = await startWaiting({});
    const { decisions } = decisionsOn(opened);
    expect(await decisions.decide('T0CORP-U0GRACE' as ChatPersonId, id, 1, 'discard')).toBe(false);
    expect(await decisions.decide(ada, id, 0, 'discard')).toBe(false);
    expect(await decisions.decide(ada, 'msg-0' as DeliveryId, 1, 'discard')).toBe(false);
    expect(await phaseIn(opened)).toBe('queued');
  });

  it('counts also when it is pressed while the message is being tried', async () => {
    const opened = await startWaiting({ phase: 'begun' });
    const { decisions } = decisionsOn(opened, async () => {
      await opened.log.commit(change(opened.stored, 'run-1', { phase: 'queued' }));
    });
    expect(await decisions.decide(ada, id, 1, 'discard')).toBe(true);
    expect(await phaseIn(opened)).toBe('discarded');
  });

  it('counts also when the message is taken up between reading and storing', async () => {
    const opened = await startWaiting({});
    const { log } = opened;
    let tried: Delivery | undefined;
    const commit: typeof log.commit = async (wanted) => {
      if (!tried) {
        const taken = await log.commit(change(opened.stored, 'run-1', { phase: 'begun' }));
        tried = taken.kind === 'stored' ? taken.delivery : undefined;
      }
      return log.commit(wanted);
    };
    const { decisions } = decisionsOn({ ...opened, log: { ...log, commit } }, async () => {
      if (tried) await log.commit(change(tried, 'run-1', { phase: 'queued' }));
    });
    expect(await decisions.decide(ada, id, 1, 'discard')).toBe(true);
    expect(await phaseIn(opened)).toBe('discarded');
  });

  it('changes nothing about a POST that stays on its way', async () => {
    const opened = await startWaiting({ phase: 'begun' });
    let waitedFor = 0;
    const { decisions } = decisionsOn(opened, async () => {
      waitedFor += 1;
    });
    expect(await decisions.decide(ada, id, 1, 'discard')).toBe(false);
    expect(await phaseIn(opened)).toBe('begun');
    expect(waitedFor).toBe(10);
  });
});

describe('opting out', () => {
  it('is known until it is taken back', async () => {
    const opened = await openLog(server);
    const { decisions } = decisionsOn(opened);
    expect(await decisions.isOptedOut(ada)).toBe(false);
    await decisions.optOut(ada);
    expect(await decisions.isOptedOut(ada)).toBe(true);
    await decisions.optIn(ada);
    expect(await decisions.isOptedOut(ada)).toBe(false);
  });
});
