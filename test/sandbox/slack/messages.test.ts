import { describe, expect, it } from 'vitest';
import type { Said } from '../../../sandbox/slack/people/messages.ts';
import { sampleWorkspace } from '../../../sandbox/slack/sample-workspace.ts';
import { standInWithApp } from './stand-in.ts';

/** The event that told the app of something. */
async function eventOf({ delivered }: Said): Promise<unknown> {
  return (await delivered)[0]?.payload.event;
}

describe('message events', () => {
  it('come in an envelope with an id of their own', async () => {
    const { slack } = await standInWithApp();
    const said = slack.say('U0ADA', 'C0GENERAL', 'hello');
    const [attempt] = await said.delivered;
    expect(attempt?.payload).toMatchObject({
      type: 'event_callback',
      team_id: 'T0CORP',
      api_app_id: 'A0BRIDGE',
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: 'T0CORP', user_id: 'U0BRIDGE', is_bot: true }],
      event: {
        type: 'message',
        user: 'U0ADA',
        text: 'hello',
        ts: said.ts,
        event_ts: said.ts,
        channel: 'C0GENERAL',
        channel_type: 'channel',
        team: 'T0CORP',
        client_msg_id: expect.any(String),
        blocks: [{ type: 'rich_text' }],
      },
    });
    expect(attempt?.payload.event).not.toHaveProperty('subtype');
  });

  it('say when the channel is shared with another company', async () => {
    const seed = sampleWorkspace();
    const shared = { id: 'C0SHARED', name: 'shared', is_ext_shared: true, members: ['U0ADA', 'U0BRIDGE'] };
    const { slack } = await standInWithApp({ seed: { ...seed, channels: [...seed.channels, shared] } });
    const [attempt] = await slack.say('U0ADA', 'C0SHARED', 'hello').delivered;
    expect(attempt?.payload.is_ext_shared_channel).toBe(true);
  });

  it('of replies name the thread and the author of its root', async () => {
    const { slack } = await standInWithApp();
    const dm = slack.dmOf('U0ADA');
    const root = slack.say('U0ADA', dm, 'root');
    const reply = await eventOf(slack.say('U0ADA', dm, 'reply', { thread_ts: root.ts }));
    expect(reply).toMatchObject({ thread_ts: root.ts, parent_user_id: 'U0ADA', channel_type: 'im' });
  });

  it('of edits are hidden, and show before and after', async () => {
    const { slack } = await standInWithApp();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'lunhc?');
    expect(await eventOf(slack.edit('U0ADA', message, 'lunch?'))).toMatchObject({
      subtype: 'message_changed',
      hidden: true,
      message: { ts: message.ts, text: 'lunch?', edited: { user: 'U0ADA', ts: expect.any(String) } },
      previous_message: { ts: message.ts, text: 'lunhc?' },
    });
    expect(() => slack.edit('U0GRACE', message, 'dinner?')).toThrow('their own');
  });

  it('of unfurls look like edits that nobody made', async () => {
    const { slack } = await standInWithApp();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'see https://example.com');
    const event = await eventOf(slack.unfurl(message, 'https://example.com'));
    expect(event).toMatchObject({ subtype: 'message_changed', message: { attachments: [{}] } });
    expect(event).not.toHaveProperty('message.edited');
  });

  it('of deletions name the deleted message; a root with replies leaves a placeholder', async () => {
    const { slack } = await standInWithApp();
    const lone = slack.say('U0ADA', 'C0GENERAL', 'alone').message;
    expect(await eventOf(slack.delete('U0ADA', lone))).toMatchObject({
      subtype: 'message_deleted',
      hidden: true,
      deleted_ts: lone.ts,
      previous_message: { text: 'alone', user: 'U0ADA' },
    });
    const root = slack.say('U0ADA', 'C0GENERAL', 'root').message;
    slack.say('U0GRACE', 'C0GENERAL', 'reply', { thread_ts: root.ts });
    expect(await eventOf(slack.delete('U0ADA', root))).toMatchObject({
      subtype: 'message_changed',
      message: { subtype: 'tombstone' },
      previous_message: { text: 'root' },
    });
    expect(slack.thread('C0GENERAL', root.ts)).toHaveLength(2);
  });

  it('come for joins, /me, files, broadcasts and other bots, each under its subtype', async () => {
    const { slack } = await standInWithApp();
    const root = slack.say('U0ADA', 'C0GENERAL', 'root').ts;
    const files = [{ id: 'F1', name: 'a.txt', permalink: 'https://corp.slack.com/files/F1' }];
    const subtypes = await Promise.all(
      [
        slack.join('U0GUEST', 'C0GENERAL'),
        slack.say('U0ADA', 'C0GENERAL', 'waves', { subtype: 'me_message' }),
        slack.say('U0ADA', 'C0GENERAL', '', { files }),
        slack.say('U0ADA', 'C0GENERAL', 'all', { thread_ts: root, subtype: 'thread_broadcast' }),
        slack.sayAsBot('C0GENERAL', 'beep', { classic: true }),
      ].map(eventOf),
    );
    expect(subtypes).toMatchObject([
      { subtype: 'channel_join', user: 'U0GUEST' },
      { subtype: 'me_message' },
      { subtype: 'file_share', files },
      { subtype: 'thread_broadcast', thread_ts: root },
      { subtype: 'bot_message', bot_id: 'B0OTHERBOT' },
    ]);
    expect(await eventOf(slack.sayAsBot('C0GENERAL', 'modern'))).toMatchObject({ app_id: 'A0OTHERBOT' });
  });

  it('come twice when the app is mentioned, under two ids', async () => {
    const { slack } = await standInWithApp({ subscriptions: ['message.channels', 'app_mention'] });
    const { ts } = slack.say('U0ADA', 'C0GENERAL', '@chatter_bridge hello');
    await expect.poll(() => slack.deliveries).toHaveLength(2);
    const events = slack.deliveries.map(({ payload }) => payload.event);
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'message', ts }),
        expect.objectContaining({ type: 'app_mention', ts }),
      ]),
    );
    expect(new Set(slack.deliveries.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('have times that grow, also within one millisecond', async () => {
    const { slack } = await standInWithApp({ now: () => 1_790_000_000_000 });
    const times = Array.from({ length: 20 }, (_, index) => slack.say('U0ADA', 'C0GENERAL', `${index}`).ts);
    expect(times).toEqual([...new Set(times)].sort());
    expect(times[0]).toBe('1790000000.000000');
  });

  it('never come from people who are not there', async () => {
    const { slack } = await standInWithApp();
    expect(() => slack.say('U0GRACE', 'G0SECRET', 'hello?')).toThrow('not in');
  });
});
