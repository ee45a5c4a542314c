import { describe, expect, it, onTestFinished } from 'vitest';
import type { Block } from '../../sandbox/redis/aof.ts';
import type { StepName } from '../../src/bridge/steps.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { forget, ready, Typed } from './redis-trouble.ts';
import { notes } from './seen.ts';

/** What the crash of a machine under `everysec` takes: the last writes, acknowledged or not. */
const OURS = ':delivery:';

async function start() {
  const armed: { step?: StepName; strike?: () => Promise<void> } = {};
  const bridge = await startBridge({
    timing: { lockMs: 1_200, stalledCheckMs: 300 },
    async step(name) {
      if (name !== armed.step) return;
      delete armed.step;
      await armed.strike?.();
    },
  });
  onTestFinished(() => bridge.close());
  return { bridge, armed };
}

/** Commands that were taken in by what was cut off. */
const takenIn = (cut: readonly Block[]): number =>
  cut.filter(({ text }) => /"to":"chatter"[^{}]*"version":1,/.test(text)).length;

async function settled(bridge: RunningBridge, typed: Typed, closing: string): Promise<void> {
  await ready(bridge);
  await typed.type(closing);
  await expect.poll(() => bridge.texts().at(-1), { timeout: 30_000 }).toBe(closing);
  await expect.poll(() => notes(bridge, closing), { timeout: 30_000 }).toHaveLength(1);
}

describe('when Redis loses the last 1 to 4 writes', () => {
  const moments: [string, StepName][] = [
    ['after an intent was stored', 'begin.done'],
    ['after Salesforce had it, before that was stored', 'post.answered'],
    ['after that was stored', 'ack.sent'],
    ['after the note about it was posted', 'slack.answered'],
  ];
  it.each(moments)('%s: what is left arrives once and in order', { timeout: 90_000 }, async (_what, step) => {
    const { bridge, armed } = await start();
    const typed = new Typed(bridge);
    await typed.type('opening');
    await expect.poll(() => notes(bridge, 'opening'), { timeout: 15_000 }).toHaveLength(1);
    let lost = 0;
    for (const blocks of [1, 2, 3, 4]) {
      let cut: Block[] | undefined;
      armed.strike = async () => {
        cut = await forget(bridge, { blocks, containing: OURS, torn: blocks % 2 === 0 });
      };
      armed.step = step;
      for (const one of ['a', 'b', 'c']) await typed.type(`word ${blocks}${one}`);
      await expect.poll(() => cut, { timeout: 15_000 }).toBeDefined();
      lost += takenIn(cut ?? []);
      await settled(bridge, typed, `closing ${blocks}`);
      expect(typed.missing().length).toBeLessThanOrEqual(lost);
    }
  });

  it('after a command was acknowledged: that one may be missing, and nothing else', {
    timeout: 90_000,
  }, async () => {
    const { bridge } = await start();
    const typed = new Typed(bridge);
    await typed.type('opening');
    await expect.poll(() => notes(bridge, 'opening'), { timeout: 15_000 }).toHaveLength(1);
    let lost = 0;
    for (const blocks of [1, 2, 3, 4]) {
      for (const one of ['a', 'b', 'c']) await typed.type(`word ${blocks}${one}`);
      lost += takenIn(await forget(bridge, { blocks, containing: OURS }));
      await settled(bridge, typed, `closing ${blocks}`);
      expect(typed.missing().length).toBeLessThanOrEqual(lost);
    }
    expect(lost).toBeGreaterThan(0);
  });
});
