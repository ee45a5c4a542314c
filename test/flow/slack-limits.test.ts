import { describe, expect, it, onTestFinished } from 'vitest';
import { startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';
import { slackIds } from './world.ts';

async function start(options: Parameters<typeof startBridge>[0] = {}) {
  const bridge = await startBridge(options);
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

  it('of reactions lets the last of each thread be marked, and leaves out what is too late', async () => {
    const bridge = await start({ timing: { markMs: 1_000 } });
    const { slack, texts } = bridge;
    const root = rootOf(bridge, 'opening');
    slack.faults.arm({ method: 'reactions.add', kind: 'rate-limited', retryAfterSeconds: 6 });
    const first = reply(bridge, root, 'the first');
    await expect.poll(() => slack.faults.active(), patience).toEqual([]);
    const more = ['the second', 'the third', 'the last'].map((text) => reply(bridge, root, text));
    const alone = reply(bridge, rootOf(bridge, 'opening', 'grace'), 'alone', 'grace');
    // What is marked is late; what is sent is not.
    await expect.poll(texts, patience).toContain('the last');
    await expect.poll(texts, patience).toContain('alone');
    const isMarked = ({ message }: typeof first) => message.reactions?.length === 1;
    expect([first, ...more, alone].filter(isMarked)).toEqual([]);
    await expect.poll(() => [...more.slice(-1), alone].every(isMarked), patience).toBe(true);
    expect([first, ...more.slice(0, -1)].filter(isMarked)).toEqual([]);
    expect(slack.calls.filter(({ method }) => method === 'reactions.add')).toHaveLength(3);
  });
});
