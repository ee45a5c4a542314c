import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpEdge, EVENTS_PATH } from '../../src/slack/receiver.ts';
import { memoryLog, startEdge } from './edge.ts';
import { freePort } from './free-port.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const MESSAGE = {
  type: 'event_callback',
  team_id: 'T0CORP',
  event_id: 'Ev1',
  event: {
    type: 'message',
    channel: 'D1',
    channel_type: 'im',
    user: 'U0ADA',
    ts: '1700000000.000100',
    text: 'hi',
  },
};
const COMMAND = {
  command: '/chatter-dm',
  team_id: 'T0CORP',
  user_id: 'U0ADA',
  channel_id: 'C0GENERAL',
  text: '<@U0GRACE> hi',
  trigger_id: '1.2.abc',
  response_url: 'http://127.0.0.1:1/commands/1',
};
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('a request', () => {
  it.each([
    ['unsigned', {}],
    ['with a wrong signature', { signature: 'v0=00' }],
    ['stale', { at: -301 }],
    ['from the future', { at: 301 }],
  ])('%s is refused', async (_, { signature, at = 0 }: { signature?: string; at?: number }) => {
    const { slack, core } = await startEdge();
    const body = JSON.stringify(MESSAGE);
    const signed = slack.sign(body, Math.floor(Date.now() / 1000) + at);
    const headers =
      signature !== undefined ? { ...signed, 'x-slack-signature': signature } : at !== 0 ? signed : {};
    expect(await slack.post(body, { ...JSON_TYPE, ...headers })).toMatchObject({ status: 401 });
    expect(core.hints).toEqual([]);
  });

  it.each([
    ['nothing', '', JSON_TYPE],
    ['null', 'null', JSON_TYPE],
    ['a list', '[]', JSON_TYPE],
    ['a number', '7', JSON_TYPE],
    ['no JSON', '{"type":', JSON_TYPE],
    ['no type', '{}', JSON_TYPE],
    ['no content type', 'text=hi', {}],
    ['a type that is no text', '{"type":{}}', JSON_TYPE],
    ['an event without event', '{"type":"event_callback","team_id":"T0CORP"}', JSON_TYPE],
    ['an event that is null', '{"type":"event_callback","team_id":"T0CORP","event":null}', JSON_TYPE],
    ['an event without team', JSON.stringify({ ...MESSAGE, team_id: undefined }), JSON_TYPE],
    [
      'a message without channel',
      JSON.stringify({ ...MESSAGE, event: { ...MESSAGE.event, channel: undefined } }),
      JSON_TYPE,
    ],
    [
      'a message with a strange ts',
      JSON.stringify({ ...MESSAGE, event: { ...MESSAGE.event, ts: 17 } }),
      JSON_TYPE,
    ],
    ['a challenge without challenge', '{"type":"url_verification"}', JSON_TYPE],
    ['an empty form', '', FORM],
    ['a form of anything', 'a=b', FORM],
    ['a command without user', form({ ...COMMAND, user_id: '' }), FORM],
    ['a command without text', form({ command: '/chatter-dm', team_id: 'T0CORP', user_id: 'U0ADA' }), FORM],
    ['a payload of null', form({ payload: 'null' }), FORM],
    ['a payload that is no JSON', form({ payload: '{' }), FORM],
    ['buttons without buttons', form({ payload: '{"type":"block_actions","user":{"id":"U1"}}' }), FORM],
  ])('signed but with %s is answered at once, and not sent again', async (_, body, headers) => {
    const { slack, url, core } = await startEdge();
    const answer = await slack.post(body, { ...slack.sign(body), ...headers } as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-slack-no-retry': '1' } });
    expect(answer.ms).toBeLessThan(1000);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
    expect(core.taken).toEqual([]);
  });

  it.each([
    ['an unknown type', '{"type":"something_new"}', JSON_TYPE],
    [
      'an event that nothing listens to',
      JSON.stringify({ ...MESSAGE, event: { type: 'team_rename' } }),
      JSON_TYPE,
    ],
    ['a rate limit', '{"type":"app_rate_limited","team_id":"T0CORP","minute_rate_limited":1}', JSON_TYPE],
    [
      'an unknown shortcut',
      form({ payload: '{"type":"shortcut","callback_id":"x","user":{"id":"U1"}}' }),
      FORM,
    ],
    [
      'an unknown button',
      form({ payload: '{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"x"}]}' }),
      FORM,
    ],
  ])('with %s is taken and forgotten', async (_, body, headers) => {
    const { slack } = await startEdge();
    const answer = await slack.post(body, { ...slack.sign(body), ...headers });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.ms).toBeLessThan(1000);
  });

  it('with null in place of what is not there is taken as without it', async () => {
    const { slack, core } = await startEdge();
    const event = JSON.stringify({ ...MESSAGE, event: { ...MESSAGE.event, user: null, item: null } });
    expect(await slack.post(event, { ...slack.sign(event), ...JSON_TYPE })).toMatchObject({ status: 200 });
    const user = { id: 'U0ADA', team_id: 'T0CORP' };
    const actions = [{ type: 'button', action_id: 'consent_allow', value: null }];
    const pressed = { type: 'block_actions', user, team: null, channel: null, message: null, actions };
    const button = form({ payload: JSON.stringify(pressed) });
    expect(await slack.post(button, { ...slack.sign(button), ...FORM })).toMatchObject({ status: 200 });
    expect(core.decided).toEqual([{ optIn: 'T0CORP-U0ADA' }]);
    expect(core.hints).toEqual([]);
  });

  it('that announces dropped events is logged as an error', async () => {
    const { slack, lines } = await startEdge();
    const body = '{"type":"app_rate_limited","minute_rate_limited":1700000000}';
    await slack.post(body, { ...slack.sign(body), ...JSON_TYPE });
    expect(lines.filter((line) => line.includes('dropped events'))[0]).toContain('"level":50');
  });

  it('with an unknown command is answered with words', async () => {
    const { slack } = await startEdge();
    const body = form({ ...COMMAND, command: '/other' });
    const answer = await slack.post(body, { ...slack.sign(body), ...FORM });
    expect(JSON.parse(answer.body)).toEqual({
      response_type: 'ephemeral',
      text: 'This app does not know /other. Try `/chatter-dm help`.',
    });
  });

  it('answers the challenge', async () => {
    const { slack } = await startEdge();
    const body = '{"type":"url_verification","challenge":"3eZ"}';
    expect(JSON.parse((await slack.post(body, { ...slack.sign(body), ...JSON_TYPE })).body)).toEqual({
      challenge: '3eZ',
    });
  });

  it('with ssl_check comes unsigned, and does nothing else', async () => {
    const { slack, core } = await startEdge();
    const body = form({ ...COMMAND, ssl_check: '1' });
    expect(await slack.post(body, FORM)).toMatchObject({ status: 200, body: '' });
    expect(await slack.post(form({ ...COMMAND, ssl_check: '2' }), FORM)).toMatchObject({ status: 401 });
    expect(core.taken).toEqual([]);
  });

  it('may name a charset', async () => {
    const { slack, core } = await startEdge();
    const command = form(COMMAND);
    const event = JSON.stringify(MESSAGE);
    const charset = (type: string) => ({ 'content-type': `${type}; charset=UTF-8` });
    const typed = await slack.post(command, { ...slack.sign(command), ...charset(FORM['content-type']) });
    expect(typed).toMatchObject({ status: 200 });
    const said = await slack.post(event, { ...slack.sign(event), ...charset('Application/JSON') });
    expect(said).toMatchObject({ status: 200 });
    expect(core.taken).toHaveLength(1);
    expect(core.hints).toHaveLength(1);
  });

  it('of more than four megabytes is refused, one of less is read', async () => {
    const { slack } = await startEdge();
    const body = (size: number) => JSON.stringify({ type: 'x', filler: 'a'.repeat(size) });
    const tooMuch = body(4_000_000);
    expect(await slack.post(tooMuch, { ...slack.sign(tooMuch), ...JSON_TYPE })).toMatchObject({
      status: 413,
    });
    const enough = body(3_990_000);
    expect(await slack.post(enough, { ...slack.sign(enough), ...JSON_TYPE })).toMatchObject({ status: 200 });
  });

  it('that drips in is cut off', async () => {
    const edge = createHttpEdge({
      signingSecret: 's',
      routes: {},
      log: memoryLog().log,
      requestWithinMs: 200,
    });
    onTestFinished(edge.stop);
    const { port } = await edge.start(0, '127.0.0.1');
    const client = connect(port, '127.0.0.1');
    client.write(`POST ${EVENTS_PATH} HTTP/1.1\r\nhost: bridge\r\ncontent-length: 9\r\n\r\nhalf`);
    const answer: Buffer[] = [];
    for await (const chunk of client) answer.push(chunk);
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1.1 408 /);
  });

  it('for anything else goes to the route it names', async () => {
    const { url } = await startEdge({
      ingress: {
        routes: {
          '/exactly': (_request, response) => void response.end('exactly'),
          '/below/*': (request, response) => void response.end(request.url),
          '/broken': () => {
            throw new Error('broken');
          },
          '/broken-later': () => Promise.reject(new Error('broken')),
        },
      },
    });
    const get = async (path: string) => {
      const answer = await fetch(url + path);
      return [answer.status, await answer.text()];
    };
    expect(await get('/exactly?with=query')).toEqual([200, 'exactly']);
    expect(await get('/below/it?x')).toEqual([200, '/below/it?x']);
    expect(await get('/nowhere')).toEqual([404, '']);
    expect(await get('/toString')).toEqual([404, '']);
    expect(await get('/broken')).toEqual([500, '']);
    expect(await get('/broken-later')).toEqual([500, '']);
    expect(await get('/slack/events')).toEqual([405, '']);
  });
});

