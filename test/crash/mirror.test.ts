import { describe, type ExpectStatic, it } from 'vitest';
import { MIRROR_STEPS, type StepName } from '../../src/bridge/steps.ts';
import { ask, type Mirrored, untimed } from '../flow/mirroring.ts';
import { type CrashWorld, createCrashWorld, notesAbout, sharedProcesses } from './crash-world.ts';

const processes = sharedProcesses();
const patience = { timeout: 25_000 };

/** Where a worker dies that opens a mirror, and the how manyth time that it comes there. */
const OPENING: readonly [StepName, number][] = [
  ['mirror.opened', 1],
  ['mirror.brought', 3],
  ['begin.done', 1],
  ['post.sent', 1],
  ['ack.sent', 1],
  // What goes along, in the middle.
  ['post.sent', 3],
  // The notice in the thread.
  ['slack.sent', 1],
];

const WRITERS = ['U0GRACE', 'U0ADA', 'U0ALAN', 'U0ADA'];

/** A thread of four messages, mirrored with all of them. */
async function mirrored({ slack, ...world }: CrashWorld): Promise<Mirrored> {
  const { message: root } = slack.say('U0GRACE', 'C0GENERAL', 'message 0');
  for (const [n, writer] of WRITERS.entries()) {
    if (n > 0) slack.say(writer, 'C0GENERAL', `message ${n}`, { thread_ts: root.ts });
  }
  return ask({ ...world, slack }, { root, bring: 'all' });
}

/** Everything once and in order, by whoever wrote it; and one notice. */
async function expectWhole(expect: ExpectStatic, world: CrashWorld, mirror: Mirrored): Promise<void> {
  const all = [
    'Grace Hopper: message 0',
    'Ada Lovelace: message 1',
    'Chatter Bridge: Alan Turing (in Slack): message 2',
    'Ada Lovelace: message 3',
    'Chatter Bridge: Alan Turing (in Slack): message 4',
  ];
  await expect.poll(() => mirror.inChatter().map(untimed), patience).toEqual(all);
  await expect.poll(() => mirror.inSlack(), patience).toHaveLength(1);
  // It works on, and nothing comes twice after all.
  mirror.say('grace', 'message 5');
  await expect
    .poll(() => mirror.inChatter().map(untimed), patience)
    .toEqual([...all, 'Grace Hopper: message 5']);
  expect(mirror.conversation().filter(({ text }) => text.includes('has mirrored'))).toHaveLength(1);
  expect(world.texts()).toHaveLength(7);
  expect(mirror.inSlack()).toHaveLength(1);
  await expect
    .poll(() => notesAbout(world, 'now sends Chatter private messages as you'), patience)
    .toHaveLength(1);
}

describe.concurrent('a worker that opens a mirror is killed at', () => {
  it('every step of its own', ({ expect }) => {
    const steps = [...OPENING.map(([step]) => step), 'mirror.ending'];
    expect(MIRROR_STEPS.filter((step) => !steps.includes(step))).toEqual([]);
  });

  for (const [step, nth] of OPENING) {
    it(`${step} (${nth}): the thread is mirrored whole, once and in order, and says so once`, async ({
      expect,
    }) => {
      const world = await createCrashWorld(processes);
      try {
        const doomed = await world.doomedWorker({ step, signal: 'SIGKILL', nth });
        const mirror = await mirrored(world);
        expect(await doomed.reached).toBe(step);
        await doomed.exited;
        // Written while nobody is there.
        await mirror.say('alan', 'message 4').delivered;
        await world.worker();
        await expectWhole(expect, world, mirror);
      } finally {
        await world.close();
      }
    }, 90_000);
  }

  it('mirror.brought, where it stands still: another takes over, and what it does afterwards changes nothing', async ({
    expect,
  }) => {
    const world = await createCrashWorld(processes);
    try {
      const doomed = await world.doomedWorker({ step: 'mirror.brought', signal: 'SIGSTOP', nth: 2 });
      const mirror = await mirrored(world);
      expect(await doomed.reached).toBe('mirror.brought');
      await mirror.say('alan', 'message 4').delivered;
      await world.worker();
      await expect.poll(() => mirror.inChatter(), patience).toHaveLength(5);
      doomed.resume();
      await expectWhole(expect, world, mirror);
    } finally {
      await world.close();
    }
  }, 90_000);
});

describe.concurrent('a web that stops a mirror is killed at', () => {
  it('mirror.ending: the mirror ends all the same, and says so on both sides, once', async ({ expect }) => {
    const world = await createCrashWorld(processes);
    try {
      const predecessor = await world.worker();
      const mirror = await ask(world, {});
      await expect.poll(() => mirror.inSlack(), patience).toHaveLength(1);
      await expect.poll(() => mirror.inChatter(), patience).toHaveLength(1);
      await predecessor.stop();
      const doomed = await world.doomedWeb({ step: 'mirror.ending', signal: 'SIGKILL', nth: 1 });
      const [, notice] = world.slack.thread('C0GENERAL', mirror.root.ts);
      if (!notice) throw new Error('no notice');
      await world.slack.press('U0ADA', notice, 'stop_mirror');
      expect(await doomed.reached).toBe('mirror.ending');
      await world.web();
      await world.worker();
      await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('no longer mirrored here');
      await expect.poll(() => mirror.inSlack()[0], patience).toContain('no longer mirrored to Chatter');
      await mirror.say('ada', 'Only here').delivered;
      await world.command('and on');
      await expect.poll(() => world.texts().at(-1), patience).toBe('and on');
      expect(mirror.inChatter()).toHaveLength(2);
      expect(mirror.inSlack()).toHaveLength(1);
    } finally {
      await world.close();
    }
  }, 90_000);
});
