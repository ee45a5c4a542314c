import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

const webApiCalls = () => bridge.slack.calls.filter(({ method }) => method !== 'response_url');
const COUNT = 10;

describe('in steady state', longTest, () => {
  it('a reply costs one call to Salesforce and one to Slack, a command one to each and its answer', async () => {
    await command(bridge, '@grace warm up');
    await expect.poll(() => notes(bridge, 'warm up'), patience).toHaveLength(1);
    const root = rootOf(bridge, 'warm up');
    reply(bridge, root, 'warmer');
    await expect
      .poll(() => webApiCalls().filter(({ method }) => method === 'reactions.add'), patience)
      .toHaveLength(1);

    const before = { salesforce: bridge.salesforce.requests.length, slack: webApiCalls().length };
    for (let i = 0; i < COUNT; i += 1) reply(bridge, root, `reply ${i}`);
    await expect.poll(() => webApiCalls().length, patience).toBe(before.slack + COUNT);
    expect(
      webApiCalls()
        .slice(before.slack)
        .map(({ method }) => method),
    ).toEqual(Array(COUNT).fill('reactions.add'));
    expect(bridge.salesforce.requests).toHaveLength(before.salesforce + COUNT);

    for (let i = 0; i < COUNT; i += 1) await command(bridge, `@grace command ${i}`);
    await expect.poll(() => notes(bridge, 'command '), patience).toHaveLength(COUNT);
    expect(
      webApiCalls()
        .slice(before.slack + COUNT)
        .map(({ method }) => method),
    ).toEqual(Array(COUNT).fill('chat.postMessage'));
    expect(bridge.salesforce.requests).toHaveLength(before.salesforce + 2 * COUNT);
  });
});
