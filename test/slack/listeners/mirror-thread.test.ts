import { describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../../sandbox/slack/sample-workspace.ts';
import type { Mirror } from '../../../src/bridge/mirror.ts';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { makeThreadId, microsecondsOf } from '../../../src/slack/ids.ts';
import { mirrorWords, notHere } from '../../../src/slack/mirror-words.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';
import { mirrorOf, user } from '../fake-mirror.ts';
import { fieldOf, opened, prepared, textOf } from './in-form.ts';

const ADA = 'T0CORP-U0ADA' as ChatPersonId;

/** A thread of Grace's in #general, with one reply of Alan's. */
async function startWithThread(options: EdgeOptions = {}) {
  const edge = await startEdge(options);
  const { slack } = edge;
  const root = slack.say('U0GRACE', 'C0GENERAL', 'root').message;
  const reply = slack.say('U0ALAN', 'C0GENERAL', 'reply', { thread_ts: root.ts }).message;
  const thread = makeThreadId({ team: 'T0CORP', channel: 'C0GENERAL', ts: root.ts });
  return { ...edge, root, reply, thread };
}

describe('Mirror thread to Chatter, in the menu of a message', () => {
  it('opens a view at once, and the form in it when all is looked up', async () => {
    const { slack, reply } = await startWithThread();
    slack.faults.arm({ method: 'users.info', kind: 'delay', ms: 400 });
    expect(await slack.shortcut('U0ADA', 'mirror_thread', reply)).toMatchObject({ status: 200 });
    const loading = slack.viewsOf('U0ADA')[0];
    expect(textOf(loading)).toContain(mirrorWords.loading);
    const form = await prepared(slack, 'U0ADA');
    expect(form.id).toBe(loading?.id);
    expect(form.callback_id).toBe('mirror_form');
  });

  it('asks for people on both sides and for how much to bring, and says who will see what', async () => {
    const { slack, root } = await startWithThread();
    const form = await opened(slack, 'U0ADA', 'mirror_thread', root);
    expect(form.title).toMatchObject({ text: 'Mirror thread to Chatter' });
    expect(fieldOf(form, 'people')).toMatchObject({ type: 'multi_users_select', max_selected_items: 8 });
    expect(fieldOf(form, 'users')).toMatchObject({
      type: 'multi_external_select',
      max_selected_items: 8,
      min_query_length: 2,
    });
    const bring = fieldOf(form, 'bring') as { options: { value: string }[] };
    expect(bring.options.map(({ value }) => value)).toEqual(['root', 'last', 'all']);
    expect(bring).toMatchObject({ type: 'radio_buttons', initial_option: { value: 'last' } });
    expect(textOf(form)).toContain('Everybody in <#C0GENERAL> reads what is written in Chatter');
    expect(textOf(form)).toContain('Nobody can be added later');
  });

  it('is about the whole thread when it is used on a reply, and about all that is written from then on', async () => {
    const { slack, core, reply, root, thread } = await startWithThread();
    const { payload } = await slack.shortcut('U0ADA', 'mirror_thread', reply);
    await prepared(slack, 'U0ADA');
    core.answers.checked = { kind: 'fine', people: [{ id: user(1), name: 'Grace Hopper' }] };
    await slack.submitView('U0ADA', { people: ['U0GRACE'], bring: 'all' });
    expect(core.mirrored.started[0]?.request).toMatchObject({
      thread,
      sinceUs: microsecondsOf(String(payload.action_ts)),
    });
    expect(thread).toContain(root.ts);
  });

  it('says that a thread is mirrored already: with whom, by whom, and who can stop that', async () => {
    const { slack, core, root, thread } = await startWithThread();
    core.mirrored.known.push(mirrorOf(thread));
    const view = await opened(slack, 'U0ADA', 'mirror_thread', root);
    expect(textOf(view)).toContain(
      'mirrored already,* with Grace Hopper, Alan Turing. <@U0ALAN> has started',
    );
    expect(textOf(view)).toContain('/chatter-dm stop');
    expect(view.submit).toBeNull();
  });

  it.each(['stopped', 'resting', 'refused'] as const)(
    'offers the form again when it is %s',
    async (state) => {
      const { slack, core, root, thread } = await startWithThread();
      core.mirrored.known.push(mirrorOf(thread, { state }));
      expect((await opened(slack, 'U0ADA', 'mirror_thread', root)).callback_id).toBe('mirror_form');
    },
  );

  it('says so when something could not be found out', async () => {
    const { slack, core, root } = await startWithThread();
    core.answers.broken = true;
    expect(textOf(await opened(slack, 'U0ADA', 'mirror_thread', root))).toContain(mirrorWords.notPrepared);
  });

  it('says so where it was used when no form could be opened', async () => {
    const { slack, root } = await startWithThread();
    slack.faults.arm({ method: 'views.open', kind: 'status', status: 500 });
    expect(await slack.shortcut('U0ADA', 'mirror_thread', root)).toMatchObject({ status: 200 });
    await expect
      .poll(() => slack.ephemeralsOf('U0ADA').map(({ text }) => text))
      .toEqual([mirrorWords.notOpened]);
  });

  it('does not mind a form that was closed while it was prepared', async () => {
    const { slack, root, lines } = await startWithThread();
    slack.faults.arm({ method: 'users.info', kind: 'delay', ms: 200 });
    await slack.shortcut('U0ADA', 'mirror_thread', root);
    await slack.closeView('U0ADA');
    await expect.poll(() => slack.calls.map(({ method }) => method)).toContain('views.update');
    expect(lines.join()).not.toContain('form not');
  });
});

describe('a thread that cannot be mirrored', () => {
  const refused = async (channel: string, by = 'U0ADA', options: EdgeOptions = {}) => {
    const { slack } = await startEdge(options);
    const { message } = slack.say('U0ADA', channel === 'dm' ? slack.dmOf('U0ADA') : channel, 'root');
    const view = await opened(slack, by, 'mirror_thread', message);
    expect(view.submit).toBeNull();
    return textOf(view);
  };

  it('is one where the app is not a member: it says how to invite it', async () => {
    expect(await refused('C0RANDOM')).toContain('`/invite` and <@U0BRIDGE> in the channel');
  });

  it('is one in a private channel that the app does not even see', async () => {
    const seed = sampleWorkspace();
    const closed = { id: 'G0HIDDEN', name: 'hidden', is_private: true, members: ['U0ADA'] };
    const slack = { seed: { ...seed, channels: [...seed.channels, closed] } };
    expect(await refused('G0HIDDEN', 'U0ADA', { slack })).toContain('`/invite` and <@U0BRIDGE>');
  });

  it('is one in direct messages, the app’s own included', async () => {
    expect(await refused('dm')).toContain(notHere.direct);
  });

  it('is one in an archived channel', async () => {
    const { slack } = await startEdge();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'root');
    await slack.archive('U0GRACE', 'C0GENERAL');
    const view = await opened(slack, 'U0ADA', 'mirror_thread', message);
    expect(view.submit).toBeNull();
    expect(textOf(view)).toContain(notHere.archived);
  });

  it('is one in a channel that is shared with another company', async () => {
    const slack = { seed: withGeneral({ is_ext_shared: true }) };
    expect(await refused('C0GENERAL', 'U0ADA', { slack })).toContain(notHere.shared);
  });

  it('may be mirrored from a shared channel that is listed', async () => {
    const { slack } = await startEdge({
      slack: { seed: withGeneral({ is_ext_shared: true }) },
      ingress: { connect: new Set(['C0GENERAL']) },
    });
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'root');
    expect((await opened(slack, 'U0ADA', 'mirror_thread', message)).callback_id).toBe('mirror_form');
  });

  it('is any thread, for a guest', async () => {
    expect(await refused('C0GENERAL', 'U0GUEST')).toContain('You are a guest in Slack');
  });

  function withGeneral(change: object) {
    const seed = sampleWorkspace();
    const channels = seed.channels.map((each) => (each.id === 'C0GENERAL' ? { ...each, ...change } : each));
    return { ...seed, channels };
  }
});

