import { describe, expect, it, onTestFinished } from 'vitest';
import { startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';
import { slackIds } from './world.ts';

async function start() {
  const bridge = await startBridge();
  onTestFinished(() => bridge.close());
  await command(bridge, '@alan opening');
  await command(bridge, '@alan opening', 'grace');
  for (const reader of ['ada', 'grace'] as const) {
    await expect.poll(() => notes(bridge, 'opening', reader), patience).toHaveLength(1);
  }
  return bridge;
}

describe('a 429 of Slack', longTest, () => {
  it("of one person's conversation delays neither another person's notes nor reactions", async () => {
    const bridge = await start();
    const { slack } = bridge;
    const root = rootOf(bridge, 'opening');
    const limit = { kind: 'rate-limited', retryAfterSeconds: 4, channel: slackIds.ada } as const;
    slack.faults.arm({ ...limit, method: 'chat.postMessage' });
    await command(bridge, '@alan told later');
    await expect.poll(() => slack.faults.active(), patience).toEqual([]);
    await command(bridge, '@alan told at once', 'grace');
    const marked = reply(bridge, root, 'marked at once');
    await expect.poll(() => notes(bridge, 'told at once', 'grace'), patience).toHaveLength(1);
    await expect
      .poll(() => JSON.stringify(marked.message.reactions ?? []), patience)
      .toContain('white_check_mark');
    expect(notes(bridge, 'told later')).toEqual([]);
    await expect.poll(() => notes(bridge, 'told later'), patience).toHaveLength(1);
    const [refused, next] = slack.calls.filter(({ args }) => JSON.stringify(args).includes('told later'));
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(3_950);
  });

  it('of a method pauses that method for everybody, and no other', async () => {
    const bridge = await start();
    const { slack } = bridge;
    slack.faults.arm({ method: 'reactions.add', kind: 'rate-limited', retryAfterSeconds: 3 });
    const first = reply(bridge, rootOf(bridge, 'opening'), 'from Ada');
    await expect.poll(() => slack.faults.active(), patience).toEqual([]);
    const root = rootOf(bridge, 'opening', 'grace');
    const second = reply(bridge, root, 'from Grace', 'grace');
    await command(bridge, '@alan told meanwhile', 'grace');
    await expect.poll(() => notes(bridge, 'told meanwhile', 'grace'), patience).toHaveLength(1);
    const reactions = () => slack.calls.filter(({ method }) => method === 'reactions.add');
    const count = reactions().length;
    for (const { message } of [first, second]) {
      await expect
        .poll(() => JSON.stringify(message.reactions ?? []), patience)
        .toContain('white_check_mark');
    }
    const [refused, next] = reactions().slice(count - 1);
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_950);
    expect(reactions().length).toBe(count + 2);
  });
});
