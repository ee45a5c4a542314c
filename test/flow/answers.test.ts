import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKeys } from '../../src/store/keys.ts';
import { quickReading, quickTiming, type RunningBridge, startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience, reply, rootOf, told, wordsOf } from './seen.ts';
import type { Name, WorldOptions } from './world.ts';

async function start(options: WorldOptions & { reading?: Partial<typeof quickReading> } = {}) {
  const bridge = await startBridge({
    ...options,
    timing: { ...quickTiming, reading: { ...quickReading, ...options.reading } },
  });
  onTestFinished(() => bridge.close());
  return bridge;
}

/** Ada has written to Grace, and her thread is open. */
async function startConversation(options: Parameters<typeof start>[0] = {}) {
  const bridge = await start(options);
  await command(bridge, '@grace opening');
  await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
  await expect.poll(() => notes(bridge, 'Open conversation'), patience).toHaveLength(1);
  return { bridge, root: rootOf(bridge, 'opening') };
}

/** In Chatter's own pages, in the conversation of these two. */
function type(bridge: RunningBridge, text: string, writer: Name = 'grace', ...others: Name[]) {
  const to = (others.length > 0 ? others : ['ada' as const]).map((name) => bridge.salesforceId(name));
  return bridge.salesforce.type(bridge.salesforceId(writer), { to }, text);
}

/** What the bridge shows in a thread below its root, oldest first. */
const lines = (bridge: RunningBridge, root: string, reader: Name = 'ada') =>
  notes(bridge, '', reader).filter(
    (note) => note.thread_ts === root && note.ts !== root && note.bot_id !== undefined,
  );

/** Every reader has been read after now. */
async function readAgain(bridge: RunningBridge, times = 2): Promise<void> {
  const before = asked(bridge, 'list');
  await expect.poll(() => asked(bridge, 'list'), patience).toBeGreaterThanOrEqual(before + times);
}

async function expectNobodyIsRead(bridge: RunningBridge): Promise<void> {
  const redis = new Redis(bridge.redis.url);
  onTestFinished(() => redis.disconnect());
  const { readers } = createKeys(bridge.namespace);
  await expect.poll(() => redis.zcard(readers), patience).toBe(0);
}