describe('Start anew', () => {
  /** The note about a mirror that Ada is not in, with its button. */
  async function startWithButton(channel = 'C0GENERAL', change: Partial<Mirror> = {}, value?: string) {
    const edge = await startEdge({
      ingress: {
        directory: {
          search: async () => [],
          findByEmail: async () => ({ id: user(2), username: 'ada', name: 'Ada' }),
        },
      },
    });
    const { slack, core } = edge;
    const root = slack.say('U0ADA', channel, 'root').message;
    const thread = makeThreadId({ team: 'T0CORP', channel, ts: root.ts });
    core.mirrored.known.push(mirrorOf(thread, change));
    const text = { type: 'plain_text', text: 'Start anew' };
    const element = { type: 'button', action_id: 'mirror_anew', value: value ?? thread, text };
    const note = slack.workspace.add({
      channel: slack.dmOf('U0ADA'),
      user: 'U0BRIDGE',
      text: 'Only the bridge says it for you.',
      blocks: [{ type: 'actions', block_id: 'b', elements: [element] }],
    });
    return { ...edge, thread, press: () => slack.press('U0ADA', note, 'mirror_anew') };
  }

  it('opens the form with the people who are in it, but for whoever presses', async () => {
    const { slack, press } = await startWithButton();
    expect(await press()).toMatchObject({ status: 200 });
    const form = await prepared(slack, 'U0ADA');
    const { initial_options } = fieldOf(form, 'users') as { initial_options: { value: string }[] };
    expect(initial_options).toEqual([{ text: { type: 'plain_text', text: 'Grace Hopper' }, value: user(1) }]);
    expect(textOf(form)).toContain(mirrorWords.anew);
  });

  it('ends the mirror that there is', async () => {
    const { slack, core, press, thread } = await startWithButton();
    await press();
    await prepared(slack, 'U0ADA');
    core.answers.checked = { kind: 'fine', people: [{ id: user(1), name: 'Grace Hopper' }] };
    await slack.submitView('U0ADA', { users: [user(1)], bring: 'root' });
    expect(core.mirrored.started[0]?.request).toMatchObject({ thread, isAnew: true, startedBy: ADA });
  });

  it('offers no more than eight', async () => {
    const people = Array.from({ length: 10 }, (_, n) => ({ id: user(n), name: `Person ${n}` }));
    const { slack, press } = await startWithButton('C0GENERAL', { people });
    await press();
    const { initial_options } = fieldOf(await prepared(slack, 'U0ADA'), 'users') as {
      initial_options: unknown[];
    };
    expect(initial_options).toHaveLength(8);
  });

  it('is for members alone where the conversation is private', async () => {
    const { slack, press } = await startWithButton('G0SECRET');
    await press();
    expect((await prepared(slack, 'U0ADA')).callback_id).toBe('mirror_form');
    await slack.submitView('U0ADA', {});
    slack.workspace.channel('G0SECRET').members.delete('U0ADA');
    await press();
    await expect.poll(() => textOf(slack.viewsOf('U0ADA').at(-1))).toContain(notHere.notTheirs);
  });

  it.each(['', 'null', 'T0CORP-C0GENERAL', '{"thread":1}'])(
    'does nothing with %j for a thread',
    async (value) => {
      const { slack, press } = await startWithButton('C0GENERAL', {}, value);
      expect(await press()).toMatchObject({ status: 200 });
      expect(slack.viewsOf('U0ADA')).toEqual([]);
    },
  );
});
