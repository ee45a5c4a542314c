import { describe, expect, it } from 'vitest';
import { errorOf } from './error-of.ts';
import { standIn } from './stand-in.ts';

async function plain(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { method: 'POST', ...init });
  return { headers: response.headers, ...((await response.json()) as { ok: boolean; error?: string }) };
}

describe('authorisation', () => {
  it('wants a token that it knows', async () => {
    const { slack } = await standIn();
    const url = `${slack.apiUrl}auth.test`;
    expect((await plain(url)).error).toBe('not_authed');
    expect((await plain(url, { headers: { authorization: 'Bearer xoxb-wrong' } })).error).toBe(
      'invalid_auth',
    );
    const inForm = await plain(url, { body: new URLSearchParams({ token: slack.botToken }) });
    expect(inForm.ok).toBe(true);
    expect(inForm.headers.get('x-oauth-scopes')).toContain('chat:write');
  });

  it('takes app tokens for Socket Mode, and for nothing else', async () => {
    const { slack, client } = await standIn();
    expect(await errorOf(client.apps.connections.open({}))).toBe('not_allowed_token_type');
    expect(await errorOf(client.auth.test({ token: slack.appToken }))).toBe('not_allowed_token_type');
  });

  it('names the scope that is missing, and those that are there', async () => {
    const { client } = await standIn({ scopes: ['im:write'] });
    await expect(client.chat.postMessage({ channel: 'C0GENERAL', text: 'x' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write', provided: 'im:write' },
    });
    expect(await errorOf(client.conversations.history({ channel: 'G0SECRET' }))).toBe('missing_scope');
  });

  it('knows no other methods, and takes arguments that it does not know', async () => {
    const { client } = await standIn();
    expect(await errorOf(client.apiCall('chat.shout'))).toBe('unknown_method');
    expect(await errorOf(client.apiCall('toString'))).toBe('unknown_method');
    expect(await errorOf(client.apiCall('auth.test', { colour: 'blue' }))).toBe('ok');
  });

  it('takes JSON, if it is an object', async () => {
    const { slack } = await standIn();
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' };
    const url = `${slack.apiUrl}chat.postMessage`;
    const body = JSON.stringify({ channel: 'C0GENERAL', text: 'as JSON' });
    expect((await plain(url, { headers, body })).ok).toBe(true);
    expect((await plain(url, { headers, body: '{' })).error).toBe('invalid_json');
    expect((await plain(url, { headers, body: '[]' })).error).toBe('json_not_object');
  });

  it('keeps a log of calls without tokens', async () => {
    const { slack, client } = await standIn();
    await client.users.info({ user: 'U0ADA', token: slack.botToken });
    expect(slack.calls).toMatchObject([
      { method: 'users.info', args: { user: 'U0ADA' }, status: 200, ok: true },
    ]);
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
  });
});

describe('posting', () => {
  it('answers with the message, and tells the app of it as of any other', async () => {
    const { slack, client } = await standIn();
    const posted = await client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'hello',
      metadata: { event_type: 'chatter_bridge', event_payload: { id: '1' } },
    });
    expect(posted).toMatchObject({
      ok: true,
      channel: 'C0GENERAL',
      message: { text: 'hello', bot_id: 'B0BRIDGE' },
    });
    expect(slack.messages('C0GENERAL')).toMatchObject([{ ts: posted.ts, text: 'hello' }]);
    await expect
      .poll(() => slack.deliveries[0]?.payload.event)
      .toMatchObject({
        bot_id: 'B0BRIDGE',
        metadata: { event_type: 'chatter_bridge' },
      });
  });

  it('takes a person for the DM with them', async () => {
    const { slack, client } = await standIn();
    const { channel } = await client.chat.postMessage({ channel: 'U0ADA', text: 'hello' });
    expect(channel).toBe(slack.dmOf('U0ADA'));
    const opened = await client.conversations.open({ users: 'U0ADA' });
    expect(opened.channel?.id).toBe(channel);
  });

  it('replies to roots only', async () => {
    const { slack, client } = await standIn();
    const { ts } = await client.chat.postMessage({ channel: 'U0ADA', text: 'root' });
    const channel = slack.dmOf('U0ADA');
    const reply = await client.chat.postMessage({ channel, text: 'reply', thread_ts: String(ts) });
    const inReply = { channel, text: 'x', thread_ts: String(reply.ts) };
    expect(await errorOf(client.chat.postMessage(inReply))).toBe('thread_not_found');
    expect(await errorOf(client.chat.postMessage({ ...inReply, thread_ts: '1' }))).toBe('invalid_thread_ts');
    expect(slack.thread(channel, String(ts)).map(({ text }) => text)).toEqual(['root', 'reply']);
    expect(slack.messages(channel)[0]).toMatchObject({
      thread_ts: ts,
      reply_count: 1,
      latest_reply: reply.ts,
    });
  });

  it('refuses what Slack refuses', async () => {
    const { client } = await standIn();
    const post = (channel: string, text: string, blocks?: object[]) =>
      errorOf(client.apiCall('chat.postMessage', { channel, text, ...(blocks ? { blocks } : {}) }));
    expect(await post('C0GENERAL', '')).toBe('no_text');
    expect(await post('C0GENERAL', 'x'.repeat(40_001))).toBe('msg_too_long');
    expect(await post('C0GENERAL', 'x'.repeat(40_000))).toBe('ok');
    expect(await post('C0RANDOM', 'x')).toBe('not_in_channel');
    expect(await post('G0CLOSED', 'x')).toBe('channel_not_found');
    expect(await post('C0NOWHERE', 'x')).toBe('channel_not_found');
    expect(await post('C0GENERAL', 'x', [{ type: 'section' }])).toBe('invalid_blocks');
  });

  it('cuts long text off instead, where that is how Slack turns out to be', async () => {
    const { slack, client } = await standIn({ switches: { longText: 'truncate' } });
    await client.chat.postMessage({ channel: 'C0GENERAL', text: 'x'.repeat(40_001) });
    expect(slack.messages('C0GENERAL')[0]?.text).toHaveLength(40_000);
  });

  it('updates and deletes its own messages only', async () => {
    const { slack, client } = await standIn();
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'one' });
    await client.chat.update({ channel: 'C0GENERAL', ts, text: 'two' });
    expect(slack.messages('C0GENERAL')).toMatchObject([{ text: 'two', edited: { user: 'U0BRIDGE' } }]);
    const theirs = slack.say('U0ADA', 'C0GENERAL', 'mine').ts;
    const other = { channel: 'C0GENERAL', ts: theirs };
    expect(await errorOf(client.chat.update({ ...other, text: 'x' }))).toBe('cant_update_message');
    expect(await errorOf(client.chat.delete(other))).toBe('cant_delete_message');
    await client.chat.delete({ channel: 'C0GENERAL', ts });
    expect(await errorOf(client.chat.delete({ channel: 'C0GENERAL', ts }))).toBe('message_not_found');
    await expect
      .poll(() => slack.deliveries.map(({ name }) => name))
      .toEqual(['message', 'message.message_changed', 'message', 'message.message_deleted']);
  });

  it('says something under another name, where it may, and cannot take that back', async () => {
    const said = { channel: 'C0GENERAL', text: 'x', username: 'Grace Hopper (Chatter)' };
    const { slack, client } = await standIn();
    const { ts = '' } = await client.chat.postMessage(said);
    expect(slack.messages('C0GENERAL')).toMatchObject([
      { subtype: 'bot_message', username: said.username, bot_id: 'B0BRIDGE' },
    ]);
    expect(slack.messages('C0GENERAL')[0]).not.toHaveProperty('user');
    expect(await errorOf(client.chat.delete({ channel: 'C0GENERAL', ts }))).toBe('cant_delete_message');
    const without = await standIn({ scopes: ['chat:write'] });
    await without.client.chat.postMessage(said);
    expect(without.slack.messages('C0GENERAL')).toMatchObject([{ user: 'U0BRIDGE' }]);
    const strict = await standIn({
      scopes: ['chat:write'],
      switches: { usernameWithoutScope: 'missing_scope' },
    });
    expect(await errorOf(strict.client.chat.postMessage(said))).toBe('missing_scope');
  });

  it('shows ephemeral messages to one person of the channel', async () => {
    const { slack, client } = await standIn();
    const to = (user: string) => client.chat.postEphemeral({ channel: 'G0SECRET', user, text: 'psst' });
    expect(await errorOf(to('U0GRACE'))).toBe('user_not_in_channel');
    const { message_ts } = await to('U0ADA');
    expect(slack.ephemeralsOf('U0ADA')).toMatchObject([{ ts: message_ts, text: 'psst' }]);
    expect(slack.messages('G0SECRET')).toEqual([]);
  });
});

