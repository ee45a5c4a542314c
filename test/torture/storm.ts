import { setTimeout as pause } from 'node:timers/promises';
import { type Arena, openArena } from './arena.ts';
import { PEOPLE } from './company.ts';
import { createDecider } from './decider.ts';
import { Executioner } from './executioner.ts';
import { allExecutions, type Execution, everyExecution, nameOf } from './executions.ts';
import { armFaults } from './fault-plan.ts';
import { historyOf } from './history.ts';
import { judge } from './judge.ts';
import { copies, idIn, type Ledger, type Story } from './ledger.ts';
import { type Burst, type Lane, loadOf } from './load.ts';
import { Occasions } from './occasion.ts';
import type { Program } from './program.ts';
import { chanceFor } from './seeded.ts';
import { settled, until } from './settled.ts';
import type { StageReport } from './stage.ts';
import { waitsFor } from './waits.ts';

export interface StormOptions {
  name?: string;
  program: Program;
  logFile: string;
  seed: number;
  messages: number;
  timeScale: number;
  perSecond: number;
  /** Multiplies the share of every fault. */
  faultRate: number;
  /** Which deaths to bring about; all of them unless said. */
  executions?: readonly Execution[];
  /** How often Redis is killed, and started again at once. */
  redisKills: number;
  workers?: number;
  webs?: number;
  /** Rest between two deaths of one role. */
  restMs: number;
  /** Whether people write on until the deaths are done; they do, unless said. A standstill then ends when all has arrived. */
  writesOn?: boolean;
  /** So long the end is waited for until what doubled has been said; where nothing may double, there is nothing to wait for. */
  watchForMs?: number;
  /** A request to Salesforce takes no less: what is broken is looked for for as long. */
  leastSendMs?: number;
  /** For one request to Salesforce; longer than a standstill where what is sent after it matters. */
  sendMs?: number;
  /** Arms more than the plan does. */
  arm?: (arena: Arena) => void;
}

const MOST_OPEN = 600;
const EXTRA_FIRST_ID = 80_000;
const EXTRA_PER_SECOND = 10;
/** Nothing may move for longer than a message may hold its lane. */
const BEYOND_HOLD_MS = 30_000;
/** Of the messages that are dropped, this share is typed by hand at once. */
const IMPATIENT_SHARE = 0.05;
const BASE_TRIES = 4;
const MOST_WATCH_MS = 90_000;
/** Of all messages this share may stay uncertain: silences and late commits are rarer than that. */
const MOST_UNCERTAIN = 0.02;

/** Faults on both sides and deaths everywhere, while people write. */
export async function storm(o: StormOptions): Promise<StageReport> {
  const scaled = waitsFor(o.timeScale, o.leastSendMs);
  const waits = { ...scaled, sendMs: o.sendMs ?? scaled.sendMs };
  let ledger: Ledger | undefined;
  const decide = createDecider(chanceFor(o.seed, 'decisions'), (id) =>
    ledger?.story(id).excuses.add('retried'),
  );
  const arena = await openArena({
    program: o.program,
    waits,
    workers: o.workers ?? 3,
    webs: o.webs ?? 2,
    logFile: o.logFile,
    undecided: decide,
  });
  ledger = arena.ledger;
  try {
    return await rage(o, arena);
  } finally {
    await arena.close();
  }
}

async function rage(o: StormOptions, arena: Arena): Promise<StageReport> {
  const { seed } = o;
  const load = loadOf({ seed, messages: o.messages, people: PEOPLE });
  const lanes = new Map(load.flatMap(({ lane, acts }) => acts.map(({ id }) => [id, lane] as const)));
  const plan = armFaults({
    ...arena,
    seed,
    rate: o.faultRate,
    dropped: impatience(o, arena, lanes),
  });
  o.arm?.(arena);
  const occasions = new Occasions(arena);
  let isWritten = false;
  const mayGoOn = () => o.writesOn !== false || (isWritten && arena.ledger.open.size === 0);
  const executioner = new Executioner(arena, occasions, chanceFor(seed, 'executions'), mayGoOn);
  const wanted =
    o.executions ?? (['web', 'worker'] as const).flatMap((r) => allExecutions(r, chanceFor(seed, r)));
  const common = wanted.filter(({ step }) => step !== 'base.read');
  let isOver = false;
  const killing = Promise.all(
    (['web', 'worker'] as const).map((role) =>
      executioner.executeAll(
        common.filter((execution) => execution.role === role),
        o.restMs,
      ),
    ),
  ).finally(() => {
    isOver = true;
  });
  const redisKills = killRedis(arena, o.redisKills, (o.messages / o.perSecond) * 1_000);
  const mayWrite = () => arena.fleet.of('web').length > 0;
  await arena.writer.write(load, { perSecond: o.perSecond, mostOpen: MOST_OPEN, mayWrite });
  isWritten = true;
  if (o.writesOn !== false) await writeUntil(() => isOver, load, seed, arena.writer, mayWrite);
  const missed = (await killing).flat();
  await redisKills;
  plan.end();
  const patienceMs = arena.waits.timing.holdMs + BEYOND_HOLD_MS;
  const hasSettled = await settled(arena.ledger, patienceMs);
  for (const execution of wanted.filter(({ step }) => step === 'base.read')) {
    let isMet = false;
    // A worker that looks for something of another lane first hears Salesforce's clock there, and needs no baseline.
    for (let tries = 0; tries < BASE_TRIES && !isMet; tries += 1)
      isMet = await readBase(execution, arena, occasions, executioner);
    if (!isMet) missed.push(execution);
  }
  await settled(arena.ledger, patienceMs);
  await afterwards(arena, o.watchForMs ?? MOST_WATCH_MS);
  const verdict = judge(arena.ledger.stories.values(), {
    expectShown: true,
    standstills: executioner.standstills,
  });
  const kills = executioner.counts();
  const unresolved = verdict.counted.get('uncertain') ?? 0;
  const notMet = missed.map((execution) => `nobody was ended ${nameOf(execution)}`);
  const unlisted = o.executions ? [] : everyExecution().filter((name) => !kills.has(name));
  return {
    name: o.name ?? 'storm',
    verdicts: [verdict],
    failures: [
      ...(hasSettled ? [] : [`${arena.ledger.open.size} messages never settled`]),
      ...(unresolved <= verdict.messages * MOST_UNCERTAIN ? [] : [`${unresolved} stayed uncertain`]),
      ...(unlisted.length > 0 ? [`steps at which nobody was ended: ${unlisted.join(', ')}`] : notMet),
      ...arena.fleet.surprises.filter((surprise) => !(o.redisKills > 0 && surprise.includes('at its start'))),
    ],
    faults: plan.counts,
    kills: new Map([...kills, ...(o.redisKills > 0 ? [['Redis', o.redisKills] as const] : [])]),
    figures: [],
    histories: verdict.findings.flatMap(({ id, lane }) => historyOf(arena.ledger, lane, id)),
  };
}

