import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../sandbox/slack/delivery.ts';
import { sampleWorkspace } from '../../../sandbox/slack/sample-workspace.ts';
import { errorOf } from './error-of.ts';
import { standIn, standInWithApp } from './stand-in.ts';

/** The event that the app heard, if it heard one. */
async function heard(delivered: Promise<readonly Attempt[]>): Promise<unknown> {
  return (await delivered)[0]?.payload.event;
}

describe('a channel that the app is removed from', () => {
  it.each([
    ['C0GENERAL', 'channel_left'],
    ['G0SECRET', 'group_left'],
  ])('%s tells it so, and nothing after that', async (channel, type) => {
    const { slack, client } = await standInWithApp();
    const { ts } = slack.say('U0ADA', channel, 'before');
    expect(await heard(slack.removeApp('U0ADA', channel))).toMatchObject({
      type,
      channel,
      actor_id: 'U0ADA',
    });
    expect(await heard(slack.say('U0ADA', channel, 'after').delivered)).toBeUndefined();
    expect(slack.deliveries.map(({ name }) => name)).not.toContain('member_left_channel');
    const refused = channel === 'C0GENERAL' ? 'not_in_channel' : 'channel_not_found';
    for (const call of [
      client.chat.postMessage({ channel, text: 'x', thread_ts: ts }),
      client.conversations.replies({ channel, ts }),
      client.reactions.add({ channel, timestamp: ts, name: 'eyes' }),
    ]) {
      expect(await errorOf(call)).toBe(refused);
    }
  });

  it('is said by Slackbot, too, in a conversation that nobody else is in', async () => {
    const { slack } = await standInWithApp();
    await slack.removeApp('U0ADA', 'C0GENERAL');
    await expect
      .poll(() => slack.deliveries.at(-1)?.payload.event)
      .toMatchObject({ type: 'message', user: 'USLACKBOT', channel_type: 'im' });
  });

  it('is heard again once the app is invited', async () => {
    const { slack } = await standInWithApp();
    expect(await heard(slack.say('U0ADA', 'C0RANDOM', 'too early').delivered)).toBeUndefined();
    slack.join('U0BRIDGE', 'C0RANDOM');
    expect(await heard(slack.say('U0ADA', 'C0RANDOM', 'now').delivered)).toMatchObject({ text: 'now' });
    expect(slack.deliveries.map(({ payload }) => payload.event)).toContainEqual(
      expect.objectContaining({ type: 'member_joined_channel', user: 'U0BRIDGE', channel: 'C0RANDOM' }),
    );
  });
});

describe('people who come and go', () => {
  it('are told to an app that is there, as an event and as a line', async () => {
    const { slack } = await standInWithApp();
    expect(await heard(slack.leave('U0ALAN', 'G0SECRET').delivered)).toMatchObject({
      subtype: 'group_leave',
    });
    expect(slack.deliveries.map(({ payload }) => payload.event)).toContainEqual(
      expect.objectContaining({ type: 'member_left_channel', user: 'U0ALAN', channel_type: 'G' }),
    );
    expect(await heard(slack.leave('U0GRACE', 'C0RANDOM').delivered)).toBeUndefined();
    expect(slack.deliveries.map(({ payload }) => payload.event)).not.toContainEqual(
      expect.objectContaining({ channel: 'C0RANDOM' }),
    );
    expect(() => slack.say('U0ALAN', 'G0SECRET', 'hello?')).toThrow('not in');
  });
});

