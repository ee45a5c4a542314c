import { describe, expect, it } from 'vitest';
import { BRIDGE, type ChatPersonId, type ChatThreadId } from '../../../src/bridge/people.ts';
import { startInMirror } from './in-mirror.ts';
import { ADA, LANE, PAIR } from './in-thread.ts';

const microseconds = (ts: string) => Number(ts.replace('.', ''));

describe('a reply in a mirrored thread', () => {
  it('is taken, by whomever, in the lane of its thread', async () => {
    const { slack, core, say, thread } = await startInMirror();
    const said = say('U0ALAN', 'see <you>');
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
    await slack.say('U0GRACE', 'C0GENERAL', 'me too', { thread_ts: thread.split('-')[2] ?? '' }).delivered;
    expect(core.taken.map(({ incoming }) => incoming.message.author)).toEqual([
      'T0CORP-U0ALAN',
      'T0CORP-U0GRACE',
    ]);
    expect(core.taken[0]).toEqual({
      redelivered: true,
      incoming: {
        id: `msg-T0CORP-C0GENERAL-${said.ts}-new`,
        lane: LANE,
        order: microseconds(said.ts),
        message: {
          v: 1,
          author: 'T0CORP-U0ALAN',
          text: 'see &lt;you&gt;',
          beyondText: expect.anything(),
          to: { kind: 'thread', thread, isMirrored: true },
          source: `T0CORP-C0GENERAL-${said.ts}`,
        },
      },
    });
  });

  it.each([
    ['that is also sent to the channel', 'look', { subtype: 'thread_broadcast' }],
    ['that is files alone', '', { files: [{ id: 'F1', name: 'plan.pdf' }] }],
  ] as const)('%s is taken once', async (_, text, how) => {
    const { core, say } = await startInMirror();
    await say('U0ALAN', text, how).delivered;
    expect(core.taken).toMatchObject([{ incoming: { message: { text } } }]);
  });

  it.each([
    ['private channel', 'group'],
    ['group conversation', 'mpim'],
  ])('is taken in a %s as well', async (_, channel_type) => {
    const { slack, core, thread, root, lines } = await startInMirror({}, 'G0SECRET');
    const event = {
      ...{ type: 'message', channel: 'G0SECRET', channel_type, user: 'U0ALAN', text: 'hush' },
      ...{ ts: '1900000000.000100', thread_ts: root.ts },
    };
    expect(await slack.event(event)).toMatchObject([{ status: 200 }]);
    expect(core.taken).toMatchObject([{ incoming: { message: { text: 'hush', to: { thread } } } }]);
    expect(lines.join('')).not.toContain('hush');
  });

  it('is taken after the end of its mirror if it was written before', async () => {
    const { slack, core, thread, root } = await startInMirror();
    core.links.clear();
    const untilUs = microseconds('1900000000.000100');
    core.endedLinks.set(thread, { v: 1, person: BRIDGE, lane: LANE, pair: PAIR, thread, untilUs });
    const event = {
      ...{ type: 'message', channel: 'C0GENERAL', channel_type: 'channel', user: 'U0ALAN', text: 'wait' },
      thread_ts: root.ts,
    };
    await slack.event({ ...event, ts: '1900000000.000100' });
    expect(core.taken).toEqual([]);
    await slack.event({ ...event, ts: '1900000000.000099' });
    expect(core.taken).toMatchObject([
      { incoming: { lane: LANE, message: { text: 'wait', to: { thread } } } },
    ]);
  });

  it('is not taken when its channel is shared by now: the mirror rests', async () => {
    const { slack, core, say, thread } = await startInMirror();
    slack.workspace.channel('C0GENERAL').is_ext_shared = true;
    expect(await say('U0ALAN', 'hush').delivered).toMatchObject([{ status: 200 }]);
    expect(core.taken).toEqual([]);
    expect(core.placed).toMatchObject([{ rest: { thread }, why: 'place-shared' }]);
  });

  it('is taken in a shared channel that an administrator has allowed', async () => {
    const { slack, core, say } = await startInMirror({ ingress: { connect: new Set(['C0GENERAL']) } });
    slack.workspace.channel('C0GENERAL').is_ext_shared = true;
    await say('U0ALAN', 'hello').delivered;
    expect(core.taken).toHaveLength(1);
  });

  it('by somebody of another company has an author whom our own workspace knows', async () => {
    const { slack, core, root } = await startInMirror();
    const event = {
      ...{ type: 'message', channel: 'C0GENERAL', channel_type: 'channel', user: 'U0CONNECT', text: 'hi' },
      ...{ ts: '1900000000.000100', thread_ts: root.ts },
      ...{ user_team: 'T0ELSE', source_team: 'T0ELSE', team: 'T0ELSE' },
    };
    await slack.event(event);
    expect(core.taken[0]?.incoming.message.author).toBe('T0CORP-U0CONNECT');
  });

  it('is named as the bridge knows its thread, when the channel has got another id since', async () => {
    const { core, say, root, mirror } = await startInMirror();
    const known = `T0CORP-C0OLD-${root.ts}` as ChatThreadId;
    mirror(known);
    const said = say('U0ALAN', 'still here');
    await said.delivered;
    expect(core.taken[0]?.incoming).toMatchObject({
      id: `msg-T0CORP-C0OLD-${said.ts}-new`,
      message: {
        to: { kind: 'thread', thread: known, isMirrored: true },
        source: `T0CORP-C0GENERAL-${said.ts}`,
      },
    });
  });

  it.each(['refused', 'unsure'] as const)('that is %s comes again', async (taken) => {
    const { core, say } = await startInMirror({ slack: { retryDelaysMs: [] } });
    core.answers.taken = taken;
    expect(await say('U0ALAN', 'hello').delivered).toMatchObject([{ status: 500 }]);
  });

  it('comes again when its thread cannot be looked up', async () => {
    const { core, say } = await startInMirror({ slack: { retryDelaysMs: [] } });
    core.answers.broken = true;
    expect(await say('U0ALAN', 'hello').delivered).toMatchObject([{ status: 500 }]);
    expect(core.taken).toEqual([]);
  });
});

