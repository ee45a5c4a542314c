import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../../src/slack/text/escape.ts';
import { parse } from '../../../src/slack/text/parse.ts';
import { mentionsIn, type Names, toPlainText } from '../../../src/slack/text/plain.ts';

const NAMES: Names = { user: () => 'Ada', channel: () => undefined, group: () => 'ops' };

const TOKENS = ['<@U1>', '<@W2|ada>', '<#C1>', '<#C1|secret>', '<#C1|>', '<!subteam^S1|@ops>', '<!here>'];
const PARTS = [
  '<',
  '>',
  '<@',
  '<@U1',
  '<@U1|',
  '<#C1|',
  '<!',
  '<!date^1^',
  '|',
  '^',
  'x',
  ' ',
  '\n',
  ':',
  '`',
  '```',
];
const MARKUP = [
  '*',
  '_',
  '~',
  ':wave:',
  ':skin-tone-2:',
  '<http://a.b|a>',
  '<!date^1^{date}|then>',
  '&gt; ',
  '&amp;',
];

const joined = (pieces: readonly string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((chosen) => chosen.join(''));

const LIVE_TOKEN = /<(?:@[UW][A-Z0-9]+|#[CDG][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!here)(?:\|[^<>]*)?>/;

describe('toPlainText, whatever the text', () => {
  it('never fails, and mentions only what mentionsIn has named', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), joined([...TOKENS, ...PARTS, ...MARKUP]));
    fc.assert(
      fc.property(anything, (text) => {
        const asked = { users: new Set<string>(), channels: new Set<string>(), groups: new Set<string>() };
        const asking = (ids: Set<string>) => (id: string) => void ids.add(id);
        toPlainText(parse(text), {
          user: asking(asked.users),
          channel: asking(asked.channels),
          group: asking(asked.groups),
        });
        const mentioned = mentionsIn(parse(text));
        expect([...asked.users]).toEqual(mentioned.users);
        expect([...asked.channels]).toEqual(mentioned.channels);
        expect([...asked.groups]).toEqual(mentioned.groups);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves no token, and no name of a private channel', () => {
    // A lone ">" is left out: after "<#C1|" and a token it would end a token of our own making.
    fc.assert(
      fc.property(joined([...TOKENS, ...PARTS.filter((part) => part !== '>')]), (text) => {
        const plain = toPlainText(parse(text), NAMES);
        expect(plain).not.toMatch(LIVE_TOKEN);
        expect(plain).not.toContain('secret');
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing in text without tokens, emoji, escapes and formatting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (noise) => {
        const text = noise.replace(/[<&*_~:`]/g, '');
        expect(toPlainText(parse(text), NAMES)).toBe(text);
      }),
    );
    const words = [
      '2*3',
      'snake_case',
      '* ',
      '~/x',
      'it`s',
      '10:30',
      'a<b',
      'R&D',
      '&',
      '\n',
      ' ',
      '>',
      ': ',
      '😀',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words)), (chosen) => {
        const text = chosen.join(' ');
        expect(toPlainText(parse(text), NAMES)).toBe(text);
      }),
    );
  });

  it('gives back what was escaped', () => {
    const characters = joined([...'&<>;|@#!^`U1C2 \n', 'amp;', 'lt;', 'gt;', '<@U1>', '```', 'é', '😀']);
    fc.assert(fc.property(characters, (text) => toPlainText(parse(escapeText(text)), NAMES) === text));
  });
});

describe('toPlainText, however hostile the text', () => {
  const LENGTH = 40_000;
  const LIMIT_MS = 200;

  it.each([
    '<',
    '<a',
    '<!',
    '<@U1',
    '<@U1|',
    '*a',
    '*a ',
    '*.',
    '(*a* ',
    '*_~a~_* ',
    '*_',
    ':',
    ':a',
    ':a:',
    ':wave:',
    '`',
    '`a',
    '`\n',
    '```',
    '``` ',
    '`<',
    '&',
    '&amp;',
    '&gt;\n',
    '<@U1>',
  ])('takes 40,000 characters of %j in its stride', (piece) => {
    const text = piece.repeat(LENGTH / piece.length);
    // The best of three: the machine that runs the tests has other things to do.
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      toPlainText(parse(text), NAMES);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(LIMIT_MS);
  });
});
