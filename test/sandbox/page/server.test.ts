import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOrg, companyWorkspace, userId } from '../../../sandbox/company.ts';
import { type Page, startPage } from '../../../sandbox/page/server.ts';
import type { Snapshot } from '../../../sandbox/page/snapshot.ts';
import type { Stage } from '../../../sandbox/page/stage.ts';
import { startSalesforce } from '../../../sandbox/salesforce/server.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const salesforce = await startSalesforce({ clientId: 'id', publicKey, users: companyOrg() });
  stage = {
    slack: await startSlack({ seed: companyWorkspace(), commands: ['/chatter-dm', '/other'] }),
    salesforce,
    processes: [],
  };
  page = await startPage(stage, 0);
});
afterAll(() => Promise.all([page.close(), stage.slack.close(), stage.salesforce.close()]));

/** A request with any path and headers: fetch tidies paths up, and sets `Host` and `Origin` itself. */
async function send(path: string, method: string, headers: Record<string, string>, body = '') {
  const { hostname, port } = new URL(page.url);
  const sent = request({ hostname, port, path, method, headers });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer.statusCode as number;
}

function act(action: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(new URL('act', page.url), { method: 'POST', headers, body: JSON.stringify(action) });
}

/** The present snapshot, as these two people see it. */
async function look(viewer: { slack?: string; chatter?: string } = {}): Promise<Snapshot> {
  const response = await fetch(new URL(`live?${new URLSearchParams(viewer)}`, page.url));
  const reader = response.body?.getReader();
  let text = '';
  while (reader && !text.endsWith('\n\n')) text += new TextDecoder().decode((await reader.read()).value);
  await reader?.cancel();
  return JSON.parse(text.slice('data: '.length));
}

