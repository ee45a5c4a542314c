import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
/** The worker is held between posting the root and storing which thread it is. */
let goOn: () => void = () => undefined;
beforeAll(async () => {
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isFirst = true;
  bridge = await startBridge({
    slack: { retryDelaysMs: [200, 2_000, 4_000] },
    step: (name) => {
      if (name !== 'slack.answered' || !notes(bridge, 'quick?').length || !isFirst) return undefined;
      isFirst = false;
      return held;
    },
  });
});
afterAll(() => bridge?.close());

describe('a reply written before the bridge has stored which thread it opened', longTest, () => {
  it('goes to Chatter all the same, once', async () => {
    await command(bridge, '@grace quick?');
    await expect.poll(() => notes(bridge, 'quick?'), patience).toHaveLength(1);
    const said = reply(bridge, rootOf(bridge, 'quick?'), 'at once');
    await expect
      .poll(() => bridge.slack.deliveries.some(({ status }) => status === 500), patience)
      .toBe(true);
    goOn();
    expect((await said.delivered).at(-1)).toMatchObject({ status: 200 });
    await expect.poll(() => bridge.texts(), patience).toEqual(['quick?', 'at once']);
    expect(notes(bridge, 'was not sent')).toEqual([]);
  });
});