describe('starting and stopping', () => {
  it('lives while Slack is away, and asks for events again', async () => {
    const { slack, edge } = await startEdge();
    await edge.stop();
    slack.faults.arm({ method: 'auth.test', kind: 'status', status: 503, times: 2 });
    const port = await freePort();
    const starting = startEdge({ ingress: { port, apiUrl: slack.apiUrl } });
    const url = `http://127.0.0.1:${port}`;
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    const body = JSON.stringify(MESSAGE);
    slack.pointAt(`${url}/slack/events`);
    expect(await slack.post(body, { ...slack.sign(body), ...JSON_TYPE })).toMatchObject({ status: 503 });
    const { core } = await starting;
    expect(await slack.post(body, { ...slack.sign(body), ...JSON_TYPE })).toMatchObject({ status: 200 });
    expect(core.hints).toHaveLength(1);
  });

  it('is refused with a token that Slack refuses', async () => {
    const { lines, log } = memoryLog();
    await expect(startEdge({ ingress: { botToken: 'xoxb-wrong', log } })).rejects.toMatchObject({
      code: 'slack-invalid-auth',
    });
    expect(lines.join()).toContain('Slack refuses SLACK_BOT_TOKEN');
  });

  it('finishes what is in hand, and does not wait for idle connections', async () => {
    const { slack, core, edge, url } = await startEdge();
    // A client that keeps its connection open after its answer.
    const idle = httpRequest(`${url}/healthz`, { headers: { connection: 'keep-alive' } });
    await new Promise((resolve) =>
      idle.end().once('response', (answer) => answer.resume().once('end', resolve)),
    );

    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const typed = slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace hi');
    await expect.poll(() => core.asked).toHaveLength(1);
    const startedMs = performance.now();
    const stopped = edge.stop();
    setTimeout(store, 200);
    expect(await typed).toMatchObject({ status: 200 });
    await stopped;
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
