import { describe, it, onTestFinished } from 'vitest';
import { startBridge } from './bridge.ts';
import { command, longTest, patience } from './seen.ts';

async function start(push: 'on' | 'off') {
  const heard: string[] = [];
  let missed = 0;
  const bridge = await startBridge({
    env: { CHATTER_PUSH: push },
    salesforce: { pubSub: true },
    push: {
      heard: async ({ sender }) => void heard.push(sender),
      missed: async () => {
        missed += 1;
      },
    },
  });
  onTestFinished(() => bridge.close());
  return { bridge, heard, missed: () => missed };
}

describe('CHATTER_PUSH', longTest, () => {
  it('on: what the bridge sends and what people write is told at once', async ({ expect }) => {
    const { bridge, heard, missed } = await start('on');
    const { salesforce, salesforceId } = bridge;
    await expect.poll(missed, patience).toBe(1);
    await command(bridge, '@grace lunch?');
    await expect.poll(() => heard, patience).toEqual([salesforceId('ada')]);
    salesforce.type(salesforceId('grace'), { to: [salesforceId('ada')] }, 'gladly');
    await expect.poll(() => heard, patience).toEqual([salesforceId('ada'), salesforceId('grace')]);
    await bridge.stopBridge();
    await expect.poll(() => salesforce.pubSub?.streams(), patience).toBe(0);
  });

  it('off: nobody subscribes', async ({ expect }) => {
    const { bridge, heard } = await start('off');
    await command(bridge, '@grace lunch?');
    await expect.poll(() => bridge.texts(), patience).toEqual(['lunch?']);
    expect([bridge.salesforce.pubSub?.calls, heard]).toEqual([[], []]);
  });
});
