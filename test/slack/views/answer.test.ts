import type { RichTextElement } from '@slack/web-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../sandbox/slack/block-check.ts';
import type { Say } from '../../../src/bridge/note.ts';
import { unescapeText } from '../../../src/slack/text/escape.ts';
import { answerPieces } from '../../../src/slack/views/answer.ts';
import { renderSay } from '../../../src/slack/views/say.ts';
import { aliveIn, contextLines, richElements, richlyShown } from './shown.ts';

const grace = { name: 'Grace Hopper' };
const reader = { name: 'Ada Lovelace', isReader: true } as const;
const answer = (text: string, from: { name: string; isReader?: true } = grace): Say => ({
  words: 'answer',
  from,
  text,
});
const opened = (text: string, more: Partial<Extract<Say, { words: 'opened' }>> = {}): Say => ({
  words: 'opened',
  people: ['Grace Hopper'],
  from: grace,
  text,
  ...more,
});
const linksIn = (say: Say) =>
  richElements(renderSay(say).blocks).filter(({ type }) => type === 'link') as Extract<
    RichTextElement,
    { type: 'link' }
  >[];

describe('what somebody answered in Chatter', () => {
  it('stands below their name, in bold', () => {
    const { text, blocks, username } = renderSay(answer('lunch?'));
    expect(richElements(blocks)).toEqual([
      { type: 'text', text: 'Grace Hopper', style: { bold: true } },
      { type: 'text', text: '\nlunch?' },
    ]);
    expect(text).toBe('Grace Hopper: lunch?');
    expect(username).toBeUndefined();
  });

  it('is called yours when you typed it there', () => {
    const { text, blocks } = renderSay(answer('lunch?', reader));
    expect(richlyShown(blocks)).toBe('You, in Chatter\nlunch?');
    expect(text).toBe('You, in Chatter: lunch?');
  });

  it.each([
    '*not bold* _not italic_ ~not struck~',
    '`not code` ```nor this```',
    '> no quote\n- no list\n1. nor this',
    '&lt; stays &lt;, and & stays &',
    '<!channel> <@U0ADA> <#C0GENERAL|x> <https://x.example|good> <!date^1^{date}|then>',
    ':wave: ¯\\_(ツ)_/¯',
    '  two\n\n\tlines  ',
  ])('is shown as it was typed: %j', (typed) => {
    expect(richlyShown(renderSay(answer(typed)).blocks)).toBe(`Grace Hopper\n${typed}`);
  });

  it('has web addresses that can be followed, shown as they were typed', () => {
    expect(linksIn(answer('see https://a.example/b?c&d, or (HTTP://B.example)'))).toEqual([
      { type: 'link', url: 'https://a.example/b?c&d', text: 'https://a.example/b?c&d' },
      { type: 'link', url: 'http://b.example/', text: 'HTTP://B.example' },
    ]);
    expect(linksIn(answer('www.a.example javascript:alert(1) ada@corp.com'))).toEqual([]);
  });

  it('has no more of them than Slack takes: the rest is text', () => {
    const many = 'https://a.example '.repeat(160);
    expect(linksIn(answer(many)).length).toBeGreaterThan(20);
    expect(linksIn(answer(many)).length).toBeLessThan(40);
    expect(linksIn(answer(`https://a.example/${'b'.repeat(2_950)} https://c.example`))).toMatchObject([
      { url: 'https://c.example/' },
    ]);
  });

  it('tells its time when it comes late', () => {
    expect(contextLines(renderSay(answer('lunch?')).blocks)).toEqual([]);
    const late = renderSay({ words: 'answer', from: grace, text: 'lunch?', sentAtMs: Date.UTC(2026, 0, 5) });
    expect(contextLines(late.blocks)).toEqual([
      'Written <!date^1767571200^{date_short_pretty} {time}|2026-01-05 00:00 UTC>',
    ]);
  });

  it.each([
    ['*Grace*_Hopper_', '*Grace*_Hopper_'],
    ['<@U0ADA> <!here>', '<@U0ADA> <!here>'],
    ['Grace\nAda Lovelace\u2028yes', 'Grace Ada Lovelace yes'],
    ['https://evil.example', 'https://evil.example'],
    [' ', 'Somebody'],
    ['x'.repeat(1_000), 'x'.repeat(150)],
  ])('keeps the name %j to itself and to its line', (name, shown) => {
    const [first, ...rest] = richElements(renderSay(answer('lunch?', { name })).blocks);
    expect(first).toEqual({ type: 'text', text: shown, style: { bold: true } });
    expect(rest).toEqual([{ type: 'text', text: '\nlunch?' }]);
  });
});

