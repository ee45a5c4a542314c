import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { ADA, LANE, PAIR, startInThread } from './in-thread.ts';

describe('a reply in a thread of the bridge', () => {
  it('is taken with its lane, its place and its time', async () => {
    const { slack, core, dm, thread, inThread } = await startInThread();
    const said = slack.say('U0ADA', dm, 'see <you> & *me*', inThread);
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
    expect(core.taken).toEqual([
      {
        redelivered: true,
        incoming: {
          id: `msg-T0CORP-${dm}-${said.ts}-new`,
          lane: LANE,
          order: Number(said.ts.replace('.', '')),
          message: {
            v: 1,
            author: ADA,
            text: 'see &lt;you&gt; &amp; *me*',
            beyondText: expect.objectContaining({ rich: [expect.anything()] }),
            to: { kind: 'thread', thread },
            source: `T0CORP-${dm}-${said.ts}`,
          },
        },
      },
    ]);
    expect(core.hints).toEqual([]);
  });

  it.each([
    ['with files and text', 'look', { files: [{ id: 'F1' }] }],
    ['with files and no text', '', { subtype: 'file_share', files: [{ id: 'F1' }] }],
    ['that is also sent to the conversation', 'look', { subtype: 'thread_broadcast' }],
    ['with /me', 'looks up', { subtype: 'me_message' }],
  ] as const)('%s travels', async (_, text, how) => {
    const { slack, core, dm, inThread } = await startInThread();
    await slack.say('U0ADA', dm, text, { ...inThread, ...how }).delivered;
    expect(core.taken).toMatchObject([{ incoming: { message: { text } } }]);
    expect(core.hints).toEqual([]);
  });

  it('is taken once, when Slack tells of it as a reply and as one that is also sent to the conversation', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    const said = slack.say('U0ADA', dm, 'to all of you', inThread);
    await said.delivered;
    const again = { ...said.message, channel_type: 'im', subtype: 'thread_broadcast' };
    expect(await slack.event(again as never)).toMatchObject([{ status: 200 }]);
    expect(core.asked).toHaveLength(2);
    expect(core.taken).toHaveLength(1);
  });

  it('is taken with what its text does not say, and without what nobody needs of that', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] }];
    const list = { type: 'rich_text_list', style: 'ordered', indent: 0, elements };
    const file = { name: 'plan.pdf', size: 5, permalink: 'https://corp.slack.com/files/F1' };
    await slack.say('U0ADA', dm, '1. one', {
      ...inThread,
      blocks: [{ type: 'rich_text', block_id: 'b', elements: [list] }],
      files: [{ id: 'F1', url_private: 'https://files.slack.com/F1', ...file }],
    }).delivered;
    expect(core.taken[0]?.incoming.message.beyondText).toEqual({
      rich: [{ type: 'rich_text', elements: [list] }],
      files: [file],
    });
  });

  it('is not acknowledged until it is stored', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const said = slack.say('U0ADA', dm, 'hello', inThread);
    await expect.poll(() => core.asked).toHaveLength(1);
    expect(slack.deliveries).toEqual([]);
    store();
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
  });

  it.each(['refused', 'unsure'] as const)('that is %s comes again until it is stored', async (taken) => {
    const { slack, core, dm, inThread } = await startInThread({ slack: { retryDelaysMs: [300] } });
    core.answers.taken = taken;
    const said = slack.say('U0ADA', dm, 'hello', inThread);
    await expect.poll(() => slack.deliveries).toHaveLength(1);
    core.answers.taken = 'stored';
    const attempts = await said.delivered;
    expect(attempts[0]).toMatchObject({ status: 500 });
    expect(attempts.at(-1)).toMatchObject({ status: 200 });
    expect(core.taken).toHaveLength(1);
  });

  it('comes again when the thread cannot be looked up', async () => {
    const { slack, core, dm, inThread } = await startInThread({ slack: { retryDelaysMs: [] } });
    core.answers.broken = true;
    expect(await slack.say('U0ADA', dm, 'hello', inThread).delivered).toMatchObject([{ status: 500 }]);
    expect([...core.taken, ...core.hints]).toEqual([]);
  });

  it.each(['twice', 'two-ids'] as const)('that Slack delivers %s has one id', async (kind) => {
    const { slack, core, dm, inThread } = await startInThread();
    slack.faults.arm({ method: 'events', kind });
    expect(await slack.say('U0ADA', dm, 'hello', inThread).delivered).toHaveLength(2);
    expect(new Set(core.asked).size).toBe(1);
    expect(core.taken).toHaveLength(1);
  });

  it('by somebody else is dropped', async () => {
    const { slack, core, dm, inThread, thread } = await startInThread();
    core.links.set(thread, { v: 1, person: 'T0CORP-U0GRACE' as ChatPersonId, lane: LANE, pair: PAIR });
    expect(await slack.say('U0ADA', dm, 'hello', inThread).delivered).toMatchObject([{ status: 200 }]);
    expect([...core.taken, ...core.hints]).toEqual([]);
  });
});

