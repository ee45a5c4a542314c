import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, press, reply, rootOf, told } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({
    env: { SLACK_APP_TOKEN: 'xapp-sandbox' },
    slack: { socketMode: true, appToken: 'xapp-sandbox', retryDelaysMs: [500, 2_000, 4_000, 8_000] },
  });
});
afterAll(() => bridge?.close());

describe('over Socket Mode', longTest, () => {
  it('a command, its confirmation, its thread and a reply work the same', async () => {
    expect(await command(bridge, '@grace over the socket')).toContain('Sending to');
    await expect.poll(() => told(bridge).join(), patience).toContain('Sent to Grace Hopper');
    await expect.poll(() => notes(bridge, 'over the socket'), patience).toHaveLength(1);
    reply(bridge, rootOf(bridge, 'over the socket'), 'and back');
    await expect.poll(() => bridge.texts(), patience).toEqual(['over the socket', 'and back']);
    const [first, second] = bridge.salesforce.messages();
    expect(second?.inReplyTo).toBe(first?.id);
  });

  it('buttons work the same', async () => {
    bridge.salesforce.switches.vetoText = 'Not now.';
    await command(bridge, '@alan pressed over the socket');
    await expect.poll(() => notes(bridge, '*Not sent.*'), patience).toHaveLength(1);
    bridge.salesforce.switches.vetoText = null;
    await press(bridge, '*Not sent.*', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/pressed over the socket$/);
  });

  it('a reply that cannot be stored is not acknowledged, and comes again; nothing is lost or doubled', async () => {
    const root = rootOf(bridge, 'over the socket');
    process.kill(bridge.redis.pid ?? 0, 'SIGSTOP');
    const said = reply(bridge, root, 'while Redis stands still');
    await expect
      .poll(
        () => bridge.slack.deliveries.some(({ kind, failure }) => kind === 'events_api' && failure),
        patience,
      )
      .toBe(true)
      .finally(() => process.kill(bridge.redis.pid ?? 0, 'SIGCONT'));
    expect((await said.delivered).at(-1)?.status).toBe(200);
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('while Redis stands still');
    reply(bridge, root, 'the last');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('the last');
    expect(bridge.texts().filter((text) => text === 'while Redis stands still')).toHaveLength(1);
  });
});
