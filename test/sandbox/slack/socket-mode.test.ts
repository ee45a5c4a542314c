import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { StandInSlack } from '../../../sandbox/slack/server.ts';
import { standIn } from './stand-in.ts';

interface Envelope {
  readonly ack: (response?: object) => Promise<void>;
  readonly type: string;
  readonly body: { event?: { text?: string }; text?: string };
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

async function connect(slack: StandInSlack, onEnvelope: (envelope: Envelope) => unknown) {
  const client = new SocketModeClient({
    appToken: slack.appToken,
    clientPingTimeout: 50,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  client.on('slack_event', onEnvelope);
  onTestFinished(() => client.disconnect());
  await client.start();
  return client;
}

describe('Socket Mode', () => {
  it('says hello and sends events, which are acknowledged by their envelope', async () => {
    const { slack } = await standIn({ socketMode: true });
    const texts: (string | undefined)[] = [];
    await connect(slack, async ({ ack, body }) => {
      texts.push(body.event?.text);
      await ack();
    });
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts).toMatchObject([{ kind: 'events_api', name: 'message', status: 200 }]);
    expect(texts).toEqual(['hello']);
  });

  it('shows the payload of an acknowledgement as the answer to a command', async () => {
    const { slack } = await standIn({ socketMode: true });
    await connect(slack, ({ ack, type, body }) => ack({ text: `${type}: ${body.text}` }));
    const { status } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'help');
    expect(status).toBe(200);
    expect(slack.ephemeralsOf('U0ADA')).toMatchObject([{ text: 'slash_commands: help', via: 'answer' }]);
    expect((await slack.shortcut('U0ADA', 'compose')).status).toBe(200);
  });

  it('sends an event again that is not acknowledged in time, counted and with the reason', async () => {
    const { slack } = await standIn({ socketMode: true, retryDelaysMs: [0, 0], answerDeadlineMs: 400 });
    const retries: unknown[] = [];
    await connect(slack, async ({ ack, retry_num, retry_reason }) => {
      retries.push([retry_num, retry_reason]);
      if (retry_num === 2) await ack();
    });
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts.map(({ failure }) => failure)).toEqual(['timeout', 'timeout', undefined]);
    expect(retries).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
    ]);
  });

  it('spreads over several connections', async () => {
    const { slack } = await standIn({ socketMode: true });
    const seen: number[] = [];
    for (const index of [0, 1]) {
      await connect(slack, async ({ ack }) => {
        seen.push(index);
        await ack();
      });
    }
    expect(slack.socketCount()).toBe(2);
    for (const text of ['a', 'b']) await slack.say('U0ADA', 'C0GENERAL', text).delivered;
    expect(seen.sort()).toEqual([0, 1]);
  });

  it('asks clients to reconnect, and they do', async () => {
    const { slack } = await standIn({ socketMode: true, retryDelaysMs: [20, 20, 200] });
    await connect(slack, ({ ack }) => ack());
    slack.disconnectSockets();
    await expect.poll(() => slack.socketCount()).toBe(0);
    await expect.poll(() => slack.socketCount()).toBe(1);
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'after').delivered;
    expect(attempts.at(-1)?.status).toBe(200);
  });

  it('does not deliver when nobody is connected, and admits nobody without a ticket', async () => {
    const { slack } = await standIn({ socketMode: true });
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts).toMatchObject([{ failure: 'connection_failed' }]);
    const socket = new WebSocket(`${slack.url.replace('http', 'ws')}/link/?ticket=guessed`);
    await new Promise((resolve) => socket.once('error', resolve));
    expect(slack.socketCount()).toBe(0);
  });
});
