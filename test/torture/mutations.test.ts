import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arena } from './arena.ts';
import { type Execution, STOPS } from './executions.ts';
import { MUTATIONS, type Mutation, mutate } from './mutant.ts';
import { buildProgram, DATA, type Program } from './program.ts';
import { storm } from './storm.ts';

let folder: string;
let program: Program;
beforeAll(async () => {
  await mkdir(DATA, { recursive: true });
  folder = await mkdtemp(join(DATA, 'mutants-'));
  program = await buildProgram(join(folder, 'sound'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is done to each, so that the mistake shows and nothing else can. */
const lostAnswers = ({ salesforce }: Arena) =>
  salesforce.faults.arm({ do: 'drop-after', kind: 'post', probability: 0.2, seed: 3 });
const repeatedEvents = ({ slack }: Arena) =>
  slack.faults.arm({ method: 'events', kind: 'two-ids', apartMs: 1_500, probability: 0.5, seed: 5 });
const standsStill: Execution = { role: 'worker', step: STOPS[1], mode: 'stop' };

const torture = (under: Program, name: string, arm: (arena: Arena) => unknown, deaths: Execution[]) =>
  storm({
    name,
    program: under,
    logFile: join(DATA, `${name}.log`),
    seed: 7,
    messages: 60,
    timeScale: 40,
    leastSendMs: 1_000,
    perSecond: 30,
    faultRate: 0,
    executions: deaths,
    redisKills: 0,
    workers: 2,
    webs: 1,
    restMs: 0,
    writesOn: false,
    watchForMs: 0,
    sendMs: 30_000,
    arm: (arena) => void arm(arena),
  });

const CASES: readonly [Mutation, (arena: Arena) => unknown, Execution[]][] = [
  [MUTATIONS.noLook, lostAnswers, []],
  [MUTATIONS.noFence, () => undefined, [standsStill]],
  [MUTATIONS.noDeduplication, repeatedEvents, []],
];

describe.concurrent('the torture turns red', () => {
  it.each(CASES)('on $name: messages are doubled', { timeout: 120_000 }, async (mutation, arm, deaths) => {
    const name = mutation.name.replaceAll(' ', '-');
    const mutant = await mutate(program, join(folder, name), mutation);
    const { verdicts, failures } = await torture(mutant, name, arm, deaths);
    // Else nothing was done to it that could have shown the mistake.
    expect(failures.filter((failure) => failure.startsWith('nobody was ended'))).toEqual([]);
    const found = new Set(verdicts.flatMap(({ findings }) => findings).map(({ what }) => what));
    expect([...found]).toContain('doubled');
    expect([...found]).not.toContain('lost');
  });

  it('on none of the same without a mistake', { timeout: 120_000 }, async () => {
    const all = (arena: Arena) => [lostAnswers(arena), repeatedEvents(arena)];
    const { verdicts, failures } = await torture(program, 'sound', all, [standsStill]);
    expect([...failures, ...verdicts.flatMap(({ findings }) => findings)]).toEqual([]);
  });
});