describe('reading', () => {
  it('gives a thread root first, with metadata on request, page by page', async () => {
    const { slack, client } = await standIn();
    const root = slack.say('U0ADA', 'C0GENERAL', 'root').ts;
    const metadata = { event_type: 'mark', event_payload: { id: 'a' } };
    for (const text of ['one', 'two', 'three']) {
      await client.chat.postMessage({ channel: 'C0GENERAL', text, thread_ts: root, metadata });
    }
    const read = (more: object) => client.conversations.replies({ channel: 'C0GENERAL', ts: root, ...more });
    const first = await read({ limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['root', 'one', 'two']);
    expect(first.messages?.[1]).not.toHaveProperty('metadata');
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await read({ limit: 2, cursor, include_all_metadata: true });
    expect(second.messages?.map(({ text }) => text)).toEqual(['root', 'three']);
    expect(second.messages?.[1]).toMatchObject({ metadata, parent_user_id: 'U0ADA' });
    const late = await read({ oldest: first.messages?.[2]?.ts });
    expect(late.messages?.map(({ text }) => text)).toEqual(['root', 'three']);
  });

  it('gives history newest first, without replies', async () => {
    const { slack, client } = await standIn();
    const first = slack.say('U0ADA', 'C0GENERAL', 'first');
    slack.say('U0GRACE', 'C0GENERAL', 'a reply', { thread_ts: first.ts });
    slack.say('U0GRACE', 'C0GENERAL', 'second');
    const history = await client.conversations.history({ channel: 'C0GENERAL' });
    expect(history.messages?.map(({ text }) => text)).toEqual(['second', 'first']);
    const since = await client.conversations.history({ channel: 'C0GENERAL', oldest: first.ts });
    expect(since.messages?.map(({ text }) => text)).toEqual(['second']);
  });

  it('knows people by id and address, deactivated ones by id alone', async () => {
    const { client } = await standIn();
    const { user } = await client.users.lookupByEmail({ email: 'ADA@corp.com' });
    expect(user).toMatchObject({
      id: 'U0ADA',
      real_name: 'Ada Lovelace',
      profile: { email: 'ada@corp.com' },
    });
    expect(await errorOf(client.users.lookupByEmail({ email: 'gone@corp.com' }))).toBe('users_not_found');
    expect((await client.users.info({ user: 'U0GONE' })).user?.deleted).toBe(true);
    expect((await client.users.info({ user: 'U0GUEST' })).user?.is_restricted).toBe(true);
    expect((await client.users.info({ user: 'U0CONNECT' })).user).toMatchObject({ is_stranger: true });
    expect(await errorOf(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
  });

  it('shows e-mail addresses only to apps with the scope for it', async () => {
    const { client } = await standIn({ scopes: ['users:read'] });
    expect((await client.users.info({ user: 'U0ADA' })).user?.profile).not.toHaveProperty('email');
  });

  it('lists groups, members, a channel, a permalink', async () => {
    const { slack, client } = await standIn();
    const { usergroups } = await client.usergroups.list({ include_users: true });
    expect(usergroups).toMatchObject([{ id: 'S0TEAM', handle: 'team', users: ['U0GRACE', 'U0ALAN'] }]);
    const members = await client.usergroups.users.list({ usergroup: 'S0TEAM' });
    expect(members.users).toEqual(['U0GRACE', 'U0ALAN']);
    expect(await errorOf(client.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
    const page = await client.conversations.members({ channel: 'C0RANDOM', limit: 1 });
    expect(page).toMatchObject({
      members: ['U0ADA'],
      response_metadata: { next_cursor: expect.stringMatching(/./) },
    });
    const { channel } = await client.conversations.info({ channel: 'C0RANDOM' });
    expect(channel).toMatchObject({ name: 'random', is_member: false, is_private: false });
    const { ts } = slack.say('U0ADA', 'C0GENERAL', 'x');
    const { permalink } = await client.chat.getPermalink({ channel: 'C0GENERAL', message_ts: ts });
    expect(permalink).toBe(`https://corp.slack.com/archives/C0GENERAL/p${ts.replace('.', '')}`);
  });
});

describe('reactions', () => {
  it('are added once, by names that exist, to messages that exist', async () => {
    const { slack, client } = await standIn();
    const at = { channel: 'C0GENERAL', timestamp: slack.say('U0ADA', 'C0GENERAL', 'x').ts };
    await client.reactions.add({ ...at, name: 'white_check_mark' });
    expect(slack.messages('C0GENERAL')[0]?.reactions).toEqual([
      { name: 'white_check_mark', users: ['U0BRIDGE'] },
    ]);
    expect(await errorOf(client.reactions.add({ ...at, name: 'white_check_mark' }))).toBe('already_reacted');
    expect(await errorOf(client.reactions.add({ ...at, name: 'no_such_emoji' }))).toBe('invalid_name');
    const nowhere = { ...at, timestamp: '1700000000.000001', name: 'eyes' };
    expect(await errorOf(client.reactions.add(nowhere))).toBe('message_not_found');
    await client.reactions.remove({ ...at, name: 'white_check_mark' });
    expect(await errorOf(client.reactions.remove({ ...at, name: 'white_check_mark' }))).toBe('no_reaction');
  });
});
