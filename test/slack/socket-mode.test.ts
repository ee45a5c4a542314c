import { describe, expect, it, onTestFinished } from 'vitest';
import { startSlack } from '../../sandbox/slack/server.ts';
import type { ChatPersonId, LaneKey, PairKey } from '../../src/bridge/people.ts';
import { makeThreadId } from '../../src/slack/ids.ts';
import { type EdgeOptions, startEdge } from './edge.ts';

const startSocket = ({ slack = {}, ingress = {} }: EdgeOptions = {}) =>
  startEdge({ slack: { socketMode: true, answerDeadlineMs: 1_000, ...slack }, ingress });

async function startInThread(options: EdgeOptions = {}) {
  const edge = await startSocket(options);
  const { slack, core } = edge;
  const dm = slack.dmOf('U0ADA');
  const root = slack.workspace.add({ channel: dm, user: 'U0BRIDGE', bot_id: 'B0BRIDGE', text: 'Root' });
  const thread = makeThreadId({ team: 'T0CORP', channel: dm, ts: root.ts });
  core.links.set(thread, {
    v: 1,
    person: 'T0CORP-U0ADA' as ChatPersonId,
    lane: 'to-lane' as LaneKey,
    pair: 'pair' as PairKey,
  });
  return { ...edge, reply: (text: string) => slack.say('U0ADA', dm, text, { thread_ts: root.ts }) };
}

describe('over Socket Mode', () => {
  it('a command is stored, then answered', async () => {
    const { slack, core, url } = await startSocket();
    const { status, body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ text: 'Sending to <@U0GRACE>…' });
    expect(core.taken).toHaveLength(1);
    // The server serves the other routes alone.
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/slack/events`, { method: 'POST' })).status).toBe(404);
  });

  it('an event is acknowledged only when it is stored', async () => {
    const { slack, core, reply } = await startInThread();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const said = reply('hello');
    await expect.poll(() => core.asked).toHaveLength(1);
    expect(slack.deliveries).toEqual([]);
    store();
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
  });

  it('an event that could not be stored is not acknowledged, and comes again', async () => {
    const { core, reply, slack } = await startInThread({ slack: { answerDeadlineMs: 200 } });
    core.answers.taken = 'refused';
    const said = reply('hello');
    await expect.poll(() => slack.deliveries).toMatchObject([{ failure: 'timeout' }]);
    core.answers.taken = 'stored';
    expect((await said.delivered).at(-1)).toMatchObject({ status: 200 });
    expect(core.taken).toHaveLength(1);
  });

  it('a press on a button decides', async () => {
    const { slack, core } = await startSocket();
    const note = slack.workspace.add({
      channel: slack.dmOf('U0ADA'),
      user: 'U0BRIDGE',
      text: 'May I?',
      blocks: [
        { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'consent_allow' }] },
      ],
    });
    expect(await slack.press('U0ADA', note, 'consent_allow')).toMatchObject({ status: 200 });
    expect(core.decided).toEqual([{ optIn: 'T0CORP-U0ADA' }]);
  });

  it('a form is opened, filled, corrected and submitted', async () => {
    const { slack, core } = await startSocket();
    expect(await slack.shortcut('U0ADA', 'compose')).toMatchObject({ status: 200 });
    await expect.poll(() => slack.viewsOf('U0ADA')[0]?.callback_id).toBe('send_form');
    expect((await slack.submitView('U0ADA', { text: 'lunch?' })).errors).toMatchObject({
      people: expect.any(String),
    });
    expect(JSON.parse((await slack.suggest('U0ADA', 'find_users', 'gr')).body)).toEqual({ options: [] });
    await slack.submitView('U0ADA', { people: ['U0GRACE'], text: 'lunch?' });
    expect(core.taken).toHaveLength(1);
    expect(JSON.stringify(slack.viewsOf('U0ADA')[0]?.blocks)).toContain('Sending');
  });

  it('what cannot be used is acknowledged, and the process lives', async () => {
    const { slack, core } = await startSocket();
    // Each of these would be an unhandled rejection in the library, or work one of its own switches.
    for (const event of [{}, { type: 7 }, { type: 'error' }, { type: 'close' }, { type: 'disconnected' }]) {
      expect(await slack.event(event as never)).toMatchObject([{ status: 200 }]);
    }
    const { body } = await slack.command('U0ADA', 'C0GENERAL', '/other', 'hello');
    expect(JSON.parse(body).text).toContain('does not know /other');
    expect(slack.socketCount()).toBe(1);
    expect(core.asked).toEqual([]);
  });

  it('an answer in hand still leaves when Slack replaces the connection', async () => {
    const { slack, core, reply } = await startInThread();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const said = reply('hello');
    await expect.poll(() => core.asked).toHaveLength(1);
    slack.disconnectSockets();
    await expect
      .poll(() => slack.calls.filter(({ method }) => method === 'apps.connections.open'))
      .toHaveLength(2);
    store();
    expect(await said.delivered).toMatchObject([{ status: 200, retryNum: 0 }]);
    await expect.poll(() => slack.socketCount()).toBe(1);
  });

  it('survives that no new connection is to be had for a while', async () => {
    const { slack, core } = await startSocket();
    const method = 'apps.connections.open';
    slack.faults.arm({ method, kind: 'status', status: 500 });
    slack.faults.arm({ method, kind: 'drop-before' });
    slack.faults.arm({ method, kind: 'error', error: 'internal_error' });
    slack.disconnectSockets();
    await expect
      .poll(() => slack.calls.filter((call) => call.method === method).length, { timeout: 10_000 })
      .toBe(5);
    await expect.poll(() => slack.socketCount()).toBe(1);
    await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(core.taken).toHaveLength(1);
  });

  it('survives that Slack is gone for a while', async () => {
    const { slack, core } = await startSocket();
    await slack.close();
    const port = Number(new URL(slack.url).port);
    const back = await startSlack({ port, socketMode: true });
    onTestFinished(() => back.close());
    // The library alone would wait for five seconds.
    await expect.poll(() => back.socketCount(), { timeout: 4_000 }).toBe(1);
    await back.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(core.taken).toHaveLength(1);
    // One connection, not one more for each attempt.
    expect(back.calls.map(({ method }) => method)).toEqual(['apps.connections.open']);
  });

  it('does not start with an app token that Slack refuses', async () => {
    await expect(startSocket({ ingress: { appToken: 'xapp-wrong' } })).rejects.toMatchObject({
      code: 'slack-invalid-auth',
    });
  });

  it('stops when what is in hand is answered', async () => {
    const { slack, core, edge, reply } = await startInThread();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const said = reply('hello');
    await expect.poll(() => core.asked).toHaveLength(1);
    const stopped = edge.stop();
    store();
    expect((await said.delivered)[0]).toMatchObject({ status: 200 });
    await stopped;
    await expect.poll(() => slack.socketCount()).toBe(0);
  });
});
