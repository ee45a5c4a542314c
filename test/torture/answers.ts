import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { quantile } from '../../bench/figure.ts';
import { INBOUND_STEPS } from '../../src/bridge/steps.ts';
import { type AnswerFinding, clock, judgeAnswers } from './answer-judge.ts';
import { type Arena, openArena } from './arena.ts';
import { Executioner } from './executioner.ts';
import { type Execution, nameOf } from './executions.ts';
import { armFaults } from './fault-plan.ts';
import { historyOf } from './history.ts';
import { judge } from './judge.ts';
import { actFor } from './load.ts';
import { Occasions } from './occasion.ts';
import type { Program } from './program.ts';
import { type Chance, chanceFor } from './seeded.ts';
import { settled, until } from './settled.ts';
import type { StageReport } from './stage.ts';
import { type Talk, talksOf } from './talk.ts';
import { type Waits, waitsFor } from './waits.ts';

export interface AnswersOptions {
  program: Program;
  logFile: string;
  seed: number;
  timeScale: number;
  answers: number;
  conversations: number;
  /** Salesforce tells of each message; reading is the safety net then. */
  pushed: boolean;
  /** Which deaths to bring about; before and after each inbound step unless said. */
  executions?: readonly Execution[];
}

const BOTH_SIDES_SHARE = 0.1;
const ANSWERS_PER_SECOND = 6;
const WRITTEN_PER_SECOND = 3;
/** Of the answers so many are typed in Chatter by the thread's own person. */
const OWN_SHARE = 0.05;
const OPENED_MS = 90_000;
/** Several times the slowest pace. */
const SHOWN_MS = 120_000;
const REST_MS = 1_500;

/** Chatter people answer while everybody also writes from Slack, and workers die on the way. */
export async function answers(o: AnswersOptions): Promise<StageReport> {
  const waits = withRealReads(waitsFor(o.timeScale));
  const arena = await openArena({
    ...o,
    waits,
    workers: 3,
    webs: 1,
  });
  try {
    return await talk(o, arena);
  } finally {
    await arena.close();
  }
}

/** Here the budget of readings is as small as in life: an hour of it is scaled like all other waits. */
function withRealReads(waits: Waits): Waits {
  return {
    ...waits,
    timing: { ...waits.timing, reads: { ...waits.timing.reads, mostInWindow: 60, reserve: 20 } },
  };
}

async function talk(o: AnswersOptions, arena: Arena): Promise<StageReport> {
  const { salesforce, ear, ledger } = arena;
  const chance = chanceFor(o.seed, 'answers');
  const talks = talksOf(o.conversations, Math.round(o.conversations * BOTH_SIDES_SHARE), chance);
  const opened = await open(talks, arena);
  const plan = armFaults({ ...arena, seed: o.seed, rate: 0.5 });
  const occasions = new Occasions(arena);
  const executioner = new Executioner(arena, occasions, chanceFor(o.seed, 'executions'));
  let isOver = false;
  const killing = executioner.executeAll(o.executions ?? inboundExecutions(), REST_MS);
  const writing = writeOn(talks, opened, arena, chanceFor(o.seed, 'replies'), () => isOver);
  await answerAll(o, talks, arena, chance);
  const missed = await killing;
  isOver = true;
  await writing;
  plan.end();
  const hasSettled = await settled(ledger, arena.waits.timing.holdMs + 30_000);
  const thread = (name: string) => ear.threadOf(opened.get(name) ?? '')?.ts ?? '';
  const judged = () => judgeAnswers({ arena, talks, thread, since: opened });
  await until(() => judged().missing.length === 0, SHOWN_MS);
  // What would be shown twice has had its time: every reader was read once more.
  await pause(arena.waits.timing.reading.pollMs * 2);
  const { findings, latenciesMs, shown, late } = judged();
  const outward = judge(ledger.stories.values(), { expectShown: true, standstills: executioner.standstills });
  const kills = executioner.counts();
  const unlisted = (o.executions ?? inboundExecutions()).map(nameOf).filter((name) => !kills.has(name));
  const reads = mostReads(salesforce.requests, arena.waits.timing.reads.windowMs);
  return {
    name: o.pushed ? 'answers, pushed' : 'answers',
    verdicts: [outward],
    failures: [
      ...(hasSettled ? [] : [`${ledger.open.size} messages never settled`]),
      ...(missed.length > 0 || unlisted.length > 0 ? [`nobody was ended ${unlisted.join(', ')}`] : []),
      ...arena.fleet.surprises,
      ...findings.slice(0, 20).map(({ what, id, where }: AnswerFinding) => `${what}: ${id} in ${where}`),
      ...(reads.most > 60 ? [`${reads.most} readings of one person in an hour`] : []),
    ],
    histories: [
      ...outward.findings.flatMap(({ id, lane }) => historyOf(ledger, lane, id)),
      ...(await readingsOf(arena, findings)),
    ],
    faults: plan.counts,
    kills,
    figures: [
      `${shown} answers in ${talks.length} conversations: ${countOf(findings, 'lost')} lost, ${countOf(findings, 'doubled')} doubled, ${countOf(findings, 'echo')} echoes, ${countOf(findings, 'out of order')} out of order; ${late} with their time`,
      `shown after ${seconds(quantile(latenciesMs, 0.5))} at the median, ${seconds(quantile(latenciesMs, 0.9))} of nine in ten; a reading every ${seconds(arena.waits.timing.reading.pollMs)} (all waits divided by ${o.timeScale})`,
      `readings of one person in an hour (${seconds(arena.waits.timing.reads.windowMs)} here): ${reads.most} at the most, ${reads.mean.toFixed(1)} in the mean`,
    ],
  };
}