describe('what else is written in a channel', () => {
  it('is dropped without a look-up, unless it is a person’s reply', async () => {
    const { slack, core, root } = await startInMirror();
    await slack.say('U0ADA', 'C0GENERAL', 'a root of its own').delivered;
    await slack.sayAsBot('C0GENERAL', 'beep', { thread_ts: root.ts }).delivered;
    await slack.sayAsBot('C0GENERAL', 'beep', { thread_ts: root.ts, classic: true }).delivered;
    await slack.join('U0ADA', 'C0GENERAL').delivered;
    expect([...core.lookedUp, ...core.taken]).toEqual([]);
  });

  it('is dropped after one look-up in a thread that is not mirrored, whatever is being said', async () => {
    const { slack, core, other, lines } = await startInMirror();
    core.answers.isSaying = true;
    const said = slack.say('U0ALAN', 'C0GENERAL', 'the secret word', { thread_ts: other.ts });
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
    expect(core.lookedUp).toHaveLength(1);
    expect([...core.taken, ...core.hints]).toEqual([]);
    expect(lines.join('')).not.toContain('secret word');
  });

  it('is dropped where a thread is somebody’s alone', async () => {
    const { core, say, thread } = await startInMirror();
    core.links.set(thread, { v: 1, person: 'T0CORP-U0ALAN' as ChatPersonId, lane: LANE, pair: PAIR });
    await say('U0ALAN', 'hello').delivered;
    expect(core.taken).toEqual([]);
  });
});

