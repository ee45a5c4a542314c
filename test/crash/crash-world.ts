import { afterAll, type ExpectStatic } from 'vitest';
import { splitText } from '../../src/bridge/split.ts';
import type { Timing } from '../../src/bridge/timing.ts';
import { composeWeb, composeWorker } from '../../src/compose.ts';
import { createLogger } from '../../src/ops/log.ts';
import { quickTiming } from '../flow/bridge.ts';
import { createWorld, freshNamespace, type World, type WorldOptions } from '../flow/world.ts';
import type { Order } from './bridge-process.ts';
import { type BridgeProcess, Processes } from './processes.ts';

/** A second or so from death to take-over; in production lock and look-out are longer in the same proportion. */
const crashTiming: Partial<Timing> = { ...quickTiming, lockMs: 1_500, stalledCheckMs: 300 };

export interface CrashWorld extends World {
  /** A worker in this process, for good. */
  worker(): Promise<Running>;
  /** A worker in a process of its own, which ends or stands still at a step. */
  doomedWorker(at: Fate): Promise<BridgeProcess>;
  /** From now on Slack talks to this web. */
  web(): Promise<Running>;
  doomedWeb(at: Fate): Promise<BridgeProcess>;
  /** Types a command as Ada to Grace; gives the HTTP status, if anything came back. */
  command(text: string): Promise<number | undefined>;
}

interface Running {
  stop(): Promise<void>;
}

type Fate = NonNullable<Order['at']>;

/** Processes loaded in advance, shared by the tests of one file. */
export function sharedProcesses(): Processes {
  const processes = new Processes(2);
  afterAll(() => processes.close());
  return processes;
}

/**
 * Stand-ins, Redis and a web in this process; workers, and webs that die, are started by the test.
 * @param answerMs how long Salesforce may take for an answer: what takes longer may end as uncertain.
 */
export async function createCrashWorld(
  processes: Processes,
  options: WorldOptions = {},
  timing: Partial<Timing> = {},
  answerMs = 600,
): Promise<CrashWorld> {
  const world = await createWorld(options);
  const log = createLogger(world.config.logLevel, 'test');
  const overrides = {
    namespace: freshNamespace(),
    timing: { ...crashTiming, ...timing },
    salesforce: { timeouts: { sendMs: answerMs, readMs: answerMs, tokenMs: answerMs } },
  };
  const running: Running[] = [];
  const doom = async (role: Order['role'], at: Fate): Promise<BridgeProcess> => {
    const doomed = await processes.start({ role, env: world.env, overrides, at });
    running.push({ stop: () => doomed.kill() });
    return doomed;
  };
  const listen = (port: number): void => world.slack.pointAt(`http://127.0.0.1:${port}/slack/events`);
  const here = <T extends Running>(started: T): T => {
    running.push(started);
    return started;
  };
  const crashWorld: CrashWorld = {
    ...world,
    worker: async () => here(stopOnce(await composeWorker(world.config, log, overrides))),
    doomedWorker: (at) => doom('worker', at),
    async web() {
      const web = await composeWeb(world.config, log, overrides);
      listen(web.port);
      return here(stopOnce(web));
    },
    async doomedWeb(at) {
      const doomed = await doom('web', at);
      listen(doomed.port);
      return doomed;
    },
    async command(text) {
      const answered = await world.slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', `@grace ${text}`);
      return answered.status;
    },
    async close() {
      await Promise.all(running.map((one) => one.stop()));
      await world.close();
    },
  };
  await crashWorld.web();
  return crashWorld;
}

function stopOnce(process: Running): Running {
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= process.stop();
      return stopped;
    },
  };
}

const timeout = 25_000;

/** What the two sides hold in the end: every text once and in order, each shown once, and no other word said. */
export async function expectOnceAndInOrder(
  expect: ExpectStatic,
  world: World,
  written: readonly string[],
): Promise<void> {
  const sent = written.flatMap((text) => splitText(text));
  await expect.poll(() => world.texts(), { timeout }).toEqual(sent);
  const dm = world.slack.dmOf('U0ADA');
  for (const text of new Set(written)) {
    const times = written.filter((one) => one === text).length;
    await expect.poll(() => notesAbout(world, text.slice(0, 40)), { timeout }).toHaveLength(times);
  }
  // The first-use notice, the root, and a line for each further message.
  expect(world.slack.messages(dm)).toHaveLength(1 + written.length);
}

export const notesAbout = (world: World, text: string) =>
  world.slack
    .messages(world.slack.dmOf('U0ADA'))
    .filter((message) => JSON.stringify(message.blocks ?? '').includes(text));

/** The first message is called uncertain; discarded, it lets the others go. */
export async function expectUncertainThenDiscard(
  expect: ExpectStatic,
  world: World,
  others: readonly string[],
): Promise<void> {
  await expect.poll(() => notesAbout(world, 'has not confirmed'), { timeout }).toHaveLength(1);
  expect(world.texts()).toEqual([]);
  const [note] = notesAbout(world, 'has not confirmed');
  if (!note) throw new Error('no note');
  await world.slack.press('U0ADA', note, 'discard_delivery');
  await expect.poll(() => world.texts(), { timeout }).toEqual(others);
}
