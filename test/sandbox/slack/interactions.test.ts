import { describe, expect, it } from 'vitest';
import { formOf } from './recording-app.ts';
import { standInWithApp } from './stand-in.ts';

const retryButton = {
  type: 'button',
  action_id: 'retry',
  value: 'delivery-1',
  text: { type: 'plain_text', text: 'Retry' },
} as const;

describe('pressing a button', () => {
  it('sends block_actions with the value, the message and where it is', async () => {
    const { slack, client, app } = await standInWithApp({ subscriptions: [] });
    const root = await client.chat.postMessage({ channel: 'U0ADA', text: 'root' });
    await client.chat.postMessage({
      channel: 'U0ADA',
      text: 'failed',
      thread_ts: String(root.ts),
      blocks: [{ type: 'actions', elements: [retryButton] }],
    });
    const message = slack.messages(slack.dmOf('U0ADA')).at(-1);
    if (!message) throw new Error('not posted');
    await slack.press('U0ADA', message, 'retry');
    const payload = JSON.parse((app.received[0] && formOf(app.received[0]).payload) ?? '{}');
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ADA', username: 'ada', team_id: 'T0CORP' },
      team: { id: 'T0CORP', domain: 'corp' },
      api_app_id: 'A0BRIDGE',
      channel: { id: slack.dmOf('U0ADA'), name: 'directmessage' },
      container: { type: 'message', message_ts: message.ts, is_ephemeral: false, thread_ts: root.ts },
      message: { ts: message.ts, text: 'failed', thread_ts: root.ts },
      actions: [{ action_id: 'retry', value: 'delivery-1', type: 'button', action_ts: expect.any(String) }],
      trigger_id: expect.any(String),
      response_url: expect.stringContaining(`${slack.url}/actions/`),
    });
    expect(() => slack.press('U0ADA', message, 'discard')).toThrow('discard');
  });

  it('leaves the content of ephemeral messages out', async () => {
    const { slack, client, app } = await standInWithApp({ subscriptions: [] });
    const blocks = [{ type: 'actions', elements: [retryButton] }];
    await client.chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0ADA', text: 'failed', blocks });
    const [ephemeral] = slack.ephemeralsOf('U0ADA');
    if (!ephemeral) throw new Error('not posted');
    await slack.press('U0ADA', ephemeral, 'retry');
    const payload = JSON.parse((app.received[0] && formOf(app.received[0]).payload) ?? '{}');
    expect(payload.container.is_ephemeral).toBe(true);
    expect(payload).not.toHaveProperty('message');
  });
});

describe('shortcuts', () => {
  it('bring the message along, or come from nowhere', async () => {
    const { slack } = await standInWithApp();
    const root = slack.say('U0ADA', 'C0GENERAL', 'root');
    const reply = slack.say('U0GRACE', 'C0GENERAL', 'reply', { thread_ts: root.ts }).message;
    const onMessage = await slack.shortcut('U0ADA', 'mirror_thread', reply);
    expect(onMessage.payload).toMatchObject({
      type: 'message_action',
      callback_id: 'mirror_thread',
      message_ts: reply.ts,
      message: { ts: reply.ts, thread_ts: root.ts, user: 'U0GRACE', text: 'reply' },
      channel: { id: 'C0GENERAL', name: 'general' },
    });
    const global = await slack.shortcut('U0ADA', 'compose');
    expect(global.payload).toMatchObject({ type: 'shortcut', callback_id: 'compose' });
    expect(global.payload).not.toHaveProperty('response_url');
  });

  it('are those of the manifest, where they are given', async () => {
    const mirror = { name: 'Mirror thread', type: 'message', callback_id: 'mirror_thread' } as const;
    const { slack } = await standInWithApp({ shortcuts: [mirror] });
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'root');
    expect((await slack.shortcut('U0ADA', 'mirror_thread', message)).status).toBe(200);
    expect(() => slack.shortcut('U0ADA', 'mirror_thread')).toThrow('no global shortcut');
    expect(() => slack.shortcut('U0ADA', 'send_message', message)).toThrow('no message shortcut');
  });

  it('are shown to colleagues, the global ones not to guests, on messages that they see', async () => {
    const { slack } = await standInWithApp();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'root');
    slack.join('U0CONNECT', 'C0GENERAL');
    expect((await slack.shortcut('U0GUEST', 'mirror_thread', message)).status).toBe(200);
    expect(() => slack.shortcut('U0GUEST', 'compose')).toThrow('guests');
    expect(() => slack.shortcut('U0CONNECT', 'mirror_thread', message)).toThrow('other companies');
    const secret = slack.say('U0ADA', 'G0SECRET', 'psst').message;
    expect(() => slack.shortcut('U0GRACE', 'mirror_thread', secret)).toThrow('not in');
    expect((await slack.shortcut('U0ADA', 'mirror_thread', secret)).payload).toMatchObject({
      channel: { id: 'G0SECRET', name: 'privategroup' },
    });
  });
});
