import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { longTest, notes, patience, rootOf } from './seen.ts';

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
    await expect.poll(() => notes(bridge, 'lunch at'), patience).toHaveLength(1);
    expect(notes(bridge, 'lunch at')[0]).not.toHaveProperty('thread_ts');
  });

  it('sends a reply in the thread to the same conversation', async () => {
    const { slack, salesforce } = bridge;
    const dm = slack.dmOf('U0ADA');
    const root = rootOf(bridge, 'lunch at');
    slack.say('U0ADA', dm, 'or dinner?', { thread_ts: root });
    await expect.poll(() => salesforce.messages(), patience).toHaveLength(2);
    const [first, second] = salesforce.messages();
    expect(second?.text).toBe('or dinner?');
    expect(second?.conversationId).toBe(first?.conversationId);
    await expect
      .poll(() => JSON.stringify(slack.thread(dm, root).at(-1)?.reactions ?? []), patience)
      .toContain('white_check_mark');
  });
});