/** Somebody whose message does not appear types it by hand: taken for ours, as there is no telling them apart. */
function impatience(o: StormOptions, { salesforce }: Arena, lanes: ReadonlyMap<string, Lane>) {
  const chance = chanceFor(o.seed, 'impatience');
  return (text: string, senderId: string): void => {
    const lane = lanes.get(idIn(text) ?? '');
    if (!lane || !chance.is(IMPATIENT_SHARE)) return;
    const recipients = lane.recipients.map(
      ({ email }) => salesforce.users.find((user) => user.email === email)?.id ?? '',
    );
    salesforce.type(senderId, { to: recipients }, text);
  };
}

/** More of the same until the deaths are done. */
async function writeUntil(
  isOver: () => boolean,
  load: readonly Burst[],
  seed: number,
  writer: Arena['writer'],
  mayWrite: () => boolean,
): Promise<void> {
  const lanes = [...new Set(load.map(({ lane }) => lane))];
  for (let round = 0; !isOver(); round += 1) {
    const firstId = EXTRA_FIRST_ID + round * 40;
    const more = loadOf({ seed: seed + round, messages: 40, people: PEOPLE, firstId });
    const bursts = more.map(({ acts }, i) => ({
      lane: lanes[(round * 40 + i) % lanes.length] as Lane,
      acts,
    }));
    await writer.write(bursts, { perSecond: EXTRA_PER_SECOND, mostOpen: MOST_OPEN, mayWrite });
  }
}

async function killRedis(arena: Arena, times: number, overMs: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await pause(overMs / (times + 1));
    await arena.redis.kill();
    await arena.redis.restart();
  }
}

/**
 * A worker reads a baseline when it has heard nothing of Salesforce's clock, and nothing was ever sent to these people:
 * so all workers die while the first message of a lane waits for a limit to pass.
 */
async function readBase(
  execution: Execution,
  arena: Arena,
  occasions: Occasions,
  executioner: Executioner,
): Promise<boolean> {
  const { fleet, salesforce } = arena;
  salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 4, kind: 'post' });
  await occasions.type(occasions.freshLane());
  await until(() => salesforce.faults.active().length === 0, 10_000);
  await pause(300);
  const count = fleet.of('worker').length;
  fleet.holdBack = true;
  for (const worker of fleet.of('worker')) fleet.signal(worker, 'SIGKILL');
  await until(() => fleet.of('worker').length === 0, 5_000);
  fleet.holdBack = false;
  const met = executioner.execute(execution);
  await Promise.all(Array.from({ length: count }, () => fleet.launch('worker')));
  return met;
}

/** What Salesforce stores late has come, and uncertain ones were looked for once more. */
async function afterwards({ ledger, waits, salesforce }: Arena, watchForMs: number): Promise<void> {
  const { slowLookMs, watchEveryMs } = waits.timing;
  await pause(waits.lastLookMs.broken + 2_500);
  const unsaid = () => [...ledger.stories.values()].some((story) => isUnsaid(story));
  const watchMs = watchEveryMs.reduce((sum, ms) => sum + ms, slowLookMs.first * 4);
  if (unsaid()) await until(() => !unsaid(), Math.min(watchMs, watchForMs));
  const shown = () =>
    [...ledger.stories.values()].every(
      ({ told, arrivals, written }) =>
        arrivals.length === 0 || written.length === 0 || told.has('shown') || told.has('marked'),
    );
  await until(shown, 20_000);
  salesforce.faults.clear();
}

/** Something has come of it that its writer is still to hear. */
function isUnsaid(story: Story): boolean {
  const { told, written, arrivals } = story;
  if (told.has('not-confirmed') && !told.has('sent-after-all') && arrivals.length > 0) return true;
  return copies(story).some((copy) => copy > written.length) && !told.has('arrived-twice');
}
