import { describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import type { StepName } from '../../src/bridge/steps.ts';
import { type CrashWorld, createCrashWorld, sharedProcesses } from '../crash/crash-world.ts';
import { nameOf, notifyAndConfirm, pressReport, report, reports } from './notifying.ts';

const processes = sharedProcesses();
const patience = { timeout: 25_000 };

const PEOPLE = 40;
const WITHOUT = [3, 14, 27];
const INACTIVE = 31;
const TOLD = PEOPLE - WITHOUT.length - 1;

async function company(): Promise<CrashWorld> {
  const sample = sampleWorkspace();
  const crowd = Array.from({ length: PEOPLE }, (_, n) => ({
    id: `U1P${n}`,
    name: `p${n}`,
    real_name: nameOf(n),
    email: `p${n}@corp.com`,
  }));
  const world = await createCrashWorld(
    processes,
    {
      env: { NOTIFY_ALLOWED: 'everyone' },
      slack: {
        seed: {
          ...sample,
          users: [...sample.users, ...crowd],
          channels: [
            ...sample.channels,
            { id: 'C0CROWD', name: 'crowd', members: ['U0ADA', ...crowd.map(({ id }) => id)] },
          ],
        },
      },
    },
    // Many at once on a busy machine: none is to be silent for so long that it stays uncertain.
    { lockMs: 2_300 },
    1_800,
  );
  for (const [n, { real_name: name, email }] of crowd.entries()) {
    if (!WITHOUT.includes(n)) world.salesforce.addUser({ name, email, isActive: n !== INACTIVE });
  }
  return world;
}

/** A worker that dies there, the how manyth time that it comes there. */
async function killedAt(world: CrashWorld, step: StepName, nth: number): Promise<void> {
  const doomed = await world.doomedWorker({ step, signal: 'SIGKILL', nth });
  await doomed.reached;
  await doomed.exited;
}

/** How often each was told, by their name. */
function toldIn({ salesforce }: CrashWorld): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { recipientIds } of salesforce.messages()) {
    expect(recipientIds).toHaveLength(1);
    const name = salesforce.users.find(({ id }) => id === recipientIds[0])?.name ?? '';
    told.set(name, (told.get(name) ?? 0) + 1);
  }
  return told;
}

/** Each by themselves and once, those who cannot be reached by name, in one report. */
async function expectWhole(world: CrashWorld): Promise<void> {
  await expect.poll(() => report(world), patience).toMatch(/^\*Delivered \d+\.\*/);
  const said = report(world);
  const reached = Array.from({ length: PEOPLE }, (_, n) => n)
    .filter((n) => !WITHOUT.includes(n) && n !== INACTIVE)
    .map(nameOf);
  const told = toldIn(world);
  expect([...told].filter(([, times]) => times > 1)).toEqual([]);
  expect(reached.filter((name) => !told.has(name))).toEqual([]);
  expect([...told.keys()].filter((name) => !reached.includes(name))).toEqual([]);
  expect(world.texts().filter((text) => !text.endsWith('hello'))).toEqual([]);
  expect(said).toContain(
    `No Salesforce user with their e-mail address* (3): ${WITHOUT.map(nameOf).join(', ')}`,
  );
  expect(said).toContain(`Not active in Salesforce* (1): ${nameOf(INACTIVE)}`);
  expect(said).not.toMatch(/Retry|Failed/);
  expect(reports(world)).toHaveLength(1);
}

describe('a notification whose workers are killed', () => {
  it('while it is being spread and sent, reaches each once, and says who could not be', async () => {
    const world = await company();
    try {
      await notifyAndConfirm(world, '#crowd hello');
      // Some are stored, others not.
      await killedAt(world, 'lease.taken', 2);
      await killedAt(world, 'post.sent', 5);
      await killedAt(world, 'ack.sent', 9);
      await world.worker();
      await expectWhole(world);
    } finally {
      await world.close();
    }
  }, 60_000);

  it('is stopped, with what is in doubt looked for, and goes on with just the rest', async () => {
    const world = await company();
    try {
      const { faults } = world.salesforce;
      faults.arm({ do: 'status', answer: '503-limit', kind: 'post', probability: 1 });
      await notifyAndConfirm(world, '#crowd hello');
      const doomed = await world.doomedWorker({ step: 'post.sent', signal: 'SIGKILL', nth: 30 });
      await expect.poll(() => report(world), patience).toContain(`0 delivered, ${TOLD} waiting`);
      faults.clear();
      await doomed.exited;
      await pressReport(world, 'stop_notification');
      const next = await world.worker();
      await expect.poll(() => report(world), patience).toContain('*Stopped.*');
      await expect.poll(() => report(world), patience).not.toContain('Being stopped');
      const arrived = world.texts().length;
      expect(arrived).toBeGreaterThan(0);
      expect(arrived).toBeLessThan(TOLD);
      expect(report(world)).toContain(`${arrived} of ${TOLD} delivered`);
      await next.stop();
      await pressReport(world, 'resume_notification');
      await killedAt(world, 'post.sent', 3);
      await world.worker();
      await expectWhole(world);
    } finally {
      await world.close();
    }
  }, 60_000);
});