describe('a change in a mirrored thread', () => {
  it('of a reply is taken, with the name of what it is about', async () => {
    const { slack, core, say, thread } = await startInMirror();
    const { message, ts } = say('U0ALAN', 'hello');
    await slack.edit('U0ALAN', message, 'good').delivered;
    await slack.delete('U0ALAN', message).delivered;
    await expect.poll(() => core.taken).toHaveLength(3);
    const of = `msg-T0CORP-C0GENERAL-${ts}-new`;
    const to = { kind: 'thread', thread };
    expect(core.taken.slice(1).map(({ incoming }) => incoming)).toMatchObject([
      { message: { author: 'T0CORP-U0ALAN', text: 'good', to }, revises: { of, how: 'edit' } },
      { message: { author: 'T0CORP-U0ALAN', text: '', to }, revises: { of, how: 'delete' } },
    ]);
    expect(core.placed).toEqual([]);
  });

  it('is named as the bridge knows its thread', async () => {
    const { slack, core, say, root, mirror } = await startInMirror();
    const known = `T0CORP-C0OLD-${root.ts}` as ChatThreadId;
    mirror(known);
    const { message, ts } = say('U0ALAN', 'hello');
    await slack.delete('U0ALAN', message).delivered;
    expect(core.taken[1]?.incoming).toMatchObject({
      id: `msg-T0CORP-C0OLD-${ts}-delete`,
      message: { to: { thread: known } },
      revises: { of: `msg-T0CORP-C0OLD-${ts}-new` },
    });
  });

  it('of its root is taken: an edit', async () => {
    const { slack, core, root, thread } = await startInMirror();
    await slack.edit('U0ADA', root, 'Lunch on Monday?').delivered;
    expect(core.taken).toMatchObject([
      {
        incoming: {
          message: { author: ADA, text: 'Lunch on Monday?', to: { thread } },
          revises: { of: `msg-T0CORP-C0GENERAL-${root.ts}-new`, how: 'edit' },
        },
      },
    ]);
    expect(core.placed).toEqual([]);
  });

  it.each([
    ['leaves a placeholder', true],
    ['leaves nothing', false],
  ])('of its root is taken: a deletion that %s; then it rests', async (_, deletedRootLeavesTombstone) => {
    const { slack, core, root, thread, say } = await startInMirror({
      slack: { switches: { deletedRootLeavesTombstone } },
    });
    await say('U0ALAN', 'hello').delivered;
    expect(await slack.delete('U0ADA', root).delivered).toMatchObject([{ status: 200 }]);
    expect(core.taken.slice(1)).toMatchObject([
      { incoming: { revises: { of: `msg-T0CORP-C0GENERAL-${root.ts}-new`, how: 'delete' } } },
    ]);
    expect(core.placed).toEqual([{ rest: { thread }, why: 'root-deleted', taken: 2 }]);
  });

  it('comes again when it could not rest', async () => {
    const { slack, core, root } = await startInMirror({ slack: { retryDelaysMs: [] } });
    core.mirrors.rest = async () => {
      throw new Error('Redis does not answer');
    };
    expect(await slack.delete('U0ADA', root).delivered).toMatchObject([{ status: 500 }]);
  });

  it('lets it rest as well when the root was an app’s', async () => {
    const { slack, core, thread, root } = await startInMirror();
    const previous_message = { ts: root.ts, thread_ts: root.ts, bot_id: 'B0OTHERBOT', text: 'Alarm' };
    const event = { type: 'message', channel: 'C0GENERAL', channel_type: 'channel', hidden: true };
    const gone = { subtype: 'tombstone', user: 'USLACKBOT', ts: root.ts, thread_ts: root.ts };
    const at = { ts: '1900000000.000100' };
    await slack.event({ ...event, ...at, subtype: 'message_changed', message: gone, previous_message });
    expect(core.taken).toEqual([]);
    expect(core.placed).toEqual([{ rest: { thread }, why: 'root-deleted', taken: 0 }]);
  });

  it.each([
    ['the reply count of a deleted root', { subtype: 'tombstone', user: 'USLACKBOT' }],
    ['the reply count of what Slackbot has begun', { user: 'USLACKBOT' }],
    ['the reply count of an app’s root', { bot_id: 'B0OTHERBOT' }],
    ['the reply count of a person’s root', { user: 'U0ADA' }],
  ])('is nothing when it is %s', async (_, who) => {
    const { slack, core, root } = await startInMirror();
    const message = { ...who, ts: root.ts, thread_ts: root.ts, text: 'x' };
    await slack.event({
      ...{ type: 'message', channel: 'C0GENERAL', channel_type: 'channel', hidden: true },
      ...{ ts: '1900000000.000100', subtype: 'message_changed' },
      message: { ...message, reply_count: 2 },
      previous_message: { ...message, reply_count: 1 },
    });
    expect([...core.taken, ...core.placed, ...core.lookedUp]).toEqual([]);
  });

  it('lets it rest as well when Slack tells of the deleted root nothing but its name', async () => {
    const { slack, core, thread, root } = await startInMirror();
    await slack.event({
      ...{ type: 'message', channel: 'C0GENERAL', channel_type: 'channel', hidden: true },
      ...{ ts: '1900000000.000100', subtype: 'message_deleted', deleted_ts: root.ts },
    });
    expect(core.taken).toEqual([]);
    expect(core.placed).toEqual([{ rest: { thread }, why: 'root-deleted', taken: 0 }]);
  });

  it('is nothing when it is about what the bridge itself has said there', async () => {
    const { slack, core, root } = await startInMirror();
    const note = { ts: '1900000000.000100', thread_ts: root.ts, user: 'U0BRIDGE', bot_id: 'B0BRIDGE' };
    const event = { type: 'message', channel: 'C0GENERAL', channel_type: 'channel', hidden: true };
    const previous_message = { ...note, text: 'Mirrored' };
    const message = { ...note, text: 'Over', edited: { user: 'U0BRIDGE', ts: '1900000001.000000' } };
    const ts = '1900000002.000100';
    await slack.event({ ...event, ts, subtype: 'message_changed', message, previous_message });
    await slack.event({ ...event, ts, subtype: 'message_deleted', deleted_ts: note.ts, previous_message });
    expect([...core.taken, ...core.placed, ...core.lookedUp]).toEqual([]);
  });

  it('is nobody’s business elsewhere, after one look-up', async () => {
    const { slack, core, other } = await startInMirror();
    await slack.edit('U0ADA', other, 'Or not').delivered;
    await slack.delete('U0ADA', other).delivered;
    expect(core.lookedUp).toHaveLength(2);
    expect([...core.taken, ...core.placed]).toEqual([]);
  });
});
