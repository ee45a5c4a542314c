import { describe, it } from 'vitest';
import type { StepName } from '../../src/bridge/steps.ts';
import { createCrashWorld, expectOnceAndInOrder, notesAbout, sharedProcesses } from './crash-world.ts';
import { playCommands, workerScenarios } from './scenarios.ts';

const processes = sharedProcesses();
const patience = { timeout: 20_000 };

/** Where a worker can stand still for longer than its lock without anybody noticing in the end. */
const STEPS = [
  'begin.done',
  'post.guarded',
  'post.sent',
  'post.answered',
  'settle.waiting',
  'recover.absent',
] as const satisfies readonly StepName[];

describe.concurrent('a worker stands still for longer than its lock at', () => {
  for (const step of STEPS) {
    it(`${step}: another takes over, and what the first one does afterwards changes nothing`, async ({
      expect,
    }) => {
      const world = await createCrashWorld(processes);
      try {
        workerScenarios[step].arm?.(world);
        const stall = () => world.doomedWorker({ step, signal: 'SIGSTOP', nth: 1 });
        const { doomed, written } = await playCommands(world, stall, expect);
        expect(await doomed.reached).toBe(step);
        await world.worker();
        await expect.poll(() => world.texts().length, patience).toBe(written.length);
        doomed.resume();
        await expectOnceAndInOrder(expect, world, written);
        // It works again, and holds no grudge.
        await world.command('charlie');
        await expect.poll(() => notesAbout(world, 'charlie'), patience).toHaveLength(1);
        await expectOnceAndInOrder(expect, world, [...written, 'charlie']);
      } finally {
        await world.close();
      }
    }, 90_000);
  }
});
