import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOrg, companyWorkspace, haveTalked, userId } from '../../../sandbox/company.ts';
import { act } from '../../../sandbox/page/actions.ts';
import { snapshot } from '../../../sandbox/page/snapshot.ts';
import type { Stage } from '../../../sandbox/page/stage.ts';
import { startSalesforce } from '../../../sandbox/salesforce/server.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { FORM, SHORTCUTS, type SmallApp, startSmallApp } from './small-app.ts';

const ada = userId('ada');
const inGeneral = { as: ada, channel: 'C0GENERAL' };
let stage: Stage;
let app: SmallApp;

beforeAll(async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const salesforce = await startSalesforce({ clientId: 'id', publicKey, users: companyOrg() });
  const slack = await startSlack({ seed: companyWorkspace(), shortcuts: SHORTCUTS });
  haveTalked(slack.workspace);
  stage = { slack, salesforce, processes: [] };
  app = await startSmallApp(slack, salesforce);
});
afterAll(() => Promise.all([app.close(), stage.slack.close(), stage.salesforce.close()]));

const shownTo = (slack: string) => snapshot(stage, { slack, chatter: '' }).slack;
const said = (text: string, to = ada) =>
  shownTo(to)
    .channels.flatMap(({ messages }) => messages)
    .find((message) => message.text.startsWith(text));

describe('one’s own message', () => {
  it('is shown as it was typed to its author alone, and is edited from there', async () => {
    await act(stage, {
      do: 'type',
      ...inGeneral,
      thread: '',
      text: '@grace see #engines & https://a.example',
    });
    const ts = said('<@')?.ts ?? '';
    expect(said('<@')?.typed).toBe('@grace see #engines & https://a.example');
    expect(said('<@', userId('grace'))?.typed).toBe('');
    await act(stage, { do: 'edit', ...inGeneral, ts, text: 'Never mind' });
    expect(said('Never mind')).toMatchObject({ ts, isEdited: true });
    const theirs = { do: 'delete', as: userId('grace'), channel: 'C0GENERAL', ts };
    await expect(act(stage, theirs)).rejects.toThrow('their own');
    await act(stage, { do: 'delete', ...inGeneral, ts });
    expect(said('Never mind')).toBeUndefined();
    await expect(act(stage, { do: 'delete', ...inGeneral, ts })).rejects.toThrow('no longer there');
  });

  it('can be a line about oneself', async () => {
    await act(stage, { do: 'type', ...inGeneral, thread: '', text: '/me waves' });
    expect(stage.slack.messages('C0GENERAL').at(-1)).toMatchObject({ subtype: 'me_message', text: 'waves' });
  });
});

describe('the app', () => {
  it('is asked for a form by a shortcut, for options by typing, and told what was filled in', async () => {
    const [root] = stage.slack.messages('C0GENERAL');
    await act(stage, { do: 'shortcut', ...inGeneral, callbackId: 'mirror_thread', ts: root?.ts ?? '' });
    await expect.poll(() => shownTo(ada).modal?.submit).toBeNull();
    await app.showForm();
    expect(shownTo(ada).modal).toMatchObject({ submit: FORM.submit });
    const { options } = await act(stage, { do: 'suggest', as: ada, actionId: 'users', typed: 'kath' });
    expect(options).toMatchObject([{ text: { text: 'Katherine Johnson' } }]);
    const submit = (filledIn: object) => act(stage, { do: 'submit', as: ada, filledIn });
    expect(await submit({})).toEqual({ errors: { word: expect.stringMatching(/required/) } });
    expect(await submit({ word: 'Read this.' })).toEqual({});
    expect(shownTo(ada).modal).toBeNull();
  });

  it('hears of its Home tab being looked at, and shows it to that person', async () => {
    await act(stage, { do: 'open', as: ada, tab: 'home' });
    await expect
      .poll(() => app.heard.at(-1)?.event)
      .toMatchObject({ type: 'app_home_opened', tab: 'home', user: ada });
    await app.call('views.publish', { user_id: ada, view: { type: 'home', blocks: [{ type: 'divider' }] } });
    expect(shownTo(ada).home?.blocks).toMatchObject([{ type: 'divider' }]);
    expect(shownTo(userId('grace')).home).toBeNull();
  });

  it('offers its shortcuts to colleagues, all but the global ones to guests', () => {
    const offered = (handle: string) => shownTo(userId(handle)).shortcuts.map((each) => each.callback_id);
    expect(offered('ada')).toEqual(['mirror_thread', 'send_message', 'compose']);
    expect(offered('charles')).toEqual(['mirror_thread', 'send_message']);
    expect(offered('niels')).toEqual([]);
  });

  it('is invited and removed by Slack’s own commands, which are for channels', async () => {
    const type = (text: string, channel = 'C0ENGINES') =>
      act(stage, { do: 'type', as: ada, channel, thread: '', text });
    const isThere = () => stage.slack.workspace.isMember('C0ENGINES', 'U0BRIDGE');
    await type('/invite @Chatter Bridge');
    expect(isThere()).toBe(true);
    await type('/remove @chatter_bridge');
    expect(isThere()).toBe(false);
    await expect(type('/invite')).rejects.toThrow('nobody called');
    await expect(type('/archive', stage.slack.dmOf(ada))).rejects.toThrow('for channels');
    await type('/archive');
    const engines = shownTo(ada).channels.find(({ id }) => id === 'C0ENGINES');
    expect(engines).toMatchObject({ isArchived: true });
    expect(engines?.messages.map(({ isNote }) => isNote)).toEqual([true, true]);
  });
});
