import { setTimeout as pause } from 'node:timers/promises';
import { type RealProcess, startProcess } from '../test/flow/real-process.ts';
import { command, notes, reply, rootOf } from '../test/flow/seen.ts';
import { createWorld, type Name, slackIds, type World } from '../test/flow/world.ts';
import { type Figure, keepsBound, lineOf, quantile } from './figure.ts';

/**
 * What the bridge costs in steady state: the real processes with production's waits, a real Redis that writes every
 * command to its disk, and stand-ins that count. Prints figures with their bounds; ends with 1 when one is broken.
 *
 *     npm run bench
 */
const COMMANDS = 300;
const REPLIES = 100;
/** How many people type at the same time. */
const WRITERS: readonly Name[] = ['ada', 'grace', 'alan'];
const PATIENCE_MS = 20_000;
/** Slack waits so long for an answer. */
const SLACK_WAITS_MS = 3_000;

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain: ${what}`);
    await pause(20);
  }
}

async function typeCommand(world: World, writer: Name, text: string): Promise<{ ms: number; body: string }> {
  const reader = writer === 'grace' ? 'alan' : 'grace';
  const { slack } = world;
  const answered = await slack.command(slackIds[writer], 'C0GENERAL', '/chatter-dm', `@${reader} ${text}`);
  if (answered.status !== 200) throw new Error(`a command was answered with ${answered.status ?? 'nothing'}`);
  return answered;
}

/** Tokens and people are known, the thread is there. */
async function warmUp(world: World): Promise<void> {
  for (const writer of WRITERS)
    await command(world, `@${writer === 'grace' ? 'alan' : 'grace'} warm up`, writer);
  await until('the threads', () => WRITERS.every((writer) => notes(world, 'warm up', writer).length === 1));
  reply(world, rootOf(world, 'warm up'), 'warm too');
  await until(
    'the first reply',
    () => world.texts().includes('warm too') && countOf(world, 'reactions.add') === 1,
  );
}

const countOf = (world: World, method: string): number =>
  world.slack.calls.filter((call) => call.method === method).length;

async function measureCommands(world: World): Promise<Figure[]> {
  const before = { requests: world.salesforce.requests.length, texts: world.texts().length };
  const perWriter = WRITERS.map(async (writer) => {
    const times: number[] = [];
    for (let i = 0; i < COMMANDS / WRITERS.length; i += 1) {
      times.push((await typeCommand(world, writer, `command ${i}`)).ms);
    }
    return times;
  });
  const times = (await Promise.all(perWriter)).flat();
  await until('all messages', () => world.texts().length === before.texts + COMMANDS);
  await until('all lines', () => countOf(world, 'chat.postMessage') >= COMMANDS + 2 * WRITERS.length);
  const calls = (world.salesforce.requests.length - before.requests) / COMMANDS;
  const of = `of ${times.length}`;
  return [
    { what: '/chatter-dm answered, median', value: quantile(times, 0.5), unit: 'ms', bound: 100, also: of },
    {
      what: '/chatter-dm answered, 99 of 100 within',
      value: quantile(times, 0.99),
      unit: 'ms',
      bound: SLACK_WAITS_MS,
    },
    { what: '/chatter-dm answered, longest', value: Math.max(...times), unit: 'ms', bound: SLACK_WAITS_MS },
    { what: 'Salesforce calls a message', value: calls, unit: 'calls', bound: 1 },
  ];
}

async function measureReplies(world: World): Promise<Figure[]> {
  const root = rootOf(world, 'warm up');
  const before = { salesforce: world.salesforce.requests.length, slack: world.slack.calls.length };
  const marks = countOf(world, 'reactions.add');
  for (let i = 0; i < REPLIES; i += 1) await reply(world, root, `reply ${i}`).delivered;
  await until('all replies', () => countOf(world, 'reactions.add') === marks + REPLIES);
  const salesforce = (world.salesforce.requests.length - before.salesforce) / REPLIES;
  const slack = (world.slack.calls.length - before.slack) / REPLIES;
  return [
    { what: 'Salesforce calls a thread reply', value: salesforce, unit: 'calls', bound: 1 },
    { what: 'Slack calls a thread reply', value: slack, unit: 'calls', bound: 1 },
  ];
}

async function measureWithoutRedis(world: World): Promise<Figure[]> {
  const longest = async (what: string): Promise<Figure> => {
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push(await typeCommand(world, 'ada', 'into the void'));
    const said = new Set(answers.map(({ body }) => (JSON.parse(body) as { text: string }).text));
    if ([...said].some((text) => text.startsWith('Sending'))) throw new Error('it claims to be sending');
    const ms = Math.max(...answers.map((answer) => answer.ms));
    return {
      what,
      value: ms,
      unit: 'ms',
      bound: SLACK_WAITS_MS,
      also: `“${[...said].join(' ').slice(0, 40)}…”`,
    };
  };
  const pid = world.redis.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  const still = await longest('/chatter-dm answered, Redis standing still');
  process.kill(pid, 'SIGCONT');
  await world.redis.kill();
  return [still, await longest('/chatter-dm answered, Redis down')];
}

async function measure(): Promise<Figure[]> {
  const world = await createWorld({ env: { LOG_LEVEL: 'info' } });
  const processes: RealProcess[] = [];
  try {
    for (const role of ['worker', 'web'] as const) processes.push(await startProcess(role, world.env));
    world.slack.pointAt(`http://127.0.0.1:${processes.at(-1)?.port}/slack/events`);
    await warmUp(world);
    return [
      ...(await measureCommands(world)),
      ...(await measureReplies(world)),
      ...(await measureWithoutRedis(world)),
    ];
  } finally {
    for (const running of processes) running.kill();
    await world.close();
  }
}

const figures = await measure();
for (const figure of figures) process.stdout.write(`${lineOf(figure)}\n`);
const broken = figures.filter((figure) => !keepsBound(figure));
process.stdout.write(broken.length === 0 ? 'all bounds kept\n' : `${broken.length} bound(s) broken\n`);
process.exit(broken.length === 0 ? 0 : 1);