describe('an archived channel', () => {
  it.each([
    ['C0GENERAL', 'channel_archive', 'channel_unarchive'],
    ['G0SECRET', 'group_archive', 'group_unarchive'],
  ])(
    '%s is told, and can be read but not written to, until it is opened again',
    async (channel, archived, opened) => {
      const { slack, client } = await standInWithApp();
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
      expect(await heard(slack.archive('U0ADA', channel))).toMatchObject({
        type: archived,
        channel,
        user: 'U0ADA',
      });
      expect((await client.conversations.info({ channel })).channel).toMatchObject({ is_archived: true });
      expect((await client.conversations.replies({ channel, ts })).messages).toHaveLength(1);
      const refused = async (call: Promise<unknown>) => errorOf(call);
      expect(await refused(client.chat.postMessage({ channel, text: 'x', thread_ts: ts }))).toBe(
        'is_archived',
      );
      expect(await refused(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).toBe(
        'is_archived',
      );
      expect(await refused(client.chat.update({ channel, ts, text: 'x' }))).toBe('is_inactive');
      expect(() => slack.say('U0ADA', channel, 'hello?')).toThrow('archived');
      expect(await heard(slack.unarchive('U0ADA', channel))).toMatchObject({ type: opened });
      expect(await errorOf(client.chat.postMessage({ channel, text: 'x', thread_ts: ts }))).toBe('ok');
    },
  );

  it('is told also of a public channel that the app is not in, and of no other', async () => {
    const { slack } = await standInWithApp();
    expect(await heard(slack.archive('U0ADA', 'C0RANDOM'))).toMatchObject({ type: 'channel_archive' });
    expect(await heard(slack.archive('U0GRACE', 'G0CLOSED'))).toBeUndefined();
  });
});

describe('a channel that is deleted', () => {
  it('is told, and gone', async () => {
    const { slack, client } = await standInWithApp();
    expect(await heard(slack.deleteChannel('U0ADA', 'C0GENERAL'))).toMatchObject({
      type: 'channel_deleted',
      channel: 'C0GENERAL',
    });
    expect(await errorOf(client.chat.postMessage({ channel: 'C0GENERAL', text: 'x' }))).toBe(
      'channel_not_found',
    );
  });
});

describe('a private channel whose id changes', () => {
  it('goes on under the new one, with its threads; the old one is nobody’s', async () => {
    const { slack, client } = await standInWithApp();
    const root = slack.say('U0ADA', 'G0SECRET', 'root');
    const { id, delivered } = slack.changeChannelId('G0SECRET');
    expect(await heard(delivered)).toMatchObject({
      type: 'channel_id_changed',
      old_channel_id: 'G0SECRET',
      new_channel_id: id,
    });
    const reply = slack.say('U0ALAN', id, 'reply', { thread_ts: root.ts });
    expect(await heard(reply.delivered)).toMatchObject({ channel: id, thread_ts: root.ts });
    expect((await client.conversations.replies({ channel: id, ts: root.ts })).messages).toHaveLength(2);
    expect(await heard(slack.edit('U0ADA', root.message, 'better').delivered)).toMatchObject({ channel: id });
    expect((await client.conversations.info({ channel: id })).channel).toMatchObject({
      is_pending_ext_shared: true,
      is_ext_shared: false,
    });
    expect(await errorOf(client.conversations.info({ channel: 'G0SECRET' }))).toBe('channel_not_found');
    expect(() => slack.changeChannelId('C0GENERAL')).toThrow('private');
  });
});

describe('a channel that another company comes into', () => {
  it('says so, and whose its people are', async () => {
    const { slack, client } = await standInWithApp();
    expect(await heard(slack.shareChannel('C0GENERAL', 'T0ELSE'))).toMatchObject({
      type: 'channel_shared',
      connected_team_id: 'T0ELSE',
    });
    slack.join('U0CONNECT', 'C0GENERAL');
    expect(await heard(slack.say('U0CONNECT', 'C0GENERAL', 'hi').delivered)).toMatchObject({
      team: 'T0ELSE',
      user_team: 'T0ELSE',
      source_team: 'T0ELSE',
    });
    expect(await heard(slack.say('U0ADA', 'C0GENERAL', 'hi').delivered)).toMatchObject({
      user_team: 'T0CORP',
    });
    expect((await client.conversations.info({ channel: 'C0GENERAL' })).channel).toMatchObject({
      is_ext_shared: true,
      shared_team_ids: ['T0CORP', 'T0ELSE'],
    });
  });
});

describe('a conversation of several people', () => {
  it('is private, has a kind of its own, and wants scopes of its own', async () => {
    const { slack, client } = await standInWithApp();
    const channel = slack.openGroupDm('U0ADA', 'U0GRACE', 'U0BRIDGE');
    const { delivered, ts } = slack.say('U0ADA', channel, 'hi');
    expect(await heard(delivered)).toMatchObject({ channel_type: 'mpim' });
    expect((await client.conversations.info({ channel })).channel).toMatchObject({
      is_mpim: true,
      is_private: true,
      name: 'mpdm-ada--grace--chatter_bridge-1',
    });
    const { slack: other, client: without } = await standIn({ scopes: ['channels:history'] });
    const unreadable = other.openGroupDm('U0ADA', 'U0BRIDGE');
    await expect(without.conversations.replies({ channel: unreadable, ts })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'mpim:history' },
    });
  });
});

