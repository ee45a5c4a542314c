import type { ViewsOpenArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { SlackOptions } from '../../../sandbox/slack/server.ts';
import { errorOf } from './error-of.ts';
import { input, modal, open, plain } from './modal.ts';
import { standInWithApp } from './stand-in.ts';

const people = input('people', { type: 'multi_users_select' });
const simple = modal(people) as ViewsOpenArguments['view'];
const filled = { people: ['U0GRACE'] };

/** An app that takes every shortcut, and answers what comes then in turn. */
function appThatAnswers(answers: readonly unknown[], options: SlackOptions = {}) {
  return standInWithApp(options, ({ body }, index) => {
    const answer = body.includes('shortcut') ? '' : answers[index - 1];
    return { body: answer === undefined || answer === '' ? '' : JSON.stringify(answer) };
  });
}

describe('modals', () => {
  it('open once for a trigger id, within three seconds', async () => {
    let now = 1_790_000_000_000;
    const { slack, client } = await standInWithApp({ now: () => now });
    const trigger = async () => String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    const trigger_id = await trigger();
    const { view } = await client.views.open({ trigger_id, view: simple });
    expect(view).toMatchObject({ callback_id: 'mirror', root_view_id: view?.id, app_id: 'A0BRIDGE' });
    expect(slack.viewsOf('U0ADA')).toMatchObject([{ id: view?.id }]);
    const again = (id: string) => errorOf(client.views.open({ trigger_id: id, view: simple }));
    expect(await again(trigger_id)).toBe('exchanged_trigger_id');
    expect(await again('1.2.3')).toBe('invalid_trigger_id');
    const old = await trigger();
    now += 3_001;
    expect(await again(old)).toBe('expired_trigger_id');
  });

  it('are updated by id, with a hash only if it is the present one', async () => {
    const { slack, client } = await standInWithApp();
    const trigger_id = String((await slack.shortcut('U0ADA', 'compose')).payload.trigger_id);
    const { view } = await client.views.open({ trigger_id, view: simple });
    const update = (hash?: string) =>
      client.views.update({ view_id: String(view?.id), view: simple, ...(hash ? { hash } : {}) });
    await update(view?.hash);
    expect(await errorOf(update(view?.hash))).toBe('hash_conflict');
    expect(await errorOf(client.views.update({ view_id: 'V0', view: simple }))).toBe('not_found');
  });

  it('are submitted with what is filled in, and close', async () => {
    const { slack, client } = await standInWithApp();
    await open(slack, client, simple);
    const { payload } = await slack.submitView('U0ADA', filled);
    expect(payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ADA' },
      view: {
        state: {
          values: {
            people: { 'people-action': { type: 'multi_users_select', selected_users: ['U0GRACE'] } },
          },
        },
      },
    });
    expect(slack.viewsOf('U0ADA')).toEqual([]);
  });

  it('stay open with errors, and follow a response_action', async () => {
    const { slack, client } = await appThatAnswers([
      { response_action: 'errors', errors: { people: 'Nobody known' } },
      { response_action: 'update', view: modal(people, { type: 'divider' }) },
      { response_action: 'push', view: simple },
      { response_action: 'clear' },
    ]);
    await open(slack, client, simple);
    expect((await slack.submitView('U0ADA', filled)).errors).toEqual({ people: 'Nobody known' });
    await slack.submitView('U0ADA', filled);
    expect(slack.viewsOf('U0ADA')[0]?.blocks).toHaveLength(2);
    await slack.submitView('U0ADA', filled);
    expect(slack.viewsOf('U0ADA')).toHaveLength(2);
    await slack.submitView('U0ADA', filled);
    expect(slack.viewsOf('U0ADA')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['errors for a block that is not there', { response_action: 'errors', errors: { nowhere: 'x' } }],
    ['errors for a block that is no input', { response_action: 'errors', errors: { words: 'x' } }],
    ['no errors', { response_action: 'errors', errors: {} }],
    ['an update without a view', { response_action: 'update' }],
    ['a view that Slack does not take', { response_action: 'push', view: { type: 'modal', blocks: [] } }],
    ['an action that does not exist', { response_action: 'close' }],
    ['something else', { ok: true }],
  ])('cannot follow %s', async (_, answer) => {
    const { slack, client } = await appThatAnswers([answer]);
    const words = { type: 'section', block_id: 'words', text: plain('Whom?') };
    await open(slack, client, modal(words, people));
    await expect(slack.submitView('U0ADA', filled)).rejects.toThrow(/^Slack /);
    expect(slack.viewsOf('U0ADA')).toHaveLength(1);
  });

  it('stay open, with Slack’s own words, when the app does not answer in time or at all', async () => {
    let reply: { status: number } | 'hang' | 'cut' = { status: 500 };
    const { slack, client } = await standInWithApp({ answerDeadlineMs: 200 }, (_, index) =>
      index === 0 ? {} : reply,
    );
    await open(slack, client, simple);
    const trouble = async () => (await slack.submitView('U0ADA', filled)).trouble;
    expect(await trouble()).toMatch(/trouble connecting/);
    reply = 'hang';
    expect(await trouble()).toMatch(/trouble connecting/);
    reply = 'cut';
    expect(await trouble()).toMatch(/trouble connecting/);
    expect(slack.viewsOf('U0ADA')).toHaveLength(1);
  });

  it('do not go with a required field empty, and without a button not at all', async () => {
    const { slack, client, app } = await standInWithApp();
    const text = input('text', { type: 'plain_text_input' }, { optional: true });
    await open(slack, client, modal(people, text));
    expect((await slack.submitView('U0ADA', { people: [] })).errors).toEqual({
      people: 'Please complete this required field.',
    });
    expect(app.received).toHaveLength(1);
    await open(slack, client, { ...modal({ type: 'divider' }), submit: undefined });
    await expect(slack.submitView('U0ADA')).rejects.toThrow('no button');
  });

  it('tell that they were closed when they are asked to, all of them at once if they say so', async () => {
    const { slack, client, app } = await appThatAnswers([{ response_action: 'push', view: simple }]);
    await open(slack, client, simple);
    await slack.submitView('U0ADA', filled);
    await slack.closeView('U0ADA');
    expect(app.received).toHaveLength(2);
    expect(slack.viewsOf('U0ADA')).toHaveLength(1);
    await slack.closeView('U0ADA');
    await open(slack, client, { ...simple, notify_on_close: true, clear_on_close: true });
    await slack.closeView('U0ADA');
    const closed = slack.deliveries.at(-1)?.payload;
    expect(closed).toMatchObject({ type: 'view_closed', is_cleared: true, view: { callback_id: 'mirror' } });
  });
});

describe('what a modal says that somebody has filled in', () => {
  const option = (value: string) => ({ text: plain(`The ${value}`), value });
  const shown = (value: string) => ({ text: { ...plain(`The ${value}`), emoji: true }, value });
  const radio = input('bring', {
    type: 'radio_buttons',
    options: [option('root'), option('last')],
    initial_option: option('last'),
  });
  const text = input(
    'text',
    { type: 'plain_text_input', multiline: true, max_length: 5 },
    { optional: true },
  );
  const some = input('some', {
    type: 'multi_users_select',
    initial_users: ['U0ALAN'],
    max_selected_items: 2,
  });
  const stay = { type: 'actions', block_id: 'more', elements: [{ type: 'button', text: plain('More') }] };

  /** The state that is submitted. */
  async function stateOf(filledIn: Record<string, string | string[]>) {
    const { slack, client } = await standInWithApp();
    await open(slack, client, modal(radio, text, some, stay));
    const { payload } = await slack.submitView('U0ADA', filledIn);
    return (payload.view as { state?: { values?: unknown } }).state?.values;
  }

  it('is what was there at first where nothing was touched, and has no buttons', async () => {
    expect(await stateOf({})).toEqual({
      bring: { 'bring-action': { type: 'radio_buttons', selected_option: shown('last') } },
      text: { 'text-action': { type: 'plain_text_input', value: null } },
      some: { 'some-action': { type: 'multi_users_select', selected_users: ['U0ALAN'] } },
    });
  });

  it('is what was chosen and typed where something was', async () => {
    expect(await stateOf({ bring: 'root', text: 'hello', some: ['U0ADA', 'U0GRACE'] })).toEqual({
      bring: { 'bring-action': { type: 'radio_buttons', selected_option: shown('root') } },
      text: { 'text-action': { type: 'plain_text_input', value: 'hello' } },
      some: { 'some-action': { type: 'multi_users_select', selected_users: ['U0ADA', 'U0GRACE'] } },
    });
  });

  it('is never more than may be chosen or typed, nor what is not there', async () => {
    await expect(stateOf({ some: ['U0ADA', 'U0GRACE', 'U0ALAN'] })).rejects.toThrow('more than 2');
    await expect(stateOf({ text: 'too long' })).rejects.toThrow('more than 5');
    await expect(stateOf({ bring: 'all' })).rejects.toThrow('no option all');
  });

  it('comes along when a button in it is pressed', async () => {
    const { slack, client } = await standInWithApp();
    const press = { type: 'button', action_id: 'press', text: plain('Press') };
    await open(slack, client, modal(some, { type: 'actions', elements: [press] }));
    const [view] = slack.viewsOf('U0ADA');
    if (!view) throw new Error('not open');
    const { payload } = await slack.press('U0ADA', view, 'press');
    expect(payload).toMatchObject({
      container: { type: 'view', view_id: view.id },
      view: { state: { values: { some: { 'some-action': { selected_users: ['U0ALAN'] } } } } },
    });
  });
});

describe('a menu with options of the app', () => {
  const found = { text: plain('Grace Hopper'), value: '005', description: plain('grace@corp.com') };
  const menu = (more: object = {}) => modal(input('users', { type: 'multi_external_select', ...more }));

  it('asks for them with what has been typed, and gives back the option that was chosen', async () => {
    const { slack, client } = await appThatAnswers([{ options: [found] }]);
    await open(slack, client, menu());
    const { payload, options } = await slack.suggest('U0ADA', 'users-action', 'hop');
    expect(payload).toMatchObject({
      type: 'block_suggestion',
      action_id: 'users-action',
      block_id: 'users',
      value: 'hop',
      container: { type: 'view', view_id: slack.viewsOf('U0ADA')[0]?.id },
      view: { callback_id: 'mirror', state: { values: { users: {} } } },
    });
    expect(options).toEqual([found]);
    const submitted = await slack.submitView('U0ADA', { users: ['005'] });
    const chosen = [{ ...found, text: { ...found.text, emoji: true } }];
    expect(submitted.payload).toMatchObject({
      view: { state: { values: { users: { 'users-action': { selected_options: chosen } } } } },
    });
  });

  it('asks only when enough is typed: three letters, or as many as it says', async () => {
    const { slack, client, app } = await standInWithApp({}, () => ({ body: '{"options":[]}' }));
    await open(slack, client, menu());
    expect((await slack.suggest('U0ADA', 'users-action', 'ho')).options).toEqual([]);
    expect(app.received).toHaveLength(1);
    await open(slack, client, menu({ min_query_length: 2 }));
    await slack.suggest('U0ADA', 'users-action', 'ho');
    expect(app.received).toHaveLength(3);
  });

  it('shows those of groups, and nothing when the app is late', async () => {
    const { slack, client } = await standInWithApp({ answerDeadlineMs: 200 }, (_, index) => {
      const groups = { option_groups: [{ label: plain('Sales'), options: [found] }] };
      return index === 1 ? { body: JSON.stringify(groups) } : index === 2 ? 'hang' : {};
    });
    await open(slack, client, menu());
    expect((await slack.suggest('U0ADA', 'users-action', 'hop')).options).toEqual([found]);
    expect((await slack.suggest('U0ADA', 'users-action', 'hopp')).options).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['too many', { options: Array.from({ length: 101 }, (_, i) => ({ text: plain('x'), value: `${i}` })) }],
    ['a name that is too long', { options: [{ ...found, text: plain('x'.repeat(76)) }] }],
    ['marked-up text', { options: [{ ...found, text: { type: 'mrkdwn', text: '*x*' } }] }],
    ['no value', { options: [{ text: plain('x') }] }],
  ])('takes no answer with %s', async (_, answer) => {
    const { slack, client } = await appThatAnswers([answer]);
    await open(slack, client, menu());
    await expect(slack.suggest('U0ADA', 'users-action', 'hop')).rejects.toThrow('no such options');
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

  it('has buttons that are pressed like those of a modal', async () => {
    const { slack, client } = await standInWithApp();
    const stop = {
      type: 'button',
      action_id: 'stop_mirror',
      value: 'thread-1',
      text: plain('Stop'),
    };
    const view = { type: 'home', blocks: [{ type: 'section', text: plain('A thread'), accessory: stop }] };
    await client.apiCall('views.publish', { user_id: 'U0ADA', view });
    const home = slack.homeOf('U0ADA');
    if (!home) throw new Error('not published');
    const { payload } = await slack.press('U0ADA', home, 'stop_mirror');
    expect(payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: home.id },
      view: { type: 'home' },
      actions: [{ action_id: 'stop_mirror', value: 'thread-1' }],
    });
    expect(payload).not.toHaveProperty('response_url');
  });
});
