import type { ExpectStatic } from 'vitest';
import type { OUTBOX_STEPS, StepName, WEB_STEPS, WORKER_STEPS } from '../../src/bridge/steps.ts';
import type { World } from '../flow/world.ts';
import { type CrashWorld, notesAbout } from './crash-world.ts';
import type { BridgeProcess } from './processes.ts';

/** What has to be going on for a worker to come to a step. */
export interface Scenario {
  /** Armed before anything is written. */
  arm?: (world: World) => void;
  /** What is written, and when the worker that dies is started; the default is three commands. */
  play?: Play;
  /** The first message ends as uncertain; then a person decides. */
  endsUncertain?: boolean;
}

type Play = (
  world: CrashWorld,
  doom: () => Promise<BridgeProcess>,
  expect: ExpectStatic,
) => Promise<{ doomed: BridgeProcess; written: string[] }>;

const TEXTS = ['alpha', 'bravo', 'bravo'];

/** Three commands, two of them with the same text, for a worker that dies on the way. */
export const playCommands: Play = (world, doom) => play(world, doom, TEXTS);

async function play(world: CrashWorld, doom: () => Promise<BridgeProcess>, written: string[]) {
  const doomed = await doom();
  for (const text of written) await world.command(text);
  return { doomed, written };
}

/** The first message was prepared by a predecessor; the one that dies has not heard Salesforce's clock. */
const playSecondWorker: Play = async (world, doom, expect) => {
  const predecessor = await world.worker();
  await world.command(TEXTS[0] ?? '');
  await expect.poll(() => world.salesforce.requests.some((one) => one.kind === 'post'), patience).toBe(true);
  await predecessor.stop();
  const doomed = await doom();
  for (const text of TEXTS.slice(1)) await world.command(text);
  return { doomed, written: TEXTS };
};

/** Two replies that Slack delivers in the wrong order. */
const playOutOfOrder: Play = async (world, doom, expect) => {
  const { slack } = world;
  const predecessor = await world.worker();
  await world.command('alpha');
  await expect.poll(() => notesAbout(world, 'alpha'), patience).toHaveLength(1);
  await predecessor.stop();
  const dm = slack.dmOf('U0ADA');
  const thread_ts = notesAbout(world, 'alpha')[0]?.ts ?? '';
  slack.faults.arm({ method: 'events', kind: 'held-back' });
  const before = slack.deliveries.length;
  slack.say('U0ADA', dm, 'bravo', { thread_ts });
  slack.say('U0ADA', dm, 'charlie', { thread_ts });
  await expect.poll(() => slack.deliveries.length - before, patience).toBe(2);
  return { doomed: await doom(), written: ['alpha', 'bravo', 'charlie'] };
};

const patience = { timeout: 10_000 };

const longText = Array.from({ length: 2_000 }, (_, i) => `word${i}`).join(' ');

const dropBefore: Scenario = {
  arm: (w) => void w.salesforce.faults.arm({ do: 'drop-before', kind: 'post' }),
};
const dropAfter: Scenario = { arm: (w) => void w.salesforce.faults.arm({ do: 'drop-after', kind: 'post' }) };
const refused: Scenario = {
  arm: (w) =>
    void w.salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 0, kind: 'post' }),
};

/** A scenario for every step of the worker that concerns sending to Chatter. */
export const workerScenarios: Record<(typeof WORKER_STEPS)[number], Scenario> = {
  'lease.taken': {},
  'base.read': {
    arm: (w) =>
      void w.salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 1, kind: 'post' }),
    play: playSecondWorker,
  },
  'begin.done': {},
  'post.guarded': {},
  'post.partial': {},
  'post.sent': {},
  'post.answered': {},
  'ack.sent': {},
  'ack.begun': { play: (world, doom) => play(world, doom, [longText, 'bravo', 'bravo']) },
  'unknown.marked': dropAfter,
  'settle.waiting': dropAfter,
  'recover.read': dropAfter,
  'recover.found': dropAfter,
  'recover.absent': dropBefore,
  'reintent.done': dropBefore,
  'refused.answered': refused,
  'nopost.done': refused,
  'park.done': { play: playOutOfOrder },
  'uncertain.stored': {
    arm: (w) => void w.salesforce.faults.arm({ do: 'hang', afterMs: 60_000, commit: false, kind: 'post' }),
    endsUncertain: true,
  },
  'release.before': {},
};

/** A scenario for every step of what is said in Slack. */
export const outboxScenarios: Record<(typeof OUTBOX_STEPS)[number], Scenario> = {
  'outbox.taken': {},
  'slack.intent': {},
  'slack.sent': {},
  'slack.answered': {},
  'slack.searched': {
    arm: (w) => w.slack.faults.arm({ method: 'chat.postMessage', kind: 'drop-after' }),
  },
  'slack.cleared': {},
};

export interface WebScenario {
  /** What is done to Redis before the message is written. */
  redis?: 'stands still';
  /** Whether what a command says, when the web dies here, is sent. `either`: the script was on the wire. */
  command: 'sent' | 'not sent' | 'either';
}

/** A scenario for every step of taking in. */
export const webScenarios: Record<(typeof WEB_STEPS)[number], WebScenario> = {
  'enq.before': { command: 'not sent' },
  'enq.sent': { command: 'either' },
  'enq.stored': { command: 'sent' },
  'wake.added': { command: 'sent' },
  'cancel.before': { redis: 'stands still', command: 'not sent' },
  'cancel.sent': { redis: 'stands still', command: 'not sent' },
};

export const stepsOf = <T extends StepName>(scenarios: Record<T, unknown>): T[] =>
  Object.keys(scenarios) as T[];