describe('subscriptions', () => {
  it('are what decides which of it is heard', async () => {
    const { slack } = await standInWithApp({ subscriptions: ['channel_archive'] });
    expect(await heard(slack.say('U0ADA', 'C0GENERAL', 'hi').delivered)).toBeUndefined();
    expect(await heard(slack.removeApp('U0ADA', 'G0SECRET'))).toBeUndefined();
    expect(await heard(slack.archive('U0ADA', 'C0GENERAL'))).toMatchObject({ type: 'channel_archive' });
  });
});

describe('reading a long thread', () => {
  const texts = (messages: readonly { text?: string }[] = []) => messages.map(({ text }) => text);

  it('goes page by page, each beginning with the root', async () => {
    const { slack, client } = await standIn();
    const { ts } = slack.say('U0ADA', 'C0GENERAL', 'root');
    for (let i = 1; i <= 5; i += 1) slack.say('U0ADA', 'C0GENERAL', `${i}`, { thread_ts: ts });
    const pages: unknown[] = [];
    for await (const page of client.paginate('conversations.replies', {
      channel: 'C0GENERAL',
      ts,
      limit: 2,
    })) {
      pages.push(texts((page as { messages?: { text?: string }[] }).messages));
    }
    expect(pages).toEqual([
      ['root', '1', '2'],
      ['root', '3', '4'],
      ['root', '5'],
    ]);
  });

  it('goes once a minute and in fifteens for an app that is distributed', async () => {
    let now = 1_790_000_000_000;
    const { slack, client } = await standIn({ switches: { readingThreads: 'distributed' }, now: () => now });
    const { ts } = slack.say('U0ADA', 'C0GENERAL', 'root');
    for (let i = 1; i <= 20; i += 1) slack.say('U0ADA', 'C0GENERAL', `${i}`, { thread_ts: ts });
    const read = (cursor?: string) =>
      client.conversations.replies({ channel: 'C0GENERAL', ts, limit: 200, ...(cursor ? { cursor } : {}) });
    const first = await read();
    expect(first.messages).toHaveLength(1 + 15);
    now += 20_000;
    await expect(read()).rejects.toMatchObject({ retryAfter: 40 });
    now += 40_000;
    expect(texts((await read(first.response_metadata?.next_cursor)).messages)).toEqual([
      'root',
      ...['16', '17', '18', '19', '20'],
    ]);
  });
});

describe('deleting the root of a thread', () => {
  it('tells its replies as changed as well, where that is how Slack turns out to be', async () => {
    const { slack } = await standInWithApp({ switches: { deletedRootChangesReplies: true } });
    const root = slack.say('U0ADA', 'C0GENERAL', 'root');
    const reply = slack.say('U0GRACE', 'C0GENERAL', 'reply', { thread_ts: root.ts });
    await Promise.all([root.delivered, reply.delivered]);
    await slack.delete('U0ADA', root.message).delivered;
    await expect.poll(() => slack.deliveries).toHaveLength(4);
    expect(slack.deliveries.slice(2).map(({ payload }) => payload.event)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ message: expect.objectContaining({ subtype: 'tombstone' }) }),
        expect.objectContaining({
          message: expect.objectContaining({ ts: reply.ts, text: 'reply' }),
          previous_message: expect.objectContaining({ ts: reply.ts, text: 'reply' }),
        }),
      ]),
    );
  });
});

it('seeds with group conversations and shared channels', async () => {
  const seed = sampleWorkspace();
  const more = [
    { id: 'G0THREE', name: 'mpdm-1', is_mpim: true, members: ['U0ADA', 'U0GRACE', 'U0BRIDGE'] },
    { id: 'C0SHARED', name: 'shared', is_ext_shared: true, members: ['U0ADA', 'U0CONNECT', 'U0BRIDGE'] },
  ];
  const { client } = await standIn({ seed: { ...seed, channels: [...seed.channels, ...more] } });
  expect((await client.conversations.info({ channel: 'G0THREE' })).channel?.is_mpim).toBe(true);
  expect((await client.conversations.info({ channel: 'C0SHARED' })).channel?.is_ext_shared).toBe(true);
});
