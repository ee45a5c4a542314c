import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { AnswerHandle, ChatPersonId, DeliveryId } from '../../src/bridge/people.ts';
import { makeMessageId, parseMessageId, parseThreadId } from '../../src/slack/ids.ts';
import { createSlack } from '../../src/slack/slack.ts';
import { openGates } from '../setup/open-gates.ts';
import { memoryLog, startEdge } from './edge.ts';

const ADA = 'T0CORP-U0ADA' as ChatPersonId;
const MARK = 'cmd-T0CORP-U0ADA-1.2' as DeliveryId;
const root = { words: 'root', people: ['Grace Hopper'], text: 'lunch?' } as const;
const line = { words: 'line', text: 'dinner?' } as const;

async function start(options: SlackOptions = {}, more: { answerNames?: 'inside' | 'username' } = {}) {
  const slack = await startSlack(options);
  onTestFinished(() => slack.close());
  const { botToken, apiUrl } = slack;
  const { log, lines } = memoryLog();
  const { notes } = await createSlack({ gates: openGates, botToken, apiUrl, teams: new Map(), log, ...more });
  return { slack, notes, lines, dm: slack.dmOf('U0ADA') };
}

describe('a note', () => {
  it("begins a thread in the person's conversation with the app", async () => {
    const { slack, notes, dm } = await start();
    const posted = await notes.say({ person: ADA }, root, MARK);
    const { ts } = parseMessageId(posted.message);
    expect(posted).toEqual({ message: `T0CORP-${dm}-${ts}`, thread: `T0CORP-${dm}-${ts}` });
    expect(slack.messages(dm)).toMatchObject([
      {
        ts,
        text: 'Private message to Grace Hopper: lunch?',
        metadata: { event_type: 'chatter_bridge_note', event_payload: { marker: MARK } },
      },
    ]);
    expect(slack.calls.at(-1)).toMatchObject({ args: { unfurl_links: 'false', unfurl_media: 'false' } });
  });

  it('goes into a thread', async () => {
    const { slack, notes, dm } = await start();
    const { thread } = await notes.say({ person: ADA }, root, MARK);
    const reply = await notes.say({ person: ADA, thread }, line, 'two' as DeliveryId);
    expect(reply.thread).toBe(thread);
    expect(
      slack
        .thread(dm, parseThreadId(thread).ts)
        .map(({ text }) => text)
        .at(-1),
    ).toBe('You: dinner?');
  });

  it('is found again by its marker, in the conversation and in a thread', async () => {
    const { notes } = await start();
    const first = await notes.say({ person: ADA }, root, MARK);
    const { thread } = first;
    const second = await notes.say({ person: ADA, thread }, line, 'two' as DeliveryId);
    expect(await notes.find({ person: ADA }, MARK)).toEqual(first);
    expect(await notes.find({ person: ADA, thread }, 'two' as DeliveryId)).toEqual(second);
    expect(await notes.find({ person: ADA }, 'three' as DeliveryId)).toBeUndefined();
    expect(await notes.find({ person: ADA, thread }, 'three' as DeliveryId)).toBeUndefined();
  });

  it('is found on later pages', async () => {
    const { slack, notes, dm } = await start();
    const first = await notes.say({ person: ADA }, root, MARK);
    for (let n = 0; n < 450; n += 1) slack.workspace.add({ channel: dm, user: 'U0ADA', text: `${n}` });
    expect(await notes.find({ person: ADA }, MARK)).toEqual(first);
    expect(slack.calls.filter(({ method }) => method === 'conversations.history')).toHaveLength(3);
  });

  it('is found after its answer was lost, and was not posted twice', async () => {
    const { slack, notes, dm } = await start();
    slack.faults.arm({ method: 'chat.postMessage', kind: 'drop-after' });
    await expect(notes.say({ person: ADA }, root, MARK)).rejects.toMatchObject({ certain: false });
    expect(slack.messages(dm)).toHaveLength(1);
    expect((await notes.find({ person: ADA }, MARK))?.message).toContain(dm);
  });

  it('that Slack limits waits, certainly not posted', async () => {
    const { slack, notes, dm } = await start();
    slack.faults.arm({ method: 'chat.postMessage', kind: 'rate-limited', retryAfterSeconds: 3 });
    await expect(notes.say({ person: ADA }, root, MARK)).rejects.toMatchObject({
      retry: { kind: 'after', ms: 3_000 },
      certain: true,
    });
    expect(slack.messages(dm)).toEqual([]);
  });

  it('changes in place', async () => {
    const { slack, notes, dm } = await start();
    const { message } = await notes.say({ person: ADA }, root, MARK);
    await notes.change(message, { ...root, link: 'https://bridge.corp.com/conversations/1' });
    await notes.change(message, { ...root, link: 'https://bridge.corp.com/conversations/1' });
    expect(JSON.stringify(slack.messages(dm)[0]?.blocks)).toContain('Open conversation');
    const gone = makeMessageId({ team: 'T0CORP', channel: dm, ts: '1.000000' });
    await expect(notes.change(gone, root)).rejects.toMatchObject({ retry: { kind: 'never' } });
  });

  it('of 40,000 characters is posted and changed within Slack’s limits', async () => {
    const { notes } = await start();
    const long = { ...root, text: '<&>\n'.repeat(10_000) };
    const { message, thread } = await notes.say({ person: ADA }, long, MARK);
    await notes.change(message, long);
    await notes.say({ person: ADA, thread }, { ...line, text: long.text }, 'two' as DeliveryId);
  });
});

