import { describe, expect, it } from 'vitest';
import { OUTBOX_STEPS, WORKER_STEPS } from '../../src/bridge/steps.ts';
import {
  createCrashWorld,
  expectOnceAndInOrder,
  expectUncertainThenDiscard,
  sharedProcesses,
} from './crash-world.ts';
import { outboxScenarios, playCommands, type Scenario, stepsOf, workerScenarios } from './scenarios.ts';

const processes = sharedProcesses();
const scenarios = { ...workerScenarios, ...outboxScenarios };

describe.concurrent('a worker is killed at', () => {
  it('every step that there is', () => {
    expect(stepsOf(scenarios).sort()).toEqual([...WORKER_STEPS, ...OUTBOX_STEPS].sort());
  });

  for (const step of stepsOf(scenarios)) {
    const scenario: Scenario = scenarios[step];
    it(`${step}: each message arrives once, in order, and is shown once`, async ({ expect }) => {
      const world = await createCrashWorld(processes);
      try {
        scenario.arm?.(world);
        const doom = () => world.doomedWorker({ step, signal: 'SIGKILL', nth: 1 });
        const { doomed, written } = await (scenario.play ?? playCommands)(world, doom, expect);
        expect(await doomed.reached).toBe(step);
        await doomed.exited;

        await world.worker();
        if (scenario.endsUncertain) await expectUncertainThenDiscard(expect, world, written.slice(1));
        else await expectOnceAndInOrder(expect, world, written);
      } finally {
        await world.close();
      }
    }, 90_000);
  }
});
