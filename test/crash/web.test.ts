import { describe, expect as globalExpect, it } from 'vitest';
import { WEB_STEPS } from '../../src/bridge/steps.ts';
import { type CrashWorld, createCrashWorld, notesAbout, sharedProcesses } from './crash-world.ts';
import { stepsOf, webScenarios } from './scenarios.ts';

const processes = sharedProcesses();
const attempts = (world: CrashWorld, from: number): string[] =>
  world.slack.deliveries.slice(from).map((one) => (one.status === 200 ? 'stored' : 'failed'));

const patience = { timeout: 20_000 };

describe.concurrent('a web is killed at', () => {
  it('every step that there is', () => {
    globalExpect(stepsOf(webScenarios).sort()).toEqual([...WEB_STEPS].sort());
  });

  for (const step of stepsOf(webScenarios)) {
    const scenario = webScenarios[step];
    it(`${step}: a command is ${scenario.command}, and never twice`, async ({ expect }) => {
      const world = await createCrashWorld(processes);
      try {
        const doomed = await world.doomedWeb({ step, signal: 'SIGKILL', nth: 1 });
        if (scenario.redis) process.kill(world.redis.pid ?? 0, 'SIGSTOP');
        const status = await world.command('alpha');
        expect(await doomed.reached).toBe(step);
        expect(status).toBeUndefined();
        if (scenario.redis) process.kill(world.redis.pid ?? 0, 'SIGCONT');

        await world.web();
        await world.worker();
        await world.command('bravo');
        await expect.poll(() => world.texts(), patience).toContain('bravo');
        const allowed = { sent: ['alpha,bravo'], 'not sent': ['bravo'], either: ['bravo', 'alpha,bravo'] };
        expect(allowed[scenario.command]).toContain(world.texts().join());
      } finally {
        await world.close();
      }
    }, 90_000);
  }

  // A reply is an event: Slack sends it again until somebody has stored it.
  for (const step of ['enq.before', 'enq.sent', 'enq.stored', 'wake.added'] as const) {
    it(`${step}: a reply arrives all the same, once`, async ({ expect }) => {
      const world = await createCrashWorld(processes, { slack: { retryDelaysMs: [500, 4_000, 8_000] } });
      try {
        await world.worker();
        await world.command('alpha');
        await expect.poll(() => notesAbout(world, 'alpha'), patience).toHaveLength(1);
        const root = notesAbout(world, 'alpha')[0]?.ts ?? '';
        const before = world.slack.deliveries.length;
        const doomed = await world.doomedWeb({ step, signal: 'SIGKILL', nth: 1 });
        const dm = world.slack.dmOf('U0ADA');
        world.slack.say('U0ADA', dm, 'bravo', { thread_ts: root });
        expect(await doomed.reached).toBe(step);
        await world.web();
        await expect.poll(() => world.texts(), patience).toEqual(['alpha', 'bravo']);
        // Slack has sent it again, and that was absorbed.
        await expect.poll(() => attempts(world, before).at(-1), patience).toBe('stored');
        expect(attempts(world, before)).toContain('failed');
        expect(world.texts()).toEqual(['alpha', 'bravo']);
      } finally {
        await world.close();
      }
    }, 90_000);
  }
});
