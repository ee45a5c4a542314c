import type { ViewsOpenArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { formOf } from './recording-app.ts';
import { standInWithApp } from './stand-in.ts';

const retryButton = {
  type: 'button',
  action_id: 'retry',
  value: 'delivery-1',
  text: { type: 'plain_text', text: 'Retry' },
} as const;

const modal: ViewsOpenArguments['view'] = {
  type: 'modal',
  callback_id: 'mirror',
  title: { type: 'plain_text', text: 'Mirror' },
  submit: { type: 'plain_text', text: 'Mirror' },
  blocks: [
    {
      type: 'input',
      block_id: 'people',
      label: { type: 'plain_text', text: 'People' },
      element: { type: 'multi_users_select', action_id: 'users' },
    },
  ],
};

/** The error code of a refused call. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'ok',
    (error: { data?: { error?: string } }) => error.data?.error,
  );
}

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
});

describe('modals', () => {
  it('open once for a trigger id, within three seconds', async () => {
    let now = 1_790_000_000_000;
    const { slack, client } = await standInWithApp({ now: () => now });
    const trigger = async () => String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    const trigger_id = await trigger();
    const { view } = await client.views.open({ trigger_id, view: modal });
    expect(view).toMatchObject({ callback_id: 'mirror', root_view_id: view?.id, app_id: 'A0BRIDGE' });
    expect(slack.viewsOf('U0ADA')).toMatchObject([{ id: view?.id }]);
    const open = (id: string) => errorOf(client.views.open({ trigger_id: id, view: modal }));
    expect(await open(trigger_id)).toBe('exchanged_trigger_id');
    expect(await open('1.2.3')).toBe('invalid_trigger_id');
    const old = await trigger();
    now += 3_001;
    expect(await open(old)).toBe('expired_trigger_id');
  });

  it('are updated by id, with a hash only if it is the present one', async () => {
    const { slack, client } = await standInWithApp();
    const trigger_id = String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    const { view } = await client.views.open({ trigger_id, view: modal });
    const update = (hash?: string) =>
      client.views.update({ view_id: String(view?.id), view: modal, ...(hash ? { hash } : {}) });
    await update(view?.hash);
    expect(await errorOf(update(view?.hash))).toBe('hash_conflict');
    expect(await errorOf(client.views.update({ view_id: 'V0', view: modal }))).toBe('not_found');
  });

  it('are submitted with what is filled in, and close', async () => {
    const { slack, client } = await standInWithApp();
    const trigger_id = String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    await client.views.open({ trigger_id, view: modal });
    const { payload } = await slack.submitView('U0ADA', { people: ['U0GRACE'] });
    expect(payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ADA' },
      view: {
        state: { values: { people: { users: { type: 'multi_users_select', selected_users: ['U0GRACE'] } } } },
      },
    });
    expect(slack.viewsOf('U0ADA')).toEqual([]);
  });

  it('stay open with errors, and follow a response_action', async () => {
    const answers = [
      {},
      { response_action: 'errors', errors: { people: 'Nobody known' } },
      { response_action: 'push', view: modal },
      { response_action: 'clear' },
    ];
    const { slack, client } = await standInWithApp({}, (_, index) => {
      const body = index === 0 ? '' : JSON.stringify(answers[index]);
      return { body, headers: { 'content-type': 'application/json' } };
    });
    const trigger_id = String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    await client.views.open({ trigger_id, view: modal });
    expect((await slack.submitView('U0ADA')).errors).toEqual({ people: 'Nobody known' });
    await slack.submitView('U0ADA');
    expect(slack.viewsOf('U0ADA')).toHaveLength(2);
    await slack.submitView('U0ADA');
    expect(slack.viewsOf('U0ADA')).toEqual([]);
  });
});

describe('a menu with options of the app', () => {
  it('asks for them with what has been typed', async () => {
    const options = [{ text: { type: 'plain_text', text: 'Grace Hopper' }, value: '005' }];
    const element = { type: 'external_select', action_id: 'found' };
    const { slack, client } = await standInWithApp({}, () => ({ body: JSON.stringify({ options }) }));
    const { trigger_id } = (await slack.shortcut('U0ADA', 'compose')).payload;
    const label = { type: 'plain_text', text: 'People' };
    const view = { ...modal, blocks: [{ type: 'input', block_id: 'people', label, element }] };
    await client.apiCall('views.open', { trigger_id, view });
    const { body, payload } = await slack.suggest('U0ADA', 'found', 'hop');
    expect(payload).toMatchObject({ type: 'block_suggestion', value: 'hop', block_id: 'people' });
    expect(JSON.parse(body)).toEqual({ options });
  });
});

describe('the Home tab', () => {
  it('is told when it is opened, with what was published before', async () => {
    const { slack, client } = await standInWithApp();
    const [first] = await slack.openHome('U0ADA');
    expect(first?.payload.event).toMatchObject({ type: 'app_home_opened', user: 'U0ADA', tab: 'home' });
    await client.views.publish({ user_id: 'U0ADA', view: { type: 'home', blocks: [{ type: 'divider' }] } });
    expect(slack.homeOf('U0ADA')?.blocks).toMatchObject([{ type: 'divider' }]);
    const [second] = await slack.openHome('U0ADA');
    expect(second?.payload.event).toMatchObject({ view: { type: 'home' } });
  });
});