describe('with names in place of the app’s', () => {
  it('stands under the name, which says where that person is', () => {
    const { text, blocks, username } = renderSay(answer('lunch?'), 'username');
    expect(username).toBe('Grace Hopper (Chatter)');
    expect(richlyShown(blocks)).toBe('lunch?');
    expect(text).toBe('lunch?');
  });

  it.each([
    ['the reader’s own words', answer('lunch?', reader), 'You, in Chatter\nlunch?'],
    ['a name that is too long', answer('x', { name: 'n'.repeat(71) }), `${'n'.repeat(71)}\nx`],
  ])('%s stay under the app’s', (_, say, shown) => {
    const { blocks, username } = renderSay(say, 'username');
    expect(username).toBeUndefined();
    expect(richlyShown(blocks)).toBe(shown);
  });

  it('nothing else changes its name', () => {
    for (const say of [opened('hello'), { words: 'line', text: 'hello' }] as const) {
      expect(renderSay(say, 'username')).toEqual(renderSay(say));
    }
  });
});

describe('a conversation that was begun in Chatter', () => {
  it('says who wrote, what, where to read it and how to go on', () => {
    const link = 'https://bridge.corp.com/conversations/1';
    const { text, blocks } = renderSay(opened('lunch?', { link, sentAtMs: 0 }));
    expect(richlyShown(blocks.slice(0, 1))).toBe('Grace Hopper wrote to you in Chatter · Open conversation');
    expect(richElements(blocks)[0]).toMatchObject({ style: { bold: true } });
    expect(richElements(blocks)[2]).toEqual({ type: 'link', url: link, text: 'Open conversation' });
    expect(richlyShown(blocks.slice(1))).toBe('lunch?');
    expect(contextLines(blocks)).toEqual([
      expect.stringMatching(/^Written <!date\^0\^/),
      'Reply in this thread, and it goes to the same Chatter conversation.',
    ]);
    expect(text).toBe('Grace Hopper wrote to you in Chatter: lunch?');
  });

  it.each([
    [grace, ['Grace Hopper'], 'Grace Hopper wrote to you in Chatter'],
    [grace, ['Alan Turing', 'Grace Hopper'], 'Grace Hopper wrote to you and Alan Turing in Chatter'],
    [grace, ['A', 'Grace Hopper', 'B'], 'Grace Hopper wrote to you, A and B in Chatter'],
    [grace, ['Grace Hopper', 'Grace Hopper'], 'Grace Hopper wrote to you and Grace Hopper in Chatter'],
    [reader, ['Grace Hopper'], 'You wrote to Grace Hopper in Chatter'],
    [reader, ['Grace Hopper', 'Alan Turing'], 'You wrote to Grace Hopper and Alan Turing in Chatter'],
  ])('by %j with %j reads: %s', (from, people, heading) => {
    expect(richlyShown(renderSay(opened('x', { from, people })).blocks.slice(0, 1))).toBe(heading);
  });
});

