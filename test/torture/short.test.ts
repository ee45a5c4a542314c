import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Execution } from './executions.ts';
import { nameOf } from './executions.ts';
import { buildProgram, DATA } from './program.ts';
import { isClean, linesOf, summary } from './report.ts';
import { storm } from './storm.ts';

/** Some of each kind; test/crash kills at all of them, and `npm run torture` in the midst of a storm. */
const DEATHS: readonly Execution[] = [
  { role: 'web', step: 'enq.sent', mode: 'before' },
  { role: 'web', step: 'wake.added', mode: 'after' },
  { role: 'worker', step: 'begin.done', mode: 'after' },
  { role: 'worker', step: 'post.sent', mode: 'before' },
  { role: 'worker', step: 'post.guarded', mode: 'stop' },
  { role: 'worker', step: 'slack.sent', mode: 'before' },
];

describe('a short storm', () => {
  it('loses, doubles and reorders nothing', { timeout: 240_000 }, async () => {
    await mkdir(DATA, { recursive: true });
    const folder = await mkdtemp(join(DATA, 'short-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const report = await storm({
      name: 'short storm',
      program: await buildProgram(folder),
      logFile: join(DATA, 'short.log'),
      seed: 7,
      messages: 200,
      timeScale: 40,
      leastSendMs: 3_000,
      perSecond: 30,
      faultRate: 1.5,
      executions: DEATHS,
      redisKills: 1,
      workers: 3,
      webs: 2,
      restMs: 300,
    });
    expect(isClean(report), linesOf(report).join('\n')).toBe(true);
    expect([...report.kills.keys()]).toEqual(expect.arrayContaining(DEATHS.map(nameOf)));
    expect(summary([report], 7)).toMatch(
      /^torture: seed 7: \d+ messages, 0 lost, 0 doubled, 0 out of order; .*passed$/,
    );
  });
});
