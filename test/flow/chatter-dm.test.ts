import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { longTest, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

describe('/chatter-dm', longTest, () => {
  it('sends a private message as the person who typed it, says so with a link, and opens a thread', async () => {
    const { slack, salesforce } = bridge;
    const answered = await slack.command(
      'U0ADA',
      'C0GENERAL',
      '/chatter-dm',
      '@grace lunch at <12> & a half?',
    );
    expect(answered.status).toBe(200);
    expect(answered.body).toContain('Sending to');

    await expect.poll(() => salesforce.messages(), patience).toHaveLength(1);
    const [message] = salesforce.messages();
    expect(message).toMatchObject({ text: 'lunch at <12> & a half?', senderId: bridge.salesforceId('ada') });

    await expect
      .poll(() => JSON.stringify(slack.ephemeralsOf('U0ADA')), patience)
      .toContain('Sent to Grace Hopper');
    const dm = slack.dmOf('U0ADA');
    await expect.poll(() => slack.messages(dm).length, patience).toBeGreaterThanOrEqual(1);
    const root = slack.messages(dm).find((one) => JSON.stringify(one).includes('lunch at'));
    expect(root?.thread_ts ?? root?.ts).toBe(root?.ts);
  });

  it('sends a reply in the thread to the same conversation', async () => {
    const { slack, salesforce } = bridge;
    const dm = slack.dmOf('U0ADA');
    const root = slack.messages(dm).find((one) => JSON.stringify(one).includes('lunch at'));
    slack.say('U0ADA', dm, 'or dinner?', { thread_ts: root?.ts as string });
    await expect.poll(() => salesforce.messages(), patience).toHaveLength(2);
    const [first, second] = salesforce.messages();
    expect(second?.text).toBe('or dinner?');
    expect(second?.conversationId).toBe(first?.conversationId);
    await expect
      .poll(() => JSON.stringify(slack.thread(dm, root?.ts as string).at(-1)?.reactions ?? []), patience)
      .toContain('white_check_mark');
  });
});