const TOKENS = [
  '<!channel>',
  '<@U0ADA>',
  '<@U0ADA|ada>',
  '<#C1|x>',
  '<!subteam^S1|@t>',
  '<https://x.example|y>',
];
const PARTS = [
  '<',
  '>',
  '&',
  '&lt;',
  '&amp;',
  '|',
  '^',
  '*',
  '_',
  '~',
  '`',
  '```',
  '> ',
  '\n',
  '\n\n',
  ' ',
  ':wave:',
];
const ADDRESSES = [
  'https://a.example/b',
  'http://c.example',
  'https://',
  '(https://d.example/é)',
  '👩‍👩‍👧‍👦',
  'e\u0301',
];
const hostile = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...TOKENS, ...PARTS, ...ADDRESSES),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { minLength: 1, maxLength },
    )
    .map((chosen) => chosen.join(''))
    .filter((text) => text !== '');

describe('whatever the text and the name', () => {
  it('nothing of theirs comes alive but web addresses', () => {
    fc.assert(
      fc.property(hostile(60), hostile(12), fc.boolean(), (text, name, isUsername) => {
        const from = { name };
        const says: Say[] = [answer(text, from), opened(text, { from, people: [name, name], sentAtMs: 0 })];
        for (const say of says) {
          const rendered = renderSay(say, isUsername ? 'username' : 'inside');
          expect(aliveIn(rendered.text)).toEqual([]);
          // Our own: the date, in the one that has one.
          expect(contextLines(rendered.blocks).flatMap(aliveIn)).toEqual(
            say.words === 'opened' ? ['date'] : [],
          );
          for (const element of richElements(rendered.blocks)) {
            expect(['text', 'link']).toContain(element.type);
            if (element.type !== 'link') continue;
            expect(element.url).toMatch(/^https?:\/\/[!-~]+$/);
            expect(element.text).toMatch(/^https?:\/\//i);
          }
          const bolds = richElements(rendered.blocks).filter(({ style }) => style);
          expect(bolds.length).toBe(rendered.username === undefined ? 1 : 0);
          expect(checkBlocks(rendered.blocks)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  const TEXTS = fc.oneof(
    hostile(4_000),
    fc.tuple(hostile(4), fc.integer({ min: 1, max: 3_000 })).map(([piece, times]) => piece.repeat(times)),
  );
  const withoutLabel = (piece: string) => piece.replace(/^\(\d+\/\d+\) /, '');

  it('its pieces are the text, and each is shown in full by one message that Slack takes', () => {
    fc.assert(
      fc.property(
        TEXTS.filter(({ length }) => length <= 40_000),
        (text) => {
          const pieces = answerPieces(text);
          expect(pieces.length === 1 ? pieces[0] : pieces.map(withoutLabel).join('')).toBe(text);
          for (const piece of pieces) {
            const { text: fallback, blocks } = renderSay(answer(piece));
            expect(richlyShown(blocks)).toBe(`Grace Hopper\n${piece}`);
            expect(unescapeText(fallback)).toBe(`Grace Hopper: ${piece}`);
            expect(fallback.length).toBeLessThanOrEqual(4_000);
            expect(checkBlocks(blocks)).toEqual([]);
            expect(sizeOf(richElements(blocks))).toBeLessThan(12_000);
            expect(richlyShown(renderSay(opened(piece)).blocks.slice(1))).toBe(piece);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('one that was not cut is shown in part, and says that there is more', () => {
    for (const text of ['x'.repeat(10_000), '&'.repeat(10_000)]) {
      const { text: fallback, blocks } = renderSay(answer(text));
      expect(richlyShown(blocks)).toMatch(/^Grace Hopper\n.{500,3000}…$/);
      expect(fallback).toMatch(/…$/);
      expect(fallback.length).toBeLessThanOrEqual(4_000);
    }
  });

  it('an empty one is shown all the same', () => {
    for (const names of ['inside', 'username'] as const) {
      expect(checkBlocks(renderSay(answer(''), names).blocks)).toEqual([]);
    }
    expect(checkBlocks(renderSay(opened('')).blocks)).toEqual([]);
  });
});

/** Texts and addresses, and a generous share for what they are wrapped in. */
function sizeOf(elements: readonly RichTextElement[]): number {
  const sizes = elements.map((element) => {
    const text = 'text' in element ? (element.text ?? '') : '';
    return text.length + (element.type === 'link' ? element.url.length : 0) + 50;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
