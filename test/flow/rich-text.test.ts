import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fields } from '../../sandbox/slack/shapes.ts';
import type { FilePolicy } from '../../src/slack/text/file-line.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

const section = (text: string): Fields => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
const list = (style: string, indent: number, items: readonly string[], offset = 0): Fields => ({
  type: 'rich_text_list',
  style,
  indent,
  offset,
  border: 0,
  elements: items.map(section),
});
const richText = (...elements: Fields[]): Fields[] => [{ type: 'rich_text', block_id: 'b1', elements }];
const cell = (text: string): Fields => ({ type: 'raw_text', text });
const plan: Fields = {
  id: 'F0PLAN',
  mode: 'hosted',
  name: 'plan.pdf',
  pretty_type: 'PDF',
  size: 1_234_567,
  url_private: 'https://files.slack.com/files-pri/T0CORP-F0PLAN/plan.pdf',
  permalink: 'https://corp.slack.com/files/U0ADA/F0PLAN/plan.pdf',
};

/** A bridge with a conversation of Ada's, and what she then writes in its thread, as Slack's composer sends it. */
async function startConversation(policy?: FilePolicy) {
  const bridge: RunningBridge = await startBridge(policy ? { env: { FILE_POLICY: policy } } : {});
  const { slack } = bridge;
  await command(bridge, '@grace begin');
  await vi.waitFor(() => expect(notes(bridge, 'begin')).toHaveLength(1), patience);
  const thread_ts = rootOf(bridge, 'begin');
  return {
    bridge,
    root: thread_ts,
    write: (text: string, more: object = {}) =>
      slack.say('U0ADA', slack.dmOf('U0ADA'), text, { thread_ts, escaped: true, ...more }),
    last: () => bridge.texts().at(-1),
  };
}

describe('what the composer of Slack makes arrives in Chatter with its meaning', longTest, () => {
  let talk: Awaited<ReturnType<typeof startConversation>>;
  beforeAll(async () => {
    talk = await startConversation();
  });
  afterAll(() => talk?.bridge.close());

  it.each([
    [
      'lists',
      '1. plan\n    a. ask\n2. do',
      {
        blocks: richText(
          list('ordered', 0, ['plan']),
          list('ordered', 1, ['ask']),
          list('ordered', 0, ['do'], 1),
        ),
      },
      '1. plan\n    a. ask\n2. do',
    ],
    [
      'tables',
      'who does what',
      {
        blocks: richText(section('who does what')),
        attachments: [
          {
            blocks: [
              {
                type: 'table',
                rows: [
                  [cell('Who'), cell('What')],
                  [cell('Grace'), cell('it')],
                ],
              },
            ],
          },
        ],
      },
      'who does what\nWho | What\nGrace | it',
    ],
    ['what is broken', 'still *here*', { blocks: [{ type: 'rich_text', elements: 'x' }, 7] }, 'still here'],
    ['/me', 'waves', { subtype: 'me_message' }, '*Ada Lovelace waves*'],
    [
      'a file',
      'here it is',
      { files: [plan] },
      `here it is\nFile: plan.pdf (PDF, 1.2 MB) ${String(plan.permalink)}`,
    ],
    ['a file alone', '', { files: [plan] }, `File: plan.pdf (PDF, 1.2 MB) ${String(plan.permalink)}`],
    [
      'a deleted file',
      'gone',
      { files: [{ id: 'F1', mode: 'tombstone' }] },
      'gone\n(a file that was deleted)',
    ],
  ])('%s', async (_, text, more, arrives) => {
    talk.write(text, more);
    await expect.poll(talk.last, patience).toBe(arrives);
  });

  it('mentions, links, emoji, quotes and code, as they are typed', async () => {
    reply(talk.bridge, talk.root, '> <https> @grace in #general\n~no~ :wave: `a && b`\n```\nx *= 2;\n```');
    await expect
      .poll(talk.last, patience)
      .toBe('> <https> @Grace Hopper in #general\n~no~ 👋 `a && b`\n```\nx *= 2;\n```');
  });

  it('40,000 characters, each word in another style', async () => {
    const said = talk.write('*a* '.repeat(10_000));
    expect(JSON.stringify(said.message.blocks).length).toBeGreaterThan(750_000);
    const all = 'a '.repeat(10_000).trimEnd();
    const arrived = () =>
      talk.bridge
        .texts()
        .slice(-3)
        .map((text) => text.replace(/^\(\d\/3\) /, ''))
        .join('');
    await expect.poll(() => arrived().trimEnd(), patience).toBe(all);
  });

  it('a reply that is also sent to the conversation, once', async () => {
    const said = talk.write('to all of you', { subtype: 'thread_broadcast' });
    await expect.poll(talk.last, patience).toBe('to all of you');
    // Slack may tell of it as a plain reply as well.
    const { subtype: _subtype, ...plain } = said.message;
    await talk.bridge.slack.event({ ...plain, channel_type: 'im' });
    talk.write('and one more thing');
    await expect.poll(talk.last, patience).toBe('and one more thing');
    expect(talk.bridge.texts().filter((text) => text === 'to all of you')).toHaveLength(1);
  });

  it('nothing of it is said to the writer, and no file is asked for', () => {
    expect(notes(talk.bridge, 'files')).toEqual([]);
    expect(talk.bridge.slack.calls.filter(({ method }) => method.startsWith('files.'))).toEqual([]);
  });
});

describe('with FILE_POLICY=drop', longTest, () => {
  it('a file is named, and its address stays in Slack', async () => {
    const { bridge, write, last } = await startConversation('drop');
    try {
      write('here it is', { files: [plan] });
      await expect.poll(last, patience).toBe('here it is\n(file left out: plan.pdf)');
    } finally {
      await bridge.close();
    }
  });
});