describe('the page server', () => {
  it.each([
    ['another name that leads to this machine', { host: 'evil.example' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another server on this machine', { origin: 'http://127.0.0.1:1' }],
  ])('refuses %s', async (_who, headers) => {
    expect(await send('/', 'GET', headers)).toBe(403);
    const json = { 'content-type': 'application/json', ...headers };
    expect(await send('/act', 'POST', json, '{"do":"clear"}')).toBe(403);
  });

  it('answers its own page, by any loopback name', async () => {
    for (const host of ['localhost:4400', '127.0.0.1', '[::1]:4400']) {
      expect(await send('/', 'GET', { host, origin: `http://${host}` })).toBe(200);
    }
  });

  it('takes JSON only: a form of another site can send text', async () => {
    expect(await send('/act', 'POST', { 'content-type': 'text/plain' }, '{"do":"clear"}')).toBe(415);
  });

  it('serves the files of the page and no others', async () => {
    expect(await send('/app.js', 'GET', {})).toBe(200);
    // Tidied up, its path begins with `//`: without the first slash it is absolute, and leaves the folder.
    const elsewhere = fileURLToPath(new URL('../../../node_modules/ws/index.js', import.meta.url));
    for (const path of ['/server.ts', '/no.js', '/../faults.ts', `/./${elsewhere}`]) {
      expect(await send(path, 'GET', {})).toBe(404);
    }
  });

  it('says why it did not do something', async () => {
    const answer = await act({
      do: 'type',
      as: userId('ada'),
      channel: 'C0GENERAL',
      thread: '',
      text: '/nope',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: '/nope is not a command here. There is /chatter-dm and /other.',
    });
  });

  it('takes a free port when its own is taken', async () => {
    const second = await startPage(stage, Number(new URL(page.url).port));
    expect(second.url).not.toBe(page.url);
    expect((await fetch(second.url)).status).toBe(200);
    await second.close();
  });
});

describe('the snapshot', () => {
  it('begins with Ada in Slack and Grace in Chatter', async () => {
    const { slack, chatter } = await look();
    expect(slack.viewer).toBe(userId('ada'));
    expect(chatter.people.find(({ id }) => id === chatter.viewer)?.name).toBe('Grace Hopper');
  });

  it('shows people what they can see, and nothing else', async () => {
    await act({ do: 'type', as: userId('ada'), channel: 'C0ENGINES', thread: '', text: 'hello *all*' });
    await act({
      do: 'type',
      as: userId('ada'),
      channel: stage.slack.dmOf(userId('ada')),
      thread: '',
      text: 'mine',
    });
    const said = ({ slack }: Snapshot) =>
      slack.channels.flatMap(({ messages }) => messages.map(({ text }) => text));
    expect(said(await look({ slack: userId('ada') }))).toEqual(['hello *all*', 'mine']);
    expect(said(await look({ slack: userId('alan') }))).toEqual(['hello *all*']);
    expect(said(await look({ slack: userId('charles') }))).toEqual([]);
  });

  it("shows an app's rich text, and a person's as the text that they typed", async () => {
    const blocks = [{ type: 'rich_text', elements: [] }];
    const said = { channel: 'C0GENERAL', text: 'rich', blocks };
    stage.slack.workspace.add({ ...said, user: userId('ada') });
    stage.slack.workspace.add({ ...said, user: 'U0BRIDGE', bot_id: 'B0BRIDGE' });
    const { channels } = (await look()).slack;
    const shown = channels.flatMap(({ messages }) => messages.filter(({ text }) => text === 'rich'));
    expect(shown.map((message) => message.blocks.length)).toEqual([0, 1]);
  });

  it('shows a Chatter conversation to its members, unread until it is read', async () => {
    const of = (name: string) => stage.salesforce.users.find((user) => user.name === name)?.id ?? '';
    const [ada, grace] = [of('Ada Lovelace'), of('Grace Hopper')];
    const { conversationId } = stage.salesforce.type(ada, { to: [grace] }, 'lunch?');
    const seen = async (chatter: string) => (await look({ chatter })).chatter.conversations;
    expect(await seen(grace)).toMatchObject([{ names: ['Ada Lovelace'], isUnread: true }]);
    expect(await seen(of('Alan Turing'))).toEqual([]);
    await act({ do: 'read', as: grace, conversation: conversationId });
    await act({ do: 'answer', as: grace, conversation: conversationId, text: 'noon' });
    expect(await seen(grace)).toMatchObject([
      { isUnread: false, messages: [{ text: 'lunch?' }, { isMine: true }] },
    ]);
  });
});

describe('faults', () => {
  it.each([
    ['slack', 'chat.postMessage', 'rate-limited'],
    ['slack', 'events', 'twice'],
    ['salesforce', 'post', 'drop-after'],
    ['salesforce', 'any', 'expired-session'],
    ['salesforce', 'post', 'veto'],
  ])('are armed for %s %s %s, shown, and cleared', async (side, occasion, fault) => {
    expect((await act({ do: 'arm', side, occasion, fault, always: true })).status).toBe(200);
    expect((await look()).faults).toEqual([
      {
        side: side === 'slack' ? 'Slack' : 'Salesforce',
        label: expect.stringMatching(/^When .+, .+/),
        always: true,
      },
    ]);
    await act({ do: 'clear' });
    expect((await look()).faults).toEqual([]);
  });

  it('happen for real: all of the menus, to the request that they say', async () => {
    await act({
      do: 'arm',
      side: 'slack',
      occasion: 'chat.postMessage',
      fault: 'rate-limited',
      always: false,
    });
    const call = (method: string) => fetch(stage.slack.apiUrl + method, { method: 'POST' });
    expect((await call('chat.update')).status).toBe(200);
    expect((await call('chat.postMessage')).status).toBe(429);
    expect((await call('chat.postMessage')).status).toBe(200);
  });

  it('are refused when they are not in the menus', async () => {
    const wrong = { do: 'arm', side: 'slack', occasion: 'events', fault: 'rate-limited', always: false };
    expect((await act(wrong)).status).toBe(400);
  });
});
