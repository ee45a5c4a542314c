import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { composeOperator } from '../../src/compose-operator.ts';
import { createLogger } from '../../src/ops/log.ts';
import { createQueues, jobIdOf, type Queues } from '../../src/queue/queues.ts';
import { queuePrefix } from '../../src/store/keys.ts';
import { connectProducer, whenReady } from '../../src/store/redis.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, hasButtons, longTest, notes, patience, press } from './seen.ts';

/**
 * What Bull Board's buttons do, by the methods of BullMQ that they call. A board shows the jobs; the messages are
 * somewhere else, and it must not be able to lose or to block them.
 */
let bridge: RunningBridge;
let operator: Awaited<ReturnType<typeof composeOperator>>;
let board: Queues;
let closeBoard = async (): Promise<void> => {};
beforeAll(async () => {
  bridge = await startBridge();
  const { config, namespace } = bridge;
  operator = await composeOperator(config, createLogger('silent', 'operate'), { namespace });
  const connection = connectProducer(config.redisUrl, () => {});
  await whenReady(connection, 5_000);
  board = createQueues({
    connection,
    prefix: queuePrefix(namespace),
    failedKeepMs: 60_000,
    onError: () => {},
  });
  closeBoard = async () => {
    await Promise.all([board.chatter.close(), board.chat.close()]);
    connection.disconnect();
  };
});
afterAll(async () => {
  await closeBoard();
  await operator?.stop();
  await bridge?.close();
});

let round = 0;
beforeEach(() => {
  round += 1;
});
afterEach(async () => {
  bridge.salesforce.faults.clear();
  bridge.salesforce.switches.vetoText = null;
  await operator.resume();
});
const texts = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `round ${round} number ${i}`);
const arrived = (): string[] => bridge.texts().filter((text) => text.includes(`round ${round} `));

/** Each as itself: one that was added anew is another. */
const jobs = async (): Promise<string[]> =>
  (await board.chatter.getJobs(['wait', 'delayed'])).map(({ id, timestamp }) => `${id} of ${timestamp}`);

/** Two lanes of messages, with sending paused. */
async function lanesWait(): Promise<Record<'grace' | 'alan', string[]>> {
  const lanes = { grace: texts(4), alan: texts(8).slice(4) };
  await operator.pause();
  for (const [reader, lane] of Object.entries(lanes)) {
    for (const text of lane) await command(bridge, `@${reader} ${text}`);
  }
  // The heads have slept until their neighbours could line up, and wait for the operator now.
  await expect.poll(() => board.chatter.getJobCountByTypes('wait'), patience).toBe(2);
  return lanes;
}
async function expectAllInOrder(lanes: Record<string, string[]>): Promise<void> {
  const count = Object.values(lanes).flat().length;
  await expect.poll(() => arrived().length, patience).toBe(count);
  for (const lane of Object.values(lanes)) {
    expect(arrived().filter((text) => lane.includes(text))).toEqual(lane);
  }
  await command(bridge, `@grace round ${round} afterwards`);
  await expect.poll(() => arrived().at(-1), patience).toBe(`round ${round} afterwards`);
  expect(arrived()).toHaveLength(count + 1);
}

describe('jobs deleted by hand', longTest, () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'one by one',
      async () => {
        for (const job of await board.chatter.getJobs(['wait', 'delayed', 'prioritized'])) await job.remove();
      },
    ],
    ['by draining the queue of what waits', () => board.chatter.drain()],
    ['by draining it of what sleeps, too', () => board.chatter.drain(true)],
    [
      'by cleaning it',
      async () => {
        for (const state of ['wait', 'delayed', 'failed'] as const)
          await board.chatter.clean(0, 1_000, state);
      },
    ],
    ['with the whole queue', () => board.chatter.obliterate()],
  ])('%s: every message goes all the same, once and in order', async (_how, spoil) => {
    const lanes = await lanesWait();
    const before = await jobs();
    await spoil();
    // The sweeper may have added some of them anew by now.
    const left = await jobs();
    expect(before.filter((job) => !left.includes(job))).not.toEqual([]);
    await operator.resume();
    await expectAllInOrder(lanes);
  });

  it('while the head of a lane sleeps through a back-off: it goes on when it is due, and the others behind it', async () => {
    const lane = texts(3);
    bridge.salesforce.faults.arm({ do: 'status', answer: '503-limit', retryAfterSeconds: 3, kind: 'post' });
    for (const text of lane) await command(bridge, `@grace ${text}`);
    await expect.poll(async () => (await board.chatter.getDelayed()).length, patience).toBe(3);
    for (const job of await board.chatter.getDelayed()) await job.remove();
    await expectAllInOrder({ grace: lane });
  });

  it('while its head is being looked for: nothing is sent twice', async () => {
    const lane = texts(2);
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post' });
    for (const text of lane) await command(bridge, `@grace ${text}`);
    await expect.poll(async () => (await board.chatter.getDelayed()).length, patience).toBeGreaterThan(0);
    await board.chatter.drain(true);
    await expectAllInOrder({ grace: lane });
  });
});

describe('a failed message whose job was deleted by hand', longTest, () => {
  async function failed(): Promise<{ text: string; job: string }> {
    const [text = ''] = texts(1);
    bridge.salesforce.switches.vetoText = 'Not now.';
    bridge.salesforce.switches.vetoWhenContains = text;
    await command(bridge, `@grace ${text}`);
    await expect.poll(() => notes(bridge, text).some(hasButtons), patience).toBe(true);
    const lines: string[] = [];
    for await (const line of operator.failed()) lines.push(line);
    const job = jobIdOf(lines.at(-2)?.split('  ')[0] as DeliveryId);
    await expect.poll(async () => (await board.chatter.getJob(job))?.isFailed(), patience).toBe(true);
    return { text, job };
  }

  it.each(['by its button', 'by the operator'])('can be tried again %s', async (how) => {
    const { text, job } = await failed();
    await (await board.chatter.getJob(job))?.remove();
    bridge.salesforce.switches.vetoText = null;
    if (how === 'by its button') await press(bridge, text, 'retry_delivery');
    else for await (const _line of operator.decide('retry', 'all'));
    await expect.poll(() => arrived().length, patience).toBe(1);
  });

  it('stays failed when its job is retried or promoted there, and is told so once', async () => {
    const { text, job } = await failed();
    bridge.salesforce.switches.vetoText = null;
    await (await board.chatter.getJob(job))?.retry();
    await expect.poll(async () => (await board.chatter.getJob(job))?.isFailed(), patience).toBe(true);
    expect(arrived()).toEqual([]);
    expect(notes(bridge, text).filter(hasButtons)).toHaveLength(1);
    await press(bridge, text, 'discard_delivery');
    await expect.poll(() => notes(bridge, text).some(hasButtons), patience).toBe(false);
  });
});

describe('a queue that is obliterated while it works', longTest, () => {
  it('refuses that and stays paused, which the status says; resuming goes on', async () => {
    const lane = texts(2);
    bridge.salesforce.faults.arm({ do: 'slow', delayMs: 600, kind: 'post' });
    for (const text of lane) await command(bridge, `@grace ${text}`);
    await expect.poll(async () => board.chatter.getActiveCount(), patience).toBe(1);
    await expect(board.chatter.obliterate()).rejects.toThrow('active jobs');
    expect(await operator.status()).toContain('sending to Salesforce: paused');
    await operator.resume();
    await expectAllInOrder({ grace: lane });
  });
});