describe('what somebody answers in Chatter', longTest, () => {
  it('appears in the thread of its conversation under their name, once', async () => {
    const { bridge, root } = await startConversation();
    type(bridge, 'At noon then.');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    const [line] = lines(bridge, root);
    expect(line && wordsOf(line)).toContain('Grace Hopper');
    expect(line && wordsOf(line)).toContain('At noon then.');
    await readAgain(bridge);
    expect(lines(bridge, root)).toHaveLength(1);
  });

  it('appears in the order in which it was written, equal texts as often as they were', async () => {
    const { bridge, root } = await startConversation();
    const texts = ['one', 'two', 'two', 'three', 'four'];
    for (const text of texts) type(bridge, text);
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(texts.length);
    const shown = lines(bridge, root).map((line) => texts.find((text) => wordsOf(line).includes(text)));
    expect(shown).toEqual(texts);
  });

  it('is found however late Salesforce stores it, as long as its time lies within the overlap', async () => {
    const { bridge, root } = await startConversation();
    bridge.salesforce.switches.sentDateJitterMs = 400;
    await readAgain(bridge, 2);
    for (let i = 0; i < 6; i += 1) {
      type(bridge, `jittered ${i}`);
      await readAgain(bridge, 1);
    }
    await expect
      .poll(
        () =>
          lines(bridge, root)
            .map(wordsOf)
            .join('\n')
            .match(/jittered \d/g)
            ?.toSorted(),
        patience,
      )
      .toEqual(Array.from({ length: 6 }, (_, i) => `jittered ${i}`));
  });

  it('carries its time when it is shown late', async () => {
    const { bridge, root } = await startConversation({ reading: { lateMs: 1 } });
    type(bridge, 'long ago');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    expect(JSON.stringify(lines(bridge, root)[0]?.blocks)).toContain('<!date^');
  });

  it('goes to the thread of each who is in Slack, and to nobody else', async () => {
    const { bridge, root } = await startConversation();
    await command(bridge, '@ada from the other side', 'grace');
    await expect
      .poll(() => lines(bridge, root).map(wordsOf).join(), patience)
      .toContain('from the other side');
    const graces = rootOf(bridge, 'from the other side', 'grace');
    await reply(bridge, root, 'and back');
    await expect
      .poll(() => lines(bridge, graces, 'grace').map(wordsOf).join(), patience)
      .toContain('and back');
    expect(wordsOf(lines(bridge, graces, 'grace')[0] ?? { text: '' })).toContain('Ada Lovelace');
    await readAgain(bridge, 4);
    expect(lines(bridge, graces, 'grace')).toHaveLength(1);
    expect(
      lines(bridge, root)
        .map(wordsOf)
        .filter((words) => words.includes('and back')),
    ).toEqual([]);
    expect(told(bridge, 'alan')).toEqual([]);
  });

  it('is not shown when it is older than the conversation in Slack', async () => {
    const bridge = await start();
    type(bridge, 'from last year');
    const typedMs = Date.now();
    await expect.poll(() => Date.now()).toBeGreaterThan(typedMs);
    await command(bridge, '@grace opening');
    await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
    type(bridge, 'from today');
    await expect.poll(() => notes(bridge, 'from today'), patience).toHaveLength(1);
    expect(notes(bridge, 'from last year')).toEqual([]);
  });

  it('of a conversation that is not the bridge’s is neither shown nor stored', async () => {
    const { bridge } = await startConversation();
    type(bridge, 'a secret of theirs', 'alan');
    type(bridge, 'and one of three', 'grace', 'ada', 'alan');
    type(bridge, 'marker', 'grace');
    await expect.poll(() => notes(bridge, 'marker'), patience).toHaveLength(1);
    await readAgain(bridge);
    expect(notes(bridge, 'secret')).toEqual([]);
    expect(notes(bridge, 'one of three')).toEqual([]);
  });
});

describe('what comes from Slack', longTest, () => {
  it('is no answer, whenever it is seen', async () => {
    const { bridge, root } = await startConversation();
    // Read while its POST is under way, as Salesforce answers late.
    bridge.salesforce.faults.arm({ do: 'slow', delayMs: 600, kind: 'post', times: 3 });
    for (const text of ['alpha', 'alpha', 'bravo']) {
      await reply(bridge, root, text);
      await readAgain(bridge, 1);
    }
    await expect.poll(() => bridge.texts(), patience).toEqual(['opening', 'alpha', 'alpha', 'bravo']);
    type(bridge, 'the end');
    await expect.poll(() => lines(bridge, root).map(wordsOf).join(), patience).toContain('the end');
    expect(lines(bridge, root)).toHaveLength(1);
  });

  it('holds what is answered meanwhile, so that order is kept', async () => {
    const { bridge, root } = await startConversation();
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: 'alpha' });
    await reply(bridge, root, 'alpha');
    await expect.poll(() => bridge.texts(), patience).toContain('alpha');
    type(bridge, 'after it');
    await expect.poll(() => lines(bridge, root).map(wordsOf).join(), patience).toContain('after it');
    expect(lines(bridge, root)).toHaveLength(1);
  });

  it('is told as arrived twice when it turns up after it was sent again, and is no answer', async () => {
    const { bridge, root } = await startConversation();
    bridge.salesforce.faults.arm({
      do: 'late-commit',
      afterMs: 1_500,
      answer: 'reset',
      kind: 'post',
      text: 'twice',
    });
    await reply(bridge, root, 'once or twice');
    await expect
      .poll(() => bridge.texts().filter((text) => text === 'once or twice'), patience)
      .toHaveLength(2);
    await expect.poll(() => notes(bridge, 'Arrived twice.'), patience).toHaveLength(1);
    await readAgain(bridge);
    expect(
      lines(bridge, root)
        .map(wordsOf)
        .filter((words) => words.includes('Chatter:')),
    ).toEqual([]);
    expect(lines(bridge, root)).toHaveLength(1);
  });

  it('typed in Chatter’s own pages by its writer is shown as theirs', async () => {
    const { bridge, root } = await startConversation();
    type(bridge, 'from my desk', 'ada', 'grace');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    expect(lines(bridge, root).map(wordsOf).join()).toContain('You, in Chatter');
  });
});

