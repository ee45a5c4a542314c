import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSlack } from '../../../sandbox/slack/server.ts';

/** A Bolt app behind HTTP that notes what its listeners hear. */
async function boltApp() {
  const slack = await startSlack({ retryDelaysMs: [] });
  onTestFinished(() => slack.close());
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    processBeforeResponse: true,
    logLevel: LogLevel.ERROR,
  });
  const app = new App({
    receiver,
    token: slack.botToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    server.closeAllConnections();
    await app.stop();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  slack.pointAt(`http://127.0.0.1:${port}/slack/events`);
  return { slack, app };
}

describe('a Bolt app', () => {
  it('takes messages, commands, buttons, shortcuts and modals', async () => {
    const { slack, app } = await boltApp();
    const heard: string[] = [];
    app.event('message', async ({ event, client }) => {
      if (event.subtype !== undefined || event.bot_id) return;
      heard.push(`message ${event.text}`);
      await client.chat.postMessage({
        channel: event.channel,
        thread_ts: event.ts,
        text: 'failed',
        blocks: [
          {
            type: 'actions',
            elements: [{ type: 'button', action_id: 'retry', text: { type: 'plain_text', text: 'Retry' } }],
          },
        ],
      });
    });
    app.command('/chatter-dm', async ({ command, ack, respond }) => {
      heard.push(`command ${command.text}`);
      await ack('Sending…');
      await respond({ replace_original: true, text: 'Sent' });
    });
    app.action('retry', async ({ ack, respond }) => {
      heard.push('button');
      await ack();
      await respond({ replace_original: true, text: 'sent' });
    });
    app.shortcut('compose', async ({ ack, client, shortcut }) => {
      const title = { type: 'plain_text', text: 'Compose' } as const;
      const submit = { type: 'plain_text', text: 'Send' } as const;
      await client.views.open({
        trigger_id: shortcut.trigger_id,
        view: { type: 'modal', callback_id: 'composed', title, submit, blocks: [{ type: 'divider' }] },
      });
      await ack();
    });
    app.view('composed', async ({ ack }) => {
      heard.push('view');
      await ack();
    });

    const root = slack.say('U0ADA', slack.dmOf('U0ADA'), 'hello');
    expect((await root.delivered).map(({ status }) => status)).toEqual([200]);
    const reply = slack.thread(slack.dmOf('U0ADA'), root.ts)[1];
    if (!reply) throw new Error('the app has not replied');
    expect((await slack.press('U0ADA', reply, 'retry')).status).toBe(200);
    expect(reply.text).toBe('sent');

    const { status } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', '@grace lunch?');
    expect(status).toBe(200);
    expect(slack.ephemeralsOf('U0ADA').at(-1)?.text).toMatch(/^Sen/);

    expect((await slack.shortcut('U0ADA', 'compose')).status).toBe(200);
    expect((await slack.submitView('U0ADA')).status).toBe(200);
    expect(slack.viewsOf('U0ADA')).toEqual([]);
    expect(heard).toEqual(['message hello', 'button', 'command <@U0GRACE> lunch?', 'view']);
  });

  it('turns forged and stale requests away', async () => {
    const { slack } = await boltApp();
    const type = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'event_callback', event: { type: 'message' } });
    expect((await slack.post(body, { ...slack.sign(`${body} `), ...type })).status).toBe(401);
    const stale = Math.floor(Date.now() / 1_000) - 360;
    expect((await slack.post(body, { ...slack.sign(body, stale), ...type })).status).toBe(401);
  });
});
