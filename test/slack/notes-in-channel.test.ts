import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { Say } from '../../src/bridge/note.ts';
import {
  BRIDGE,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type Scope,
} from '../../src/bridge/people.ts';
import { restAfter } from '../../src/slack/errors.ts';
import { makeMessageId, makeThreadId, parseMessageId, parseThreadId } from '../../src/slack/ids.ts';
import { createSlack, type SlackOptions as EdgeOptions } from '../../src/slack/slack.ts';
import { openGates } from '../setup/open-gates.ts';
import { memoryLog } from './edge.ts';

const ADA = 'T0CORP-U0ADA' as ChatPersonId;
const MARK = 'mirrored-1' as DeliveryId;
const link = 'https://bridge.corp.com/conversations/1';
const answer = { words: 'answer', from: { name: 'Grace Hopper' }, text: 'Yes!' } as const;

interface Start {
  slack?: SlackOptions;
  channel?: string;
  more?: Partial<EdgeOptions>;
}

/** A thread in a channel, and the bridge's notes. */
async function start({ slack: options = {}, channel = 'C0GENERAL', more = {} }: Start = {}) {
  const slack = await startSlack(options);
  onTestFinished(() => slack.close());
  const { botToken, apiUrl } = slack;
  const asked: Scope[] = [];
  const gates = {
    ...openGates,
    through: <T>(scopes: readonly Scope[], work: () => Promise<T>) => {
      asked.push(...scopes);
      return work();
    },
  };
  const { log } = memoryLog();
  const { notes } = await createSlack({ gates, botToken, apiUrl, teams: new Map(), log, ...more });
  const root = slack.workspace.add({ channel, user: 'U0ADA', text: 'Lunch on Friday?' });
  const thread = makeThreadId({ team: 'T0CORP', channel, ts: root.ts });
  const inThread = () => slack.thread(channel, root.ts).slice(1);
  const mirrored: Say = { words: 'mirrored', thread, by: ADA, people: ['Ada Lovelace'], link };
  return { slack, notes, root, thread, inThread, asked, mirrored, to: { person: BRIDGE, thread } };
}

describe('what is said to all in a thread', () => {
  it('is posted there, and waits for that channel alone', async () => {
    const { notes, to, thread, inThread, asked } = await start();
    const posted = await notes.say(to, answer, MARK);
    const { ts } = parseMessageId(posted.message);
    expect(posted).toEqual({ message: `T0CORP-C0GENERAL-${ts}`, thread });
    expect(inThread()).toMatchObject([
      { ts, text: 'Grace Hopper: Yes!', metadata: { event_payload: { marker: MARK } } },
    ]);
    expect(asked).toEqual(['slack-channel:C0GENERAL']);
  });

  it('stands under its writer’s name, when that is wished for', async () => {
    const { notes, to, inThread } = await start({ more: { answerNames: 'username' } });
    await notes.say(to, answer, MARK);
    expect(inThread()).toMatchObject([{ username: 'Grace Hopper (Chatter)', text: 'Yes!' }]);
  });

  it.each(['C0GENERAL', 'G0SECRET'])('is found again in %s, among many', async (channel) => {
    const { slack, notes, to, thread } = await start({ channel });
    const { ts } = parseThreadId(thread);
    const say = (text: string) => slack.workspace.add({ channel, user: 'U0ADA', text, thread_ts: ts });
    for (let n = 0; n < 250; n += 1) say(`${n}`);
    const posted = await notes.say(to, answer, MARK);
    for (let n = 0; n < 250; n += 1) say(`${n}`);
    expect(await notes.find(to, MARK)).toEqual(posted);
    expect(await notes.find(to, 'another' as DeliveryId)).toBeUndefined();
  });

  it('is found after its answer was lost', async () => {
    const { slack, notes, to, inThread } = await start();
    slack.faults.arm({ method: 'chat.postMessage', kind: 'drop-after' });
    await expect(notes.say(to, answer, MARK)).rejects.toMatchObject({ certain: false });
    expect((await notes.find(to, MARK))?.message).toBe(`T0CORP-C0GENERAL-${inThread()[0]?.ts}`);
  });

  it('changes in place: the notice that it is mirrored, when that is over', async () => {
    const { notes, to, inThread, mirrored } = await start();
    const { message } = await notes.say(to, mirrored, MARK);
    expect(JSON.stringify(inThread()[0]?.blocks)).toContain('stop_mirror');
    await notes.change(message, { words: 'mirror-over', people: ['Grace'], by: ADA });
    expect(inThread()[0]?.text).toContain('no longer mirrored');
    expect(JSON.stringify(inThread()[0]?.blocks)).not.toContain('stop_mirror');
  });

  it('names who has started it, and alerts nobody', async () => {
    const { notes, to, inThread, mirrored } = await start();
    await notes.say(to, mirrored, MARK);
    const said = JSON.stringify(inThread()[0]);
    expect(said).toContain('Started by Ada Lovelace');
    expect(said).not.toContain('<@');
  });

  it('mentions who has started it, where Slack gives no name', async () => {
    const { slack, notes, to, inThread, mirrored } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'status', status: 500 });
    await notes.say(to, mirrored, MARK);
    expect(JSON.stringify(inThread()[0]?.blocks)).toContain('Started by <@U0ADA>');
  });

  it('is never said outside of a thread', async () => {
    const { slack, notes } = await start();
    await expect(notes.say({ person: BRIDGE }, answer, MARK)).rejects.toBeInstanceOf(TypeError);
    expect(slack.calls.map(({ method }) => method)).not.toContain('chat.postMessage');
  });
});

