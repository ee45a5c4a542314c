import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/slack/shapes.ts';
import { connectState, whenReady } from '../../src/store/redis.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { longTest, notes, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

/** Uses a shortcut as Ada, and waits for its form. */
async function opened(shortcut: string, on?: Message) {
  const { slack } = bridge;
  expect(await slack.shortcut('U0ADA', shortcut, on)).toMatchObject({ status: 200 });
  await expect.poll(() => slack.viewsOf('U0ADA')[0]?.callback_id, patience).toBe('send_form');
}
const redis = async () => {
  const connection = connectState(bridge.redis.url, () => {});
  await whenReady(connection, 5_000);
  return connection;
};

describe('a form', longTest, () => {
  it('sends a new message to somebody of Slack and somebody found by name in Salesforce', async () => {
    const { slack, salesforce } = bridge;
    const joan = salesforce.addUser({ name: 'Joan Clarke', email: 'joan@elsewhere.com' });
    await opened('compose');
    const found = JSON.parse((await slack.suggest('U0ADA', 'find_users', 'cla')).body);
    expect(found.options).toEqual([
      {
        text: { type: 'plain_text', text: 'Joan Clarke' },
        description: { type: 'plain_text', text: 'joan@elsewhere.com' },
        value: joan.id,
      },
    ]);
    await slack.submitView('U0ADA', { people: ['U0GRACE'], users: [joan.id], text: 'is 1 < 2?' });
    await expect.poll(() => bridge.texts(), patience).toEqual(['is 1 < 2?']);
    const [message] = salesforce.messages();
    expect(message?.senderId).toBe(bridge.salesforceId('ada'));
    expect([...(message?.recipientIds ?? [])].sort()).toEqual([bridge.salesforceId('grace'), joan.id].sort());
    await expect
      .poll(() => notes(bridge, 'Private message to Grace Hopper, Joan Clarke'), patience)
      .toHaveLength(1);
  });

  it('sends somebody else’s message under a line that says whose it is, and keeps nothing of it', async () => {
    const { slack } = bridge;
    const { message } = slack.say('U0ALAN', 'G0SECRET', 'tea & *cake*?');
    await opened('send_message', message);
    await slack.submitView('U0ADA', { people: ['U0GRACE'] });
    await expect
      .poll(() => bridge.texts().at(-1), patience)
      .toBe('Alan Turing wrote in a private channel:\ntea & cake?');
    const connection = await redis();
    const [draft = ''] = await connection.keys(`*${bridge.namespace}*draft:*`);
    expect(await connection.get(draft)).not.toContain('cake');
    expect(await connection.pttl(draft)).toBeLessThanOrEqual(60_000);
    connection.disconnect();
  });

  it('says in the conversation with the app when somebody who was picked cannot be written to', async () => {
    const { slack, salesforce } = bridge;
    const gone = salesforce.addUser({ name: 'Joan Gone', email: 'gone@elsewhere.com' });
    await opened('compose');
    salesforce.changeUser(gone.id, { isActive: false });
    await slack.submitView('U0ADA', { users: [gone.id], text: 'are you there?' });
    await expect.poll(() => notes(bridge, 'Joan Gone is not active'), patience).toHaveLength(1);
    expect(bridge.texts()).not.toContain('are you there?');
  });
});
