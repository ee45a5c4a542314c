import { describe, type ExpectStatic, it } from 'vitest';
import { INBOUND_STEPS } from '../../src/bridge/steps.ts';
import { timing } from '../../src/bridge/timing.ts';
import { wordsOf } from '../flow/seen.ts';
import { type CrashWorld, createCrashWorld, notesAbout, sharedProcesses } from './crash-world.ts';

const processes = sharedProcesses();
const patience = { timeout: 25_000 };
const reading = {
  ...timing.reading,
  pollMs: 400,
  leaseMs: 1_500,
  lookEveryMs: 50,
  heldMs: { first: 50, most: 200 },
};

type Step = (typeof INBOUND_STEPS)[number];

/** Something of ours is seen before its POST has an answer. */
const seenEarly: readonly Step[] = ['inbound.held', 'held.released'];
const ANSWERS = ['one', 'two', 'two', 'three'];

/** Ada's thread with Grace is open; then the worker that dies takes over, and Grace answers. */
async function play(world: CrashWorld, step: Step, signal: 'SIGKILL' | 'SIGSTOP', expect: ExpectStatic) {
  const predecessor = await world.worker();
  await world.command('opening');
  await expect.poll(() => notesAbout(world, 'opening'), patience).toHaveLength(1);
  await predecessor.stop();
  const doomed = await world.doomedWorker({ step, signal, nth: 1 });
  const to = [world.salesforceId('ada')];
  if (seenEarly.includes(step)) {
    world.salesforce.faults.arm({ do: 'hang-headers', kind: 'post' });
    await world.command('our own');
    await expect.poll(() => world.texts(), patience).toContain('our own');
  }
  for (const text of ANSWERS) world.salesforce.type(world.salesforceId('grace'), { to }, text);
  return doomed;
}

/** All answers, once and in order, and nothing of ours among them. */
async function expectAnswers(world: CrashWorld, expect: ExpectStatic): Promise<void> {
  const answered = () =>
    notesAbout(world, 'Grace Hopper')
      .filter(({ blocks }) => blocks?.[0]?.type === 'rich_text')
      .map((note) => wordsOf(note).split('\n').at(-1));
  await expect.poll(answered, patience).toEqual(ANSWERS);
  expect(notesAbout(world, 'You, in Chatter')).toEqual([]);
}

describe.concurrent('a worker that brings answers is killed at', () => {
  for (const step of INBOUND_STEPS) {
    it(`${step}: each answer is shown once, in order`, async ({ expect }) => {
      const world = await createCrashWorld(processes, {}, { reading });
      try {
        const doomed = await play(world, step, 'SIGKILL', expect);
        expect(await doomed.reached).toBe(step);
        await doomed.exited;
        await world.worker();
        await expectAnswers(world, expect);
      } finally {
        await world.close();
      }
    }, 90_000);
  }

  it('poll.fetched, where it stands still: another reads, and what it stores afterwards changes nothing', async ({
    expect,
  }) => {
    const world = await createCrashWorld(processes, {}, { reading });
    try {
      const doomed = await play(world, 'poll.fetched', 'SIGSTOP', expect);
      expect(await doomed.reached).toBe('poll.fetched');
      await world.worker();
      await expectAnswers(world, expect);
      doomed.resume();
      world.salesforce.type(world.salesforceId('grace'), { to: [world.salesforceId('ada')] }, 'marker');
      await expect.poll(() => notesAbout(world, 'marker'), patience).toHaveLength(1);
      expect(notesAbout(world, 'three')).toHaveLength(1);
    } finally {
      await world.close();
    }
  }, 90_000);
});
