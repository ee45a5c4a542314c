import { describe, expect, it } from 'vitest';
import { createDeliver, type Verdict } from '../../src/bridge/deliver.ts';
import type { Arrived, Delivery } from '../../src/bridge/delivery.ts';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { Destination } from '../../src/bridge/destination.ts';
import { heldBack } from '../../src/bridge/gates.ts';
import type { Pair } from '../../src/bridge/pair.ts';
import type { ChatterMessageId, DeliveryId, Scope } from '../../src/bridge/people.ts';
import { noStep } from '../../src/bridge/steps.ts';
import { privateRedis } from '../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog, pairOf } from '../store/delivery-log/log.ts';
import { timing } from './deliveries.ts';

const server = await privateRedis();
const PARTS = 3;
const passing = new DeliveryError({
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
function target(...stored: number[]) {
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
      return stored.includes(part) ? arrived(part) : undefined;
    },
    outcome: () => ({ outbox: [] }),
  };
  return { stored, destination };
}

/** Runs the delivery's job, as often as it is due, until it has ended as that; gives who was rung. */
async function runUntil(
  ended: 'done' | 'failed',
  { log, box }: OpenedLog,
  id: string,
  destination: Destination,
  sayPaused: Parameters<typeof createDeliver>[0]['sayPaused'] = async () => {},
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
      backOffMs: { first: 20, most: 20 },
      giveUpMs: 200,
      slowLookMs: { first: 20, most: 20, forMs: 60_000 },
    },
    now: Date.now,
    random: () => 0,
    sayPaused,
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

describe('what has been delivered', () => {
  it('rings the next in its lane, and what is to be said about it', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { destination } = target();
    const told = entry('note-1', { lane: 'chat-ada' });
    const rung = await runUntil('done', opened, 'msg-1', {
      ...destination,
      outcome: ({ phase }) => ({ outbox: phase === 'sent' ? [told] : [] }),
    });
    expect(rung).toEqual(['chat note-1', 'chatter msg-2']);
  });
});

describe('what is known to one run alone', () => {
  it('is stored although another run has taken over: the answer to its POST', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { stored, destination } = target();
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      prepare: async (_delivery, content) => ({ content, parts: 1, repeatable: false }),
      async post(...what) {
        await opened.go('msg-1', 'another run');
        return destination.post(...what);
      },
      look: async () => undefined,
    });
    const read = await opened.log.read('msg-1' as DeliveryId);
    expect(read?.delivery).toMatchObject({ phase: 'sent', arrived: { id: 'm0' }, posts: 0 });
    expect(stored).toEqual([0]);
  });
});

describe('what is found', () => {
  it('is given up when another delivery to the same people has it by then', async () => {
    const opened = await openLog(server);
    const { log, takeAll, go } = opened;
    await takeAll(entry('msg-1', { lane: 'a' }), entry('msg-2', { lane: 'b' }));
    const { delivery } = await go('msg-1', 'before');
    await log.commit(
      change(delivery, 'before', { phase: 'settling', parts: 1, posts: 1, unknown: true, lost: 'broken' }),
    );
    const fresh = pairOf('pair-1');
    const { stored, destination } = target();
    const m0: Pair['known'][number] = { id: 'm0' as ChatterMessageId, atMs: 1_000 };
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      pairOf: async () => (await log.pair(fresh.key)) ?? fresh,
      async look(_delivery, _content, pair) {
        if (pair?.known.length) return undefined;
        const other = await go('msg-2', 'run');
        const acknowledged = { before: fresh, after: { ...fresh, known: [m0] } };
        await log.commit({ ...change(other.delivery, 'run', { phase: 'sent' }), pair: acknowledged });
        return { id: m0.id, conversation: 'c', atMs: m0.atMs };
      },
    });
    expect(stored).toEqual([0]);
  });
});