/** Everybody begins their conversations from Slack. Gives the first id of each lane. */
async function open(talks: readonly Talk[], { writer, ear }: Arena): Promise<Map<string, string>> {
  const opened = new Map<string, string>();
  for (const [i, lane] of talks.flatMap(({ lanes }) => lanes).entries()) {
    const act = actFor(50_000 + i, 'opening');
    opened.set(lane.name, act.id);
    await writer.command(lane, act);
  }
  await until(() => [...opened.values()].every((id) => ear.threadOf(id)), OPENED_MS);
  return opened;
}

async function answerAll(
  o: AnswersOptions,
  talks: readonly Talk[],
  { salesforce }: Arena,
  chance: Chance,
): Promise<void> {
  const userId = (email: string) => salesforce.users.find((user) => user.email === email)?.id ?? '';
  for (let i = 0; i < o.answers; i += 1) {
    const { lanes, people } = chance.pick(talks);
    const author = lanes[0]?.author;
    const others = people.filter((person) => person !== author);
    const writes = chance.is(OWN_SHARE) ? author : chance.pick(others);
    const to = people.filter((person) => person !== writes).map(({ email }) => userId(email));
    salesforce.type(
      userId(writes?.email ?? ''),
      { to },
      `a${String(i).padStart(5, '0')} ${chance.pick(WORDS)}`,
    );
    await pause((1_000 / ANSWERS_PER_SECOND) * 2 * chance.number());
  }
}

const WORDS = ['yes', 'no', 'at noon', 'see <!channel> & <@U0ADA>', 'thanks, https://example.com/a'];

async function writeOn(
  talks: readonly Talk[],
  opened: ReadonlyMap<string, string>,
  { writer, ear }: Arena,
  chance: Chance,
  isOver: () => boolean,
): Promise<void> {
  for (let i = 0; !isOver(); i += 1) {
    const lane = chance.pick(chance.pick(talks).lanes);
    const thread = ear.threadOf(opened.get(lane.name) ?? '');
    if (thread) writer.reply(lane, thread, actFor(i, 'and from Slack'));
    await pause((1_000 / WRITTEN_PER_SECOND) * 2 * chance.number());
  }
  await writer.answered();
}

const inboundExecutions = (): Execution[] => [
  ...INBOUND_STEPS.flatMap((step) =>
    (['before', 'after'] as const).map((mode): Execution => ({ role: 'worker', step, mode })),
  ),
  { role: 'worker', step: 'poll.fetched', mode: 'stop' },
];

/** When those were read who miss something, and what their reader waits for. */
async function readingsOf(arena: Arena, findings: readonly AnswerFinding[]): Promise<string[]> {
  const redis = new Redis(arena.redis.url);
  try {
    const authors = new Set(findings.slice(0, 10).map(({ author }) => author));
    return await Promise.all(
      [...authors].map(async (author) => {
        const user = arena.salesforce.users.find(({ email }) => email === author.email);
        const times = arena.salesforce.requests
          .filter(({ kind, userId }) => kind === 'list' && userId === user?.id)
          .map(({ at, status }) => `${clock(at)}${status === 200 ? '' : ` (${status})`}`);
        const [key] = await redis.keys(`*:reader:*-${author.slackId}`);
        const reader = key === undefined ? {} : await redis.hgetall(key);
        return `${author.name} was read at ${times.slice(-40).join(', ')}; ${JSON.stringify({ ...reader, user: undefined })}; now ${clock(Date.now())}`;
      }),
    );
  } finally {
    redis.disconnect();
  }
}

/** The busiest window of each person. */
function mostReads(
  requests: Arena['salesforce']['requests'],
  windowMs: number,
): { most: number; mean: number } {
  const byUser = new Map<string, number[]>();
  for (const { kind, userId, at } of requests) {
    if (kind !== 'list' || userId === null) continue;
    byUser.set(userId, [...(byUser.get(userId) ?? []), at]);
  }
  const busiest = [...byUser.values()].map((times) =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length)),
  );
  return {
    most: Math.max(0, ...busiest),
    mean: busiest.reduce((sum, count) => sum + count, 0) / Math.max(busiest.length, 1),
  };
}

const countOf = (findings: readonly AnswerFinding[], what: AnswerFinding['what']): number =>
  findings.filter((finding) => finding.what === what).length;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
