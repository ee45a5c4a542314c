import { describe, it, onTestFinished } from 'vitest';
import { timing } from '../../src/bridge/timing.ts';
import { quickTiming, startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience } from './seen.ts';

/** So slow that whatever appears was not found by polling. */
const SLOW_MS = 600_000;

async function start(push: 'on' | 'off', pollMs = SLOW_MS) {
  const reading = { ...timing.reading, pollMs, slowestMs: SLOW_MS, lookEveryMs: 50 };
  const bridge = await startBridge({
    env: { CHATTER_PUSH: push },
    salesforce: { pubSub: true },
    timing: { ...quickTiming, reading },
  });
  onTestFinished(() => bridge.close());
  const { salesforce, salesforceId } = bridge;
  const answer = (text: string) =>
    salesforce.type(salesforceId('grace'), { to: [salesforceId('ada')] }, text);
  return { bridge, answer };
}

describe('CHATTER_PUSH', longTest, () => {
  it('on: an answer appears at once; reading is rare', async ({ expect }) => {
    const { bridge, answer } = await start('on');
    await command(bridge, '@grace lunch?');
    await expect.poll(() => notes(bridge, 'lunch?'), patience).toHaveLength(1);
    answer('gladly');
    await expect.poll(() => notes(bridge, 'gladly'), patience).toHaveLength(1);
    answer('at noon');
    await expect.poll(() => notes(bridge, 'at noon'), patience).toHaveLength(1);
    expect(asked(bridge, 'list')).toBeLessThanOrEqual(3);
    await bridge.stopBridge();
    await expect.poll(() => bridge.salesforce.pubSub?.streams(), patience).toBe(0);
  });

  it('on, with the stream gone: answers come by polling, and at once again when it is back', async ({
    expect,
  }) => {
    const { bridge, answer } = await start('on', 400);
    const { pubSub } = bridge.salesforce;
    await command(bridge, '@grace lunch?');
    await expect.poll(() => notes(bridge, 'lunch?'), patience).toHaveLength(1);
    await expect.poll(() => pubSub?.streams(), patience).toBe(1);
    await pubSub?.down();
    answer('by polling');
    await expect.poll(() => notes(bridge, 'by polling'), { timeout: 30_000 }).toHaveLength(1);
    await pubSub?.up();
    await expect.poll(() => pubSub?.streams(), { timeout: 30_000 }).toBe(1);
    answer('by push');
    await expect.poll(() => notes(bridge, 'by push'), patience).toHaveLength(1);
    expect(notes(bridge, 'by polling')).toHaveLength(1);
  });

  it('off: nobody subscribes', async ({ expect }) => {
    const { bridge } = await start('off');
    await command(bridge, '@grace lunch?');
    await expect.poll(() => bridge.texts(), patience).toEqual(['lunch?']);
    expect(bridge.salesforce.pubSub?.calls).toEqual([]);
  });
});
