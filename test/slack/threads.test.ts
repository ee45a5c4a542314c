import { describe, expect, it, onTestFinished } from 'vitest';
import { type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { BringAlong, MirrorRequest } from '../../src/bridge/mirror.ts';
import type { ChatPersonId, ChatThreadId, LaneKey } from '../../src/bridge/people.ts';
import { makeThreadId, microsecondsOf, placeOfThread } from '../../src/slack/ids.ts';
import { createSlack, type SlackOptions as EdgeOptions } from '../../src/slack/slack.ts';
import { openGates } from '../setup/open-gates.ts';
import { memoryLog } from './edge.ts';

const LANE = 'mirror-1' as LaneKey;

interface Start {
  slack?: SlackOptions;
  channel?: string;
  more?: Partial<EdgeOptions>;
}

async function start({ slack: options = {}, channel = 'C0GENERAL', more = {} }: Start = {}) {
  const slack = await startSlack(options);
  onTestFinished(() => slack.close());
  const { botToken, apiUrl } = slack;
  const { log, lines } = memoryLog();
  const { threads } = await createSlack({
    gates: openGates,
    botToken,
    apiUrl,
    teams: new Map(),
    log,
    ...more,
  });
  const root = slack.workspace.add({ channel, user: 'U0ADA', text: 'root' });
  const thread = makeThreadId({ team: 'T0CORP', channel, ts: root.ts });
  const say = (text: string, how: object = {}) =>
    slack.workspace.add({ channel, user: 'U0ALAN', text, thread_ts: root.ts, ...how });
  const sayMany = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => say(String(from + n)));
  const written = async (bring: BringAlong, sinceTs = slack.workspace.nextTs(), of = thread) => {
    const request: MirrorRequest = {
      ...{ thread: of, place: placeOfThread(of), startedBy: 'T0CORP-U0ADA' as ChatPersonId },
      ...{ people: [], bring, sinceUs: microsecondsOf(sinceTs) },
    };
    return threads.written(request, LANE);
  };
  const texts = async (...args: Parameters<typeof written>) =>
    (await written(...args)).map(({ message }) => (message.isBrought ? `(${message.text})` : message.text));
  const reads = () => slack.calls.filter(({ method }) => method === 'conversations.replies');
  return { slack, threads, root, thread, say, sayMany, written, texts, reads, lines };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

describe('what was written in a thread', () => {
  it('is ready to be taken in, as if an event had told of it', async () => {
    const { root, thread, say, written } = await start();
    const reply = say('look', { files: [{ id: 'F1', name: 'plan.pdf' }] });
    const [first, second] = await written('all', reply.ts);
    expect(first).toEqual({
      id: `msg-T0CORP-C0GENERAL-${root.ts}-new`,
      lane: LANE,
      order: microsecondsOf(root.ts),
      message: {
        ...{
          v: 1,
          author: 'T0CORP-U0ADA',
          text: 'root',
          to: { kind: 'thread', thread, isMirrored: true },
          isBrought: true,
        },
        source: `T0CORP-C0GENERAL-${root.ts}`,
      },
    });
    expect(second?.message).toEqual({
      ...{ v: 1, author: 'T0CORP-U0ALAN', text: 'look', to: { kind: 'thread', thread, isMirrored: true } },
      beyondText: { files: [{ name: 'plan.pdf' }] },
      source: `T0CORP-C0GENERAL-${reply.ts}`,
    });
  });

  it.each([
    ['root', ['(root)']],
    ['last', ['(root)', ...Array.from({ length: 20 }, (_, n) => `(${n + 6})`)]],
    ['all', ['(root)', ...Array.from({ length: 25 }, (_, n) => `(${n + 1})`)]],
  ] as const)('goes along as far as it is wished for: %s; and all since then', async (bring, older) => {
    const { slack, sayMany, say, texts } = await start();
    sayMany(1, 25);
    const sinceTs = slack.workspace.nextTs();
    say('at once');
    say('then');
    expect(await texts(bring, sinceTs)).toEqual([...older, 'at once', 'then']);
  });

  it('counts as since then what was written at that very moment', async () => {
    const { say, texts } = await start();
    say('before');
    const { ts } = say('just then');
    expect(await texts('root', ts)).toEqual(['(root)', 'just then']);
  });

  it.each([true, false])(
    'is read on all pages, each message once (root on each page: %s)',
    async (repliesBeginWithRoot) => {
      const { slack, sayMany, texts, reads } = await start({ slack: { switches: { repliesBeginWithRoot } } });
      sayMany(1, 450);
      const sinceTs = slack.workspace.nextTs();
      sayMany(451, 460);
      const all = await texts('all', sinceTs);
      expect(all).toHaveLength(461);
      expect(new Set(all).size).toBe(461);
      expect(reads()).toHaveLength(3);
      const last = ['(root)', ...all.slice(-30)];
      expect(await texts('last', sinceTs)).toEqual(last);
    },
  );

  it.each([true, false])(
    'is not read where it does not go along (root on each page: %s)',
    async (repliesBeginWithRoot) => {
      const { slack, sayMany, say, texts, reads } = await start({
        slack: { switches: { repliesBeginWithRoot } },
      });
      sayMany(1, 450);
      const sinceTs = slack.workspace.nextTs();
      say('new');
      expect(await texts('root', sinceTs)).toEqual(['(root)', 'new']);
      expect(reads()).toHaveLength(2);
    },
  );

  it('comes in order, whatever order Slack has', async () => {
    const { slack, root, say, texts } = await start();
    const [one, two, three] = [say('1'), say('2'), say('3')];
    const page = (messages: object[], next_cursor: string) =>
      JSON.stringify({ ok: true, messages, response_metadata: { next_cursor } });
    const fault = { method: 'conversations.replies', kind: 'status', status: 200 } as const;
    slack.faults.arm({ ...fault, body: page([three, two], 'more') });
    slack.faults.arm({ ...fault, body: page([two, root, one], '') });
    expect(await texts('all')).toEqual(['(root)', '(1)', '(2)', '(3)']);
  });

  it('is what people have said, as it is now, and nothing else', async () => {
    const { slack, say, texts } = await start();
    say('edited', { edited: { user: 'U0ALAN', ts: slack.workspace.nextTs() } });
    say('to all', { subtype: 'thread_broadcast' });
    say('beep', { user: undefined, bot_id: 'B0OTHERBOT', subtype: 'bot_message' });
    say('modern beep', { bot_id: 'B0OTHERBOT', app_id: 'A0OTHERBOT' });
    say('our own', { user: 'U0BRIDGE', bot_id: 'B0BRIDGE' });
    say('joined', { subtype: 'channel_join' });
    say(' ');
    say('gone', { subtype: 'tombstone', user: 'USLACKBOT', hidden: true });
    expect(await texts('all')).toEqual(['(root)', '(edited)', '(to all)']);
  });

  it('is with its root, although an app has written that: it is what the thread is about', async () => {
    const { root, say, texts } = await start();
    Object.assign(root, { bot_id: 'B0OTHERBOT', app_id: 'A0OTHERBOT', user: 'U0ROBOT' });
    say('who looks?');
    expect(await texts('all')).toEqual(['(root)', '(who looks?)']);
  });

  it('is without its root where nobody is named as its writer', async () => {
    const { root, say, texts } = await start();
    Object.assign(root, { bot_id: 'B0OTHERBOT', user: undefined });
    say('who looks?');
    expect(await texts('all')).toEqual(['(who looks?)']);
  });

  it('waits when Slack wants that, also in the middle', async () => {
    const { slack, sayMany, written, texts } = await start();
    sayMany(1, 250);
    slack.faults.arm({
      method: 'conversations.replies',
      kind: 'rate-limited',
      retryAfterSeconds: 60,
      skip: 1,
    });
    await expect(written('all')).rejects.toMatchObject({
      ...{ name: 'DeliveryError', certain: true, retry: { kind: 'after', ms: 60_000 } },
      concerns: { scope: 'slack-method:conversations.replies' },
    });
    expect(await texts('all')).toHaveLength(251);
  });

  it.each(['root', 'last', 'all'] as const)(
    'goes on where Slack has stopped it, page by page: %s',
    async (bring) => {
      let now = Date.now();
      const { slack, sayMany, texts, reads } = await start({
        slack: { switches: { readingThreads: 'distributed' }, now: () => now },
      });
      sayMany(1, 40);
      const sinceTs = slack.workspace.nextTs();
      sayMany(41, 70);
      const all = async (): Promise<string[]> => {
        for (;;) {
          const read = await texts(bring, sinceTs).catch(() => undefined);
          if (read) return read;
          now += 60_000;
          if (reads().length > 20) throw new Error('it never ends');
        }
      };
      const brought = { root: [], last: numbers(21, 40), all: numbers(1, 40) }[bring];
      expect(await all()).toEqual(['(root)', ...brought.map((n) => `(${n})`), ...numbers(41, 70)]);
    },
  );

  it('is refused for good where the app is not', async () => {
    const { written } = await start({ channel: 'C0RANDOM' });
    await expect(written('all')).rejects.toMatchObject({
      ...{ retry: { kind: 'never' }, code: 'slack-not-in-channel' },
    });
  });

  it('waits for an administrator where bots may not read it', async () => {
    const { written } = await start({ slack: { switches: { botsReadChannelThreads: false } } });
    await expect(written('all')).rejects.toMatchObject({
      ...{ retry: { kind: 'after' }, code: 'slack-not-allowed-token-type' },
    });
  });

  it('is read where the thread is now, and named as the bridge knows it', async () => {
    const whereIs = async (thread: ChatThreadId) => thread.replace('C0OLD', 'C0GENERAL') as ChatThreadId;
    const { root, written } = await start({ more: { whereIs } });
    const thread = makeThreadId({ team: 'T0CORP', channel: 'C0OLD', ts: root.ts });
    expect(await written('all', '1999999999.000000', thread)).toMatchObject([
      {
        id: `msg-T0CORP-C0OLD-${root.ts}-new`,
        message: { to: { thread }, source: `T0CORP-C0GENERAL-${root.ts}` },
      },
    ]);
  });

  it('never reaches the log', async () => {
    const { say, texts, lines } = await start();
    say('the secret word');
    await texts('all');
    expect(lines.join('')).not.toContain('secret word');
  });
});

describe('where a thread is', () => {
  const linkOf = (channel: string, ts: string) =>
    `https://corp.slack.com/archives/${channel}/p${ts.replace('.', '')}`;

  it.each([
    ['C0GENERAL', '#general'],
    ['G0SECRET', 'a private channel'],
  ])('is told with a link: %s', async (channel, place) => {
    const { threads, thread, root } = await start({ channel });
    expect(await threads.describe(thread)).toEqual({ place, link: linkOf(channel, root.ts) });
  });

  it('is not told by the names of those who talk there', async () => {
    const { slack, threads, thread } = await start();
    const channel = { is_mpim: true, is_private: true, is_group: true, name: 'mpdm-ada--grace-1' };
    const body = JSON.stringify({ ok: true, channel });
    slack.faults.arm({ method: 'conversations.info', kind: 'status', status: 200, body });
    expect((await threads.describe(thread)).place).toBe('a group conversation');
  });

  it('is told without what Slack refuses', async () => {
    const { slack, threads, thread } = await start();
    slack.faults.arm({ method: 'conversations.info', kind: 'error', error: 'missing_scope' });
    slack.faults.arm({ method: 'chat.getPermalink', kind: 'error', error: 'message_not_found' });
    expect(await threads.describe(thread)).toEqual({ place: 'a private channel', link: undefined });
  });

  it('is waited for while Slack is busy', async () => {
    const { slack, threads, thread } = await start();
    slack.faults.arm({ method: 'conversations.info', kind: 'rate-limited', retryAfterSeconds: 5 });
    await expect(threads.describe(thread)).rejects.toMatchObject({ retry: { kind: 'after', ms: 5_000 } });
  });
});
