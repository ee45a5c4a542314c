import { describe, it, onTestFinished } from 'vitest';
import { startProcess } from './real-process.ts';
import { asked, command, longTest, notes, patience } from './seen.ts';
import { createWorld } from './world.ts';

async function startWeb() {
  const world = await createWorld({ env: { LOG_LEVEL: 'info' } });
  onTestFinished(() => world.close());
  const start = async (role: 'web' | 'worker') => {
    const started = await startProcess(role, world.env);
    onTestFinished(started.kill);
    return started;
  };
  const web = await start('web');
  world.slack.pointAt(`http://127.0.0.1:${web.port}/slack/events`);
  return { world, web, startWorker: () => start('worker') };
}

describe('SIGTERM', longTest, () => {
  it('lets a worker finish what is in hand; nothing is lost or doubled', async ({ expect }) => {
    const { world, startWorker } = await startWeb();
    const worker = await startWorker();
    world.salesforce.faults.arm({ do: 'slow', delayMs: 3_000, kind: 'post' });
    const texts = ['alpha', 'bravo', 'charlie'];
    for (const text of texts) await command(world, `@grace ${text}`);
    await expect.poll(() => asked(world, 'post'), patience).toBe(1);
    const { end, ms } = await worker.stop();
    expect(end).toEqual([0, null]);
    expect(ms).toBeLessThan(25_000);
    expect(world.texts()[0]).toBe('alpha');

    const reads = asked(world, 'list');
    await startWorker();
    await expect.poll(() => world.texts(), patience).toEqual(texts);
    for (const text of texts) await expect.poll(() => notes(world, text), patience).toHaveLength(1);
    // What it had in hand was finished and stored: its successor had nothing to look for.
    expect(asked(world, 'list')).toBe(reads);
  });

  it('lets a web answer what it has begun to take in', async ({ expect }) => {
    const { world, web, startWorker } = await startWeb();
    const typed = Array.from({ length: 5 }, (_, i) => command(world, `@grace word ${i}`));
    await expect.poll(() => world.slack.deliveries.length, patience).toBeGreaterThan(0);
    expect((await web.stop()).end).toEqual([0, null]);
    const taken = (await Promise.all(typed)).filter((answer) => answer.includes('Sending to'));
    await startWorker();
    await expect.poll(() => world.texts(), patience).toHaveLength(taken.length);
  });

  it('ends both in time also while Redis is down', async ({ expect }) => {
    const { world, web, startWorker } = await startWeb();
    const worker = await startWorker();
    await world.redis.kill();
    for (const { end, ms } of await Promise.all([web.stop(), worker.stop()])) {
      expect(end).toEqual([0, null]);
      expect(ms).toBeLessThan(25_000);
    }
  });
});