describe('what is said to one person', () => {
  it('is said in their own conversation with the app, also when it is about a thread that others read', async () => {
    const { slack, notes, thread, inThread } = await start();
    const to = { person: ADA, thread };
    const posted = await notes.say(to, { words: 'not-taken', of: 'bridge', excerpt: 'x' }, MARK);
    const dm = slack.dmOf('U0ADA');
    expect(inThread()).toEqual([]);
    expect(slack.messages(dm)).toMatchObject([{ text: expect.stringContaining('Not taken') }]);
    expect(parseThreadId(posted.thread).channel).toBe(dm);
    expect(await notes.find(to, MARK)).toEqual(posted);
  });
});

describe('a channel that the bridge cannot write to any more', () => {
  const archived = (() => {
    const seed = sampleWorkspace();
    const channels = seed.channels.map((one) =>
      one.id === 'C0GENERAL' ? { ...one, is_archived: true } : one,
    );
    return { ...seed, channels };
  })();

  it.each<[string, Start, string, string]>([
    ['the app is not in it', { channel: 'C0RANDOM' }, 'slack-not-in-channel', 'app-removed'],
    [
      'it is private, and the app is not in it',
      { channel: 'G0CLOSED' },
      'slack-channel-not-found',
      'app-removed',
    ],
    ['it is archived', { slack: { seed: archived } }, 'slack-is-archived', 'place-archived'],
  ])('says so, for good: %s', async (_, options, code, rest) => {
    const { notes, to, inThread } = await start(options);
    await expect(notes.say(to, answer, MARK)).rejects.toMatchObject({
      ...{ retry: { kind: 'never' }, certain: true, code },
      sentence: expect.not.stringContaining('_'),
    });
    expect(inThread()).toEqual([]);
    expect(restAfter(code)).toBe(rest);
  });

  it.each(['thread_not_found', 'cannot_reply_to_message'] as const)(
    'says so, for good: its thread is gone (%s)',
    async (wrongThreadError) => {
      const { slack, notes, to, root } = await start({ slack: { switches: { wrongThreadError } } });
      slack.workspace.remove(root);
      const code = `slack-${wrongThreadError.replaceAll('_', '-')}`;
      await expect(notes.say(to, answer, MARK)).rejects.toMatchObject({ retry: { kind: 'never' }, code });
      expect(restAfter(code)).toBe('root-deleted');
    },
  );

  it.each(['restricted-action', 'restricted-action-read-only-channel', 'restricted-action-thread-locked'])(
    'is one that Slack lets no app write in: %s',
    (code) => {
      expect(restAfter(`slack-${code}`)).toBe('app-silenced');
    },
  );

  it.each(['slack-msg-too-long', 'slack-missing-scope', 'slack-message-not-found', ''])(
    'is another matter than %j',
    (code) => {
      expect(restAfter(code)).toBeUndefined();
    },
  );
});