describe('a conversation that others begin in Chatter', longTest, () => {
  it('opens no thread unless somebody asks for it', async () => {
    const { bridge } = await startConversation();
    type(bridge, 'hello there', 'alan');
    await readAgain(bridge);
    expect(notes(bridge, 'hello there')).toEqual([]);
  });

  it('opens one after `inbox on`, and what is replied there goes to Chatter', async () => {
    const bridge = await start({ reading: { slowestMs: 300 } });
    expect(await command(bridge, 'inbox on')).toContain('open a thread here');
    await readAgain(bridge, 1);
    const begun = type(bridge, 'hello there', 'alan');
    await expect.poll(() => notes(bridge, 'hello there'), patience).toHaveLength(1);
    const root = rootOf(bridge, 'hello there');
    type(bridge, 'anybody?', 'alan');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    await reply(bridge, root, 'hello back');
    await expect.poll(() => bridge.texts(), patience).toContain('hello back');
    const sent = bridge.salesforce.messages().at(-1);
    expect(sent?.conversationId).toBe(begun.conversationId);
    expect(sent?.senderId).toBe(bridge.salesforceId('ada'));
    await readAgain(bridge);
    expect(
      lines(bridge, root)
        .map(wordsOf)
        .filter((words) => words.includes('hello back')),
    ).toEqual([]);
  });

  it('opens none after `inbox off`', async () => {
    const bridge = await start({ reading: { slowestMs: 300 } });
    await command(bridge, 'inbox on');
    await readAgain(bridge, 1);
    expect(await command(bridge, 'inbox off')).toContain('no longer');
    type(bridge, 'hello there', 'alan');
    // Nothing of theirs goes through the bridge: they are not read any more.
    await expectNobodyIsRead(bridge);
    expect(notes(bridge, 'hello there')).toEqual([]);
  });

  it('opens none for somebody who has opted out, and shows nothing from that time afterwards', async () => {
    const bridge = await start({ reading: { slowestMs: 300 } });
    await command(bridge, 'inbox on');
    await readAgain(bridge, 1);
    await command(bridge, 'opt-out');
    await expectNobodyIsRead(bridge);
    expect(await command(bridge, 'inbox on')).toContain('You have opted out');
    type(bridge, 'while away', 'alan');
    // Further than the margin between two clocks.
    const typedMs = Date.now();
    await expect.poll(() => Date.now() - typedMs, { timeout: 10_000 }).toBeGreaterThan(5_500);
    await command(bridge, 'opt-in');
    type(bridge, 'here again', 'alan');
    await expect.poll(() => notes(bridge, 'here again'), patience).toHaveLength(1);
    expect(notes(bridge, 'while away')).toEqual([]);
  });
});

describe('reading', longTest, () => {
  it('stops when somebody opts out', async () => {
    const { bridge } = await startConversation();
    await readAgain(bridge, 1);
    await command(bridge, 'opt-out');
    await expectNobodyIsRead(bridge);
  });

  it('marks a conversation as read when its thread was answered, where that is set', async () => {
    const { bridge, root } = await startConversation({ env: { MARK_READ: 'on' } });
    type(bridge, 'unread');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    await reply(bridge, root, 'seen');
    const isRead = () =>
      bridge.salesforce
        .conversationsOf(bridge.salesforceId('ada'))
        .every(({ unreadBy }) => !unreadBy.has(bridge.salesforceId('ada')));
    await expect.poll(isRead, patience).toBe(true);
  });

  it('leaves what is read in Chatter alone otherwise', async () => {
    const { bridge, root } = await startConversation();
    type(bridge, 'unread');
    await expect.poll(() => lines(bridge, root), patience).toHaveLength(1);
    await reply(bridge, root, 'seen');
    await expect.poll(() => bridge.texts(), patience).toContain('seen');
    expect(bridge.salesforce.requests.filter(({ kind }) => kind === 'other')).toEqual([]);
  });
});