describe('what is sent', () => {
  it('is made once, and stays as it was however often it is tried', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { destination } = target();
    const posted: string[] = [];
    let made = 0;
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      async prepare() {
        made += 1;
        return { content: `{"v":1,"made":${made}}`, parts: 1, repeatable: false };
      },
      async post(delivery, content, ...rest) {
        posted.push(content);
        if (posted.length < 3) throw passing;
        return destination.post(delivery, content, ...rest);
      },
    });
    expect(posted).toEqual(Array.from({ length: 3 }, () => '{"v":1,"made":1}'));
  });
});

describe('a message that trips over a mistake in the program', () => {
  it('is tried for as long as may help, then fails, and lets the others go', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { stored, destination } = target();
    let tries = 0;
    const rung = await runUntil('failed', opened, 'msg-1', {
      ...destination,
      async prepare() {
        tries += 1;
        throw new TypeError('not a function');
      },
    });
    expect(tries).toBeGreaterThan(1);
    expect(rung).toEqual(['chatter msg-2']);
    expect(stored).toEqual([]);
    const read = await opened.log.read('msg-1' as DeliveryId);
    expect(read?.delivery).toMatchObject({ phase: 'failed', failure: { code: 'unforeseen' } });
  });
});

describe('a closed gate', () => {
  const held = heldBack({ scope: 'org' as Scope, reason: 'away', sinceMs: 1, untilMs: 2, isLong: true }, 20);

  it('keeps a message from being begun, tells its writer, and lets it go when it opens', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { destination } = target();
    let closedFor = 3;
    const told: string[] = [];
    const begun: number[] = [];
    await runUntil(
      'done',
      opened,
      'msg-1',
      {
        ...destination,
        prepare: async (_delivery, content) => ({ content, parts: 1, repeatable: false }),
        async ready() {
          closedFor -= 1;
          if (closedFor >= 0) throw held;
        },
        async post(delivery, ...rest) {
          begun.push(delivery.posts);
          return destination.post(delivery, ...rest);
        },
      },
      async (author, { scope }) => void told.push(`${author} ${scope}`),
    );
    expect(told).toEqual(Array.from({ length: 3 }, () => `${ada} org`));
    expect(begun).toEqual([1]);
  });
});

describe('what Redis forgot when it was restored', () => {
  const states: Partial<Delivery>[] = [
    { phase: 'begun' },
    { phase: 'settling', unknown: true, lost: 'broken' },
    { phase: 'uncertain', unknown: true, lost: 'silent', wakeAtMs: 0 },
  ];
  for (const state of states) {
    it(`is found, all parts of it, when the first was ${state.phase} then`, async () => {
      const opened = await openLog(server);
      await opened.takeAll(entry('msg-1'));
      const { delivery } = await opened.go('msg-1', 'before');
      const first: Partial<Delivery> = { parts: PARTS, posts: 1, base: { sinceMs: 0, known: [] }, ...state };
      await opened.log.commit(change(delivery, 'before', first));
      const { stored, destination } = target(0, 1, 2);
      const beforeMs = Date.now();
      await server.restart();
      const newEnough: number[] = [];
      await runUntil('done', opened, 'msg-1', {
        ...destination,
        async look(delivery, content, pair, newEnoughMs) {
          newEnough.push(newEnoughMs);
          return destination.look(delivery, content, pair, newEnoughMs);
        },
      });
      expect(stored).toEqual([0, 1, 2]);
      // A reading from before cannot hold what was posted since and is forgotten.
      expect(Math.min(...newEnough)).toBeGreaterThan(beforeMs);
    });
  }

  it('is sent from where it had stopped', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { delivery } = await opened.go('msg-1', 'before');
    await opened.log.commit(
      change(delivery, 'before', { phase: 'begun', parts: PARTS, posts: 1, base: { sinceMs: 0, known: [] } }),
    );
    const { stored, destination } = target(0, 1);
    await server.restart();
    await runUntil('done', opened, 'msg-1', destination);
    expect(stored).toEqual([0, 1, 2]);
  });
});
