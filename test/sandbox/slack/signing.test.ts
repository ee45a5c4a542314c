import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signature } from '../../../sandbox/slack/signing.ts';
import { formOf } from './recording-app.ts';
import { standInWithApp } from './stand-in.ts';

describe('signatures', () => {
  it('are the ones of the published test vector', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(signature('8f742231b10e8888abcd99yyyzzz85a5', 1531420618, body)).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  it('cover the raw body of everything sent, at the present time', async () => {
    const { slack, app } = await standInWithApp({ signingSecret: 'secret' });
    await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    const { headers, body } = app.received[0] ?? { headers: {}, body: '' };
    const timestamp = headers['x-slack-request-timestamp'];
    const expected = createHmac('sha256', 'secret').update(`v0:${timestamp}:${body}`).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(5);
  });

  it('can be made for another moment, for hostile requests', async () => {
    const { slack, app } = await standInWithApp();
    const answer = await slack.post('null', { ...slack.sign('null', 1), 'content-type': 'application/json' });
    expect(answer.status).toBe(200);
    expect(app.received[0]?.headers['x-slack-request-timestamp']).toBe('1');
    expect(app.received[0]?.body).toBe('null');
  });

  it('go with forms of exactly the content type that Slack sends', async () => {
    const { slack, app } = await standInWithApp();
    await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'help');
    const [received] = app.received;
    expect(received?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(received && formOf(received)).toMatchObject({ command: '/chatter-dm', text: 'help' });
  });
});
