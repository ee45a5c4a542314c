import { describe, expect, it } from 'vitest';
import { LIFE_MS } from '../../../sandbox/slack/response-urls.ts';
import { respond, standInWithApp } from './stand-in.ts';

const button = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'retry', value: '1', text: { type: 'plain_text', text: 'Retry' } }],
};

describe('the answer to a command', () => {
  it('is shown to the person alone, as text or as JSON', async () => {
    const bodies = ['Plain text', JSON.stringify({ text: 'JSON' }), ''];
    const { slack } = await standInWithApp({}, (_, index) => ({ body: bodies[index] ?? '' }));
    for (const _ of bodies) await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'help');
    expect(slack.ephemeralsOf('U0ADA')).toMatchObject([
      { text: 'Plain text', via: 'answer' },
      { text: 'JSON' },
    ]);
    expect(slack.ephemeralsOf('U0GRACE')).toEqual([]);
    expect(slack.messages('C0GENERAL')).toEqual([]);
  });

  it('betrays the typed command to everybody when it is in_channel', async () => {
    const body = JSON.stringify({ response_type: 'in_channel', text: 'Sent' });
    const { slack } = await standInWithApp({}, () => ({ body }));
    await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace a secret');
    const texts = slack.messages('C0GENERAL').map(({ text }) => text);
    expect(texts).toEqual(['/chatter-dm @grace a secret', 'Sent']);
  });

  it("is Slack's own word instead when the app fails or is late", async () => {
    const replies = [{ status: 500, body: 'oops' }, 'hang'] as const;
    const { slack } = await standInWithApp({ answerDeadlineMs: 60 }, (_, index) => replies[index] ?? {});
    const { status, body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'help');
    expect({ status, body }).toEqual({ status: 500, body: 'oops' });
    expect(await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'help')).not.toHaveProperty('status');
    expect(slack.ephemeralsOf('U0ADA')).toMatchObject([
      { text: '/chatter-dm failed with the error "dispatch_failed"', via: 'slackbot' },
      { text: '/chatter-dm failed with the error "operation_timeout"', via: 'slackbot' },
    ]);
  });
});

describe('a response_url', () => {
  it('works five times', async () => {
    const { slack } = await standInWithApp();
    const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
    for (let use = 1; use <= 5; use += 1) {
      expect(await respond(payload.response_url, { text: `${use}` })).toEqual({ status: 200, text: 'ok' });
    }
    expect(await respond(payload.response_url, { text: '6' })).toEqual({ status: 404, text: 'used_url' });
    expect(slack.ephemeralsOf('U0ADA').map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('works for thirty minutes', async () => {
    let now = 1_790_000_000_000;
    const { slack } = await standInWithApp({ now: () => now });
    const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
    now += LIFE_MS;
    expect((await respond(payload.response_url, { text: 'in time' })).status).toBe(200);
    now += 1;
    expect(await respond(payload.response_url, { text: 'late' })).toEqual({
      status: 404,
      text: 'expired_url',
    });
    expect(await respond(`${slack.url}/commands/T0/1/guessed`, { text: 'x' })).toMatchObject({ status: 404 });
  });

  it('replaces the first answer to a command, or adds to it: nobody has verified which', async () => {
    for (const replaceable of [true, false]) {
      const { slack } = await standInWithApp(
        { switches: { commandAnswerIsReplaceable: replaceable } },
        () => ({ body: 'Sending…' }),
      );
      const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
      await respond(payload.response_url, { replace_original: true, text: 'Sent' });
      const texts = slack.ephemeralsOf('U0ADA').map(({ text }) => text);
      expect(texts).toEqual(replaceable ? ['Sent'] : ['Sending…', 'Sent']);
    }
  });

  it('reaches a channel where the app is not, in_channel', async () => {
    const { slack } = await standInWithApp();
    const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
    await respond(payload.response_url, { response_type: 'in_channel', text: 'for all' });
    expect(slack.messages('C0RANDOM')).toMatchObject([{ text: 'for all', bot_id: 'B0BRIDGE' }]);
  });

  it('of a button replaces and deletes the message that the button is in', async () => {
    const { slack, client } = await standInWithApp();
    await client.chat.postMessage({ channel: 'U0ADA', text: 'failed', blocks: [button] });
    const message = slack.messages(slack.dmOf('U0ADA'))[0];
    if (!message) throw new Error('not posted');
    const { payload } = await slack.press('U0ADA', message, 'retry');
    await respond(payload.response_url, { replace_original: true, text: 'sent' });
    expect(slack.messages(slack.dmOf('U0ADA'))).toMatchObject([{ ts: message.ts, text: 'sent' }]);
    expect(message.blocks).toBeUndefined();
    await respond(payload.response_url, { delete_original: true });
    expect(slack.messages(slack.dmOf('U0ADA'))).toEqual([]);
  });

  it('refuses what is no message, without counting it', async () => {
    const { slack } = await standInWithApp();
    const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect((await respond(payload.response_url, [])).status).toBe(400);
      expect((await respond(payload.response_url, { text: '' })).text).toContain('no_text');
      expect((await respond(payload.response_url, { blocks: [{ type: 'x' }] })).text).toContain(
        'invalid_blocks',
      );
    }
    expect((await respond(payload.response_url, { text: 'still good' })).status).toBe(200);
  });
});
