import { afterAll, type ExpectStatic } from 'vitest';
import { splitText } from '../../src/bridge/split.ts';
import type { Timing } from '../../src/bridge/timing.ts';
import { quickTiming } from '../flow/bridge.ts';
import { createWorld, freshNamespace, type World, type WorldOptions } from '../flow/world.ts';
import type { Order } from './bridge-process.ts';
import { type BridgeProcess, Processes } from './processes.ts';

/** A second or so from death to take-over; in production lock and look-out are longer in the same proportion. */
const crashTiming: Partial<Timing> = { ...quickTiming, lockMs: 1_500, stalledCheckMs: 300 };

export interface CrashWorld extends World {
  web: BridgeProcess;
  worker(at?: Order['at']): Promise<BridgeProcess>;
  startWeb(at?: Order['at'], port?: number): Promise<BridgeProcess>;
  /** Types a command as Ada to Grace. */
  command(text: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Processes loaded in advance, shared by the tests of one file. */
export function sharedProcesses(): Processes {
  const processes = new Processes(2);
  afterAll(() => processes.close());
  return processes;
}

/** Stand-ins, Redis and a running web; workers are started by the test. */
export async function createCrashWorld(
  processes: Processes,
  options: WorldOptions = {},
): Promise<CrashWorld> {
  const world = await createWorld(options);
  const namespace = freshNamespace();
  const overrides = {
    namespace,
    timing: crashTiming,
    salesforce: { timeouts: { sendMs: 600, readMs: 600, tokenMs: 600 } },
  };
  const order = (role: Order['role'], at: Order['at'], port?: number): Order => ({
    role,
    env: port === undefined ? world.env : { ...world.env, PORT: String(port) },
    overrides,
    ...(at && { at }),
  });
  const started: BridgeProcess[] = [];
  const start = async (o: Order): Promise<BridgeProcess> => {
    const running = await processes.start(o);
    started.push(running);
    return running;
  };
  const startWeb = async (at?: Order['at'], port?: number): Promise<BridgeProcess> => {
    const web = await start(order('web', at, port));
    world.slack.pointAt(`http://127.0.0.1:${web.port}/slack/events`);
    return web;
  };
  const web = await startWeb();
  return {
    ...world,
    web,
    startWeb,
    worker: (at) => start(order('worker', at)),
    async command(text) {
      const answered = await world.slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', `@grace ${text}`);
      return answered.status;
    },
    async close() {
      await Promise.all(started.map((one) => one.kill()));
      await world.close();
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