describe('a message outside of the known threads', () => {
  it.each([
    ['to the app itself', () => ({})],
    ['in another thread', ({ ts }: { ts: string }) => ({ thread_ts: ts })],
  ])('%s is explained', async (_, where) => {
    const { slack, core, dm } = await startInThread();
    const other = slack.workspace.add({ channel: dm, user: 'U0BRIDGE', bot_id: 'B0BRIDGE', text: 'Hint' });
    const said = slack.say('U0ADA', dm, 'hello', where(other));
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
    expect(core.hints).toEqual([{ id: `hint-T0CORP-${dm}-${said.ts}`, person: ADA }]);
    expect(core.taken).toEqual([]);
  });

  it('comes again while something is being said: its thread may just be being opened', async () => {
    const { slack, core, dm, thread } = await startInThread({
      slack: { retryDelaysMs: [300, 2_000, 2_000] },
    });
    const [, , ts = ''] = thread.split('-');
    core.answers.isSaying = true;
    core.links.clear();
    const said = slack.say('U0ADA', dm, 'quick', { thread_ts: ts });
    await expect.poll(() => slack.deliveries).not.toHaveLength(0);
    core.links.set(thread, { v: 1, person: ADA, lane: LANE, pair: PAIR });
    const attempts = await said.delivered;
    expect([attempts[0]?.status, attempts.at(-1)?.status]).toEqual([500, 200]);
    expect(core.taken).toHaveLength(1);
    expect(core.hints).toEqual([]);
  });

  it('goes when its thread was opened just while that was asked', async () => {
    const { slack, core, dm, thread } = await startInThread();
    const [, , ts = ''] = thread.split('-');
    core.links.clear();
    core.answers.asked = () => core.links.set(thread, { v: 1, person: ADA, lane: LANE, pair: PAIR });
    await slack.say('U0ADA', dm, 'quick', { thread_ts: ts }).delivered;
    expect(core.taken).toHaveLength(1);
    expect(core.hints).toEqual([]);
  });

  it('is explained at Slack\u2019s last try, whatever is being said', async () => {
    const { slack, core, dm, thread } = await startInThread({ slack: { retryDelaysMs: [10, 10, 10] } });
    const [, , ts = ''] = thread.split('-');
    core.answers.isSaying = true;
    core.links.clear();
    const attempts = await slack.say('U0ADA', dm, 'hello', { thread_ts: ts }).delivered;
    expect(attempts.map((one) => one.status)).toEqual([500, 500, 500, 200]);
    expect(core.hints).toHaveLength(1);
  });

  it('is explained as well when it is files', async () => {
    const { slack, core, dm } = await startInThread();
    await slack.say('U0ADA', dm, '', { files: [{ id: 'F1' }] }).delivered;
    expect(core.hints).toHaveLength(1);
    expect(core.taken).toEqual([]);
  });

  it('is explained as well when nothing is in it', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    await slack.say('U0ADA', dm, ' ', inThread).delivered;
    expect(core.hints).toHaveLength(1);
    expect(core.taken).toEqual([]);
  });

  it('comes again when the explanation cannot be stored', async () => {
    const { slack, core, dm } = await startInThread({ slack: { retryDelaysMs: [] } });
    core.answers.taken = 'refused';
    expect(await slack.say('U0ADA', dm, 'hello').delivered).toMatchObject([{ status: 500 }]);
  });
});

describe('what is nobody’s new words', () => {
  it('does not travel: other apps, modern and classic', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    await slack.sayAsBot(dm, 'beep', inThread).delivered;
    await slack.sayAsBot(dm, 'beep', { ...inThread, classic: true }).delivered;
    expect([...core.asked, ...core.hints]).toEqual([]);
  });

  it('does not travel: channels', async () => {
    const { slack, core } = await startInThread();
    await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    await slack.join('U0ADA', 'C0RANDOM').delivered;
    expect([...core.asked, ...core.hints]).toEqual([]);
  });

  it.each([
    ['own, by bot id', { bot_id: 'B0BRIDGE' }],
    ['own, by app id', { app_id: 'A0BRIDGE' }],
    ['own, by user', { user: 'U0BRIDGE' }],
    ['own, by its metadata', { metadata: { event_type: 'chatter_bridge_note', event_payload: {} } }],
    ["Slack's own", { user: 'USLACKBOT' }],
    ['of nobody', { user: undefined }],
    ['hidden', { hidden: true }],
    ['a tombstone', { subtype: 'tombstone' }],
    ['of an unknown subtype', { subtype: 'something_new' }],
    ['locked by its company', { subtype: 'ekm_access_denied' }],
    ['in a group conversation', { channel_type: 'mpim' }],
    ['without a channel type', { channel_type: undefined }],
  ])('does not travel: %s', async (_, fields) => {
    const { slack, core, dm, inThread, lines } = await startInThread();
    const event = {
      type: 'message',
      channel: dm,
      channel_type: 'im',
      user: 'U0ADA',
      text: 'the secret word',
      ts: '1700000001.000100',
      ...inThread,
      ...fields,
    };
    expect(await slack.event(event as never)).toMatchObject([{ status: 200 }]);
    expect([...core.asked, ...core.hints]).toEqual([]);
    expect(lines.some((line) => line.includes('does not travel'))).toBe(true);
    expect(lines.join('')).not.toContain('secret word');
  });
});