describe('a channel that has got another id', () => {
  /** A mirrored thread that was in C0OLD, and is in #general now. Of other messages nothing is known. */
  async function startMoved() {
    let [before, now] = ['', ''] as ChatThreadId[];
    const whereIs = async (asked: ChatThreadId) => (asked === before ? (now ?? asked) : asked);
    const started = await start({ more: { whereIs } });
    now = started.thread;
    const inOld = (ts: string) => makeMessageId({ team: 'T0CORP', channel: 'C0OLD', ts });
    before = makeThreadId({ team: 'T0CORP', channel: 'C0OLD', ts: started.root.ts });
    return { ...started, thread: before, inOld };
  }

  it('is written to, searched and changed where it is, under the name that its thread has', async () => {
    const { notes, thread, inThread, inOld } = await startMoved();
    const to = { person: BRIDGE, thread };
    const posted = await notes.say(to, answer, MARK);
    expect(posted.thread).toBe(thread);
    expect(await notes.find(to, MARK)).toEqual(posted);
    const before = inOld(parseMessageId(posted.message).ts);
    await notes.change(before, { words: 'line', text: 'changed' }, thread);
    expect(inThread()).toMatchObject([{ text: 'You: changed' }]);
  });

  it('has its messages marked where they are', async () => {
    const { slack, notes, thread, root, inOld } = await startMoved();
    const reply = slack.say('U0GRACE', 'C0GENERAL', 'Yes', { thread_ts: root.ts }).message;
    for (const { ts } of [root, reply]) await notes.markDelivered(inOld(ts), thread);
    expect([root, reply]).toMatchObject([{ reactions: [{ name: 'white_check_mark' }] }, { reactions: [{}] }]);
  });
});

describe('a note about what was written in a channel', () => {
  const retry = { delivery: 'msg-1' as DeliveryId, version: 1 };

  it('links to it, with one look-up', async () => {
    const { slack, notes, root } = await start();
    const at = makeMessageId({ team: 'T0CORP', channel: 'C0GENERAL', ts: root.ts });
    const failed: Say = { words: 'failed', sentence: 'No.', excerpt: 'x', retry, at };
    const { message } = await notes.say({ person: ADA }, failed, MARK);
    await notes.change(message, { ...failed, words: 'uncertain' });
    const [note] = slack.messages(slack.dmOf('U0ADA'));
    const url = `https://corp.slack.com/archives/C0GENERAL/p${root.ts.replace('.', '')}`;
    expect(JSON.stringify(note?.blocks)).toContain(`<${url}|Show message>`);
    expect(slack.calls.filter(({ method }) => method === 'chat.getPermalink')).toHaveLength(1);
  });

  it('links to its thread', async () => {
    const { slack, notes, thread } = await start();
    await notes.say({ person: ADA }, { words: 'outsider', thread, people: ['Grace'] }, MARK);
    expect(JSON.stringify(slack.messages(slack.dmOf('U0ADA'))[0]?.blocks)).toContain(
      'https://corp.slack.com/archives/C0GENERAL/p',
    );
  });

  it.each([
    ['Slack refuses', { kind: 'error', error: 'message_not_found' }],
    ['Slack is busy', { kind: 'rate-limited', retryAfterSeconds: 30 }],
    ['Slack takes too long', { kind: 'delay', ms: 8_000 }],
  ] as const)('goes without the link when %s', async (_, fault) => {
    const { slack, notes, thread } = await start();
    slack.faults.arm({ method: 'chat.getPermalink', ...fault });
    const startedMs = performance.now();
    await notes.say({ person: ADA }, { words: 'outsider', thread, people: ['Grace'] }, MARK);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(slack.messages(slack.dmOf('U0ADA'))).toHaveLength(1);
  });
});