describe('an answer from Chatter', () => {
  const hostile = '<!channel> *<@U0GRACE>* & https://a.example/b?c=d&e';
  const answer = { words: 'answer', from: { name: 'Grace Hopper' }, text: hostile } as const;
  const customize = { answerNames: 'username' } as const;

  it('stands in the thread, under the name of who wrote it, and alerts nobody', async () => {
    const { slack, notes, dm } = await start();
    const { thread } = await notes.say({ person: ADA }, root, MARK);
    const posted = await notes.say({ person: ADA, thread }, answer, 'two' as DeliveryId);
    expect(posted.thread).toBe(thread);
    const [, shown] = slack.thread(dm, parseThreadId(thread).ts);
    expect(shown?.text).toBe(
      'Grace Hopper: &lt;!channel&gt; *&lt;@U0GRACE&gt;* &amp; https://a.example/b?c=d&amp;e',
    );
    expect(shown?.blocks).toMatchObject([
      {
        type: 'rich_text',
        elements: [
          {
            elements: [
              { type: 'text', text: 'Grace Hopper', style: { bold: true } },
              { type: 'text', text: '\n<!channel> *<@U0GRACE>* & ' },
              { type: 'link', url: 'https://a.example/b?c=d&e' },
            ],
          },
        ],
      },
    ]);
    expect(slack.calls.at(-1)?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    expect(slack.calls.at(-1)?.args).not.toHaveProperty('username');
  });

  it('of the longest text goes in pieces, each into one message', async () => {
    const { slack, notes, dm } = await start();
    const { thread } = await notes.say({ person: ADA }, root, MARK);
    const pieces = notes.pieces('<&> https://a.example\n'.repeat(450));
    expect(pieces.length).toBeGreaterThan(4);
    for (const [index, text] of pieces.entries()) {
      await notes.say({ person: ADA, thread }, { ...answer, text }, `part-${index}` as DeliveryId);
    }
    expect(slack.thread(dm, parseThreadId(thread).ts)).toHaveLength(1 + pieces.length);
  });

  it('that opens a conversation begins its thread', async () => {
    const { slack, notes, dm } = await start();
    const opened = { words: 'opened', people: ['Grace Hopper'], from: answer.from, text: hostile } as const;
    const { thread } = await notes.say({ person: ADA }, opened, MARK);
    expect(slack.messages(dm)).toMatchObject([
      {
        ts: parseThreadId(thread).ts,
        text: expect.stringMatching(/^Grace Hopper wrote to you in Chatter: &lt;/),
      },
    ]);
  });

  it('stands under their name in place of the app’s, when that is wished for', async () => {
    const { slack, notes, dm } = await start({}, customize);
    const { thread } = await notes.say({ person: ADA }, root, MARK);
    const posted = await notes.say({ person: ADA, thread }, answer, 'two' as DeliveryId);
    const [, shown] = slack.thread(dm, parseThreadId(thread).ts);
    expect(shown).toMatchObject({ username: 'Grace Hopper (Chatter)', subtype: 'bot_message' });
    expect(JSON.stringify(shown?.blocks)).not.toContain('Grace Hopper');
    expect(await notes.find({ person: ADA, thread }, 'two' as DeliveryId)).toEqual(posted);
  });

  it('never goes to Slackbot: outside of a thread the name stays inside', async () => {
    const { slack, notes, dm } = await start({}, customize);
    await notes.say({ person: ADA }, answer, MARK);
    expect(slack.calls.at(-1)?.args).not.toHaveProperty('username');
    expect(slack.messages(dm)).toMatchObject([{ text: expect.stringMatching(/^Grace Hopper: /) }]);
  });

  it.each(['ignored', 'missing_scope'] as const)(
    'keeps its name where the app may not change its own, and the log says so (%s)',
    async (usernameWithoutScope) => {
      const scopes = ['chat:write', 'im:write', 'im:history'];
      const { slack, notes, lines, dm } = await start(
        { scopes, switches: { usernameWithoutScope } },
        customize,
      );
      const { thread } = await notes.say({ person: ADA }, root, MARK);
      await notes.say({ person: ADA, thread }, answer, 'two' as DeliveryId);
      expect(slack.thread(dm, parseThreadId(thread).ts)[1]?.text).toMatch(/^Grace Hopper: /);
      expect(lines.filter((line) => line.includes('chat:write.customize'))).toHaveLength(1);
    },
  );
});

describe('a delivered message', () => {
  it('is marked, once', async () => {
    const { slack, notes, dm } = await start();
    const { ts } = slack.workspace.add({ channel: dm, user: 'U0ADA', text: 'hello' });
    const message = makeMessageId({ team: 'T0CORP', channel: dm, ts });
    await notes.markDelivered(message);
    await notes.markDelivered(message);
    expect(slack.messages(dm)[0]?.reactions).toMatchObject([
      { name: 'white_check_mark', users: ['U0BRIDGE'] },
    ]);
  });

  it('that is gone is not marked, for good', async () => {
    const { notes, dm } = await start();
    const gone = makeMessageId({ team: 'T0CORP', channel: dm, ts: '1.000000' });
    await expect(notes.markDelivered(gone)).rejects.toMatchObject({
      retry: { kind: 'never' },
      certain: true,
    });
  });
});

describe('the answer of a command', () => {
  const sent = { words: 'sent', people: ['Grace Hopper'], link: 'https://x.example/c/1' } as const;

  async function typed(options: { replaceAnswers?: boolean; slack?: SlackOptions } = {}) {
    const { slack } = await startEdge({ slack: options.slack ?? {} });
    const { payload } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    const { notes } = await createSlack({
      gates: openGates,
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      teams: new Map(),
      log: pino({ level: 'silent' }),
      ...(options.replaceAnswers === undefined ? {} : { replaceAnswers: options.replaceAnswers }),
    });
    const shown = () => slack.ephemeralsOf('U0ADA').map(({ text }) => text);
    return { slack, notes, shown, handle: payload.response_url as AnswerHandle };
  }

  it('replaces "Sending to …"', async () => {
    const { slack, notes, shown, handle } = await typed();
    expect(shown()).toEqual(['Sending to <@U0GRACE>…']);
    await notes.answer(handle, sent);
    expect(shown()).toEqual(['Sent to Grace Hopper · <https://x.example/c/1|Open conversation>']);
    expect(slack.messages('C0GENERAL')).toEqual([]);
  });

  it.each([
    ['Slack does not replace it', { slack: { switches: { commandAnswerIsReplaceable: false } } }],
    ['it is not to', { replaceAnswers: false }],
  ])('comes below when %s', async (_, options) => {
    const { notes, shown, handle } = await typed(options);
    await notes.answer(handle, sent);
    expect(shown()).toHaveLength(2);
  });

  it('is refused for good when the URL is used up', async () => {
    const { notes, handle } = await typed();
    for (let n = 0; n < 5; n += 1) await notes.answer(handle, sent);
    await expect(notes.answer(handle, sent)).rejects.toMatchObject({
      retry: { kind: 'never' },
      certain: true,
      code: 'answer-expired',
    });
  });

  it.each([
    ['status', { kind: 'status', status: 500 }],
    ['drop-before', { kind: 'drop-before' }],
  ] as const)('comes later after %s', async (_, fault) => {
    const { slack, notes, handle } = await typed();
    slack.faults.arm({ method: 'response_url', ...fault });
    await expect(notes.answer(handle, sent)).rejects.toMatchObject({ retry: { kind: 'later' } });
    await notes.answer(handle, sent);
  });

  it.each([
    'https://evil.example/commands/1',
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com@evil.example/x',
    'http://127.0.0.1:1/commands/1',
    'file:///etc/passwd',
    'nonsense',
  ])('never goes to %s', async (url) => {
    const { notes } = await start();
    await expect(notes.answer(url as AnswerHandle, sent)).rejects.toMatchObject({
      retry: { kind: 'never' },
      code: 'answer-url-foreign',
    });
  });
});
