import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TEXT_LENGTH, type Measure, splitText, splitWithName } from '../../src/bridge/split.ts';

const LABEL = /^\(\d+\/\d+\) /;
const contents = (parts: readonly string[]) => parts.map((part) => part.replace(LABEL, ''));
const graphemes = (text: string) =>
  [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);

describe('splitText', () => {
  it.each(['', 'lunch?', 'x'.repeat(10_000)])('leaves a text that fits as it is', (text) => {
    expect(splitText(text)).toEqual([text]);
  });

  it('labels the parts of a longer one', () => {
    const parts = splitText('x'.repeat(10_001));
    expect(parts.map((part) => part.length)).toEqual([10_000, 13]);
    expect(parts.map((part) => part.slice(0, 7))).toEqual(['(1/2) x', '(2/2) x']);
  });

  it('splits the longest text that is taken in into five', () => {
    expect(splitText('x'.repeat(MAX_TEXT_LENGTH))).toHaveLength(5);
  });

  it.each([
    ['a paragraph', 'one two\n\nthree\nfour five', ['(1/2) one two\n\n', '(2/2) three\nfour five']],
    ['a line', 'one two three\nfour five six', ['(1/2) one two three\n', '(2/2) four five six']],
    ['a word', 'one two three four five six', ['(1/2) one two three ', '(2/2) four five six']],
    [
      'a Windows paragraph',
      'one two\r\n\r\nthree four five',
      ['(1/2) one two\r\n\r\n', '(2/2) three four five'],
    ],
  ])('cuts behind %s when it can', (_border, text, parts) => {
    expect(splitText(text, 6 + 17)).toEqual(parts);
  });

  it('does not waste half a part for the sake of a good border', () => {
    expect(splitText(`a ${'b'.repeat(22)}`, 6 + 16)).toEqual(['(1/2) a bbbbbbbbbbbbbb', '(2/2) bbbbbbbb']);
  });

  it('keeps a grapheme whole', () => {
    expect(splitText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 6 + 12)).toEqual([
      '(1/3) 👩‍👩‍👧‍👦',
      '(2/3) 👩‍👩‍👧‍👦',
      '(3/3) 👩‍👩‍👧‍👦',
    ]);
    expect(splitText('🇩🇪🇫🇷🇯🇵🇮🇹', 6 + 6)).toEqual(['(1/4) 🇩🇪', '(2/4) 🇫🇷', '(3/4) 🇯🇵', '(4/4) 🇮🇹']);
  });

  it('cuts a grapheme that is longer than a part, but no surrogate pair', () => {
    const parts = splitText(`e${'\u0301'.repeat(30)}`, 6 + 10);
    expect(contents(parts).map((part) => part.length)).toEqual([10, 10, 10, 1]);
    const linked = Array.from({ length: 9 }, () => '👩').join('\u200d');
    expect(contents(splitText(linked, 6 + 4)).join('')).toBe(linked);
    for (const part of splitText(linked, 6 + 4)) expect(encodeURI(part)).toBeTruthy(); // throws on a lone surrogate
  });

  it('makes room for labels of two digits when there are ten parts', () => {
    const parts = splitText('x'.repeat(100), 6 + 10);
    expect(parts[0]).toBe('(1/13) xxxxxxxx');
    expect(parts.at(-1)).toBe('(13/13) xxxx');
  });

  it('refuses a limit that leaves no room beside the labels', () => {
    expect(() => splitText('12345678', 7)).toThrow(RangeError);
    expect(() => splitText('x'.repeat(1_000), 10)).toThrow(RangeError);
  });

  it('counts as it is told to', () => {
    const twiceForA = (text: string) => text.length + text.split('a').length - 1;
    expect(splitText('aaaa bbbb', 13, twiceForA)).toEqual(['aaaa bbbb']);
    expect(splitText('aaaa bbbb cccc', 6 + 10, twiceForA)).toEqual(['(1/2) aaaa ', '(2/2) bbbb cccc']);
    expect(splitText('bbbb cccc aaaa', 6 + 10, twiceForA)).toEqual(['(1/2) bbbb cccc ', '(2/2) aaaa']);
    expect(() => splitText('a'.repeat(9), 6 + 3, twiceForA)).toThrow(RangeError);
  });

  it('fits, keeps the order and every character, and cuts between graphemes, whatever the text', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 10 }),
      fc.constantFrom(
        '\n\n',
        '\n',
        ' ',
        '\r\n',
        '👩‍👩‍👧‍👦',
        '🇩🇪',
        'e\u0301',
        '👍🏽',
        ' \u0301',
        'word ',
        '&',
        '&&',
      ),
    );
    const measures = fc.constantFrom<Measure>(
      ({ length }) => length,
      (text) => text.replaceAll('&', '&amp;').length,
    );
    const texts = fc.array(pieces, { maxLength: 80 }).map((chosen) => chosen.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 30, max: 80 }), measures, (text, limit, measure) => {
        const parts = splitText(text, limit, measure);
        fc.pre(measure(text) > limit);
        expect(contents(parts).join('')).toBe(text);
        for (const [index, part] of parts.entries()) {
          expect(measure(part)).toBeLessThanOrEqual(limit);
          expect(part.startsWith(`(${index + 1}/${parts.length}) `)).toBe(true);
          expect(part.length).toBeGreaterThan(LABEL.exec(part)?.[0].length ?? part.length);
        }
        const longest = Math.max(...graphemes(text).map(measure));
        if (longest <= limit - 10) expect(contents(parts).flatMap(graphemes)).toEqual(graphemes(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is quick with the longest text, also when that is one grapheme or all borders', () => {
    for (const piece of ['\u0301', '👩\u200d', '🇩🇪', '\n', ' \u0301']) {
      const start = performance.now();
      splitText(piece.repeat(MAX_TEXT_LENGTH / piece.length));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});

describe('a long text that the bridge says for somebody', () => {
  const name = 'Alan Turing (in Slack): ';

  it('says in each part whose words they are, and no part is too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), (length) => {
        const text = name + 'word '.repeat(Math.ceil(length / 5)).slice(0, length);
        const parts = splitWithName(text, name);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(10_000);
          expect(part.replace(/^\(\d\/\d\) /, '').startsWith(name)).toBe(true);
        }
        const bare = parts.map((part) => part.replace(/^\(\d\/\d\) /, '').slice(name.length));
        expect(name + bare.join('')).toBe(text);
      }),
    );
  });

  it('is one message as long as it fits', () => {
    const text = name + 'x'.repeat(10_000 - name.length);
    expect(splitWithName(text, name)).toEqual([text]);
    expect(splitWithName(`${text}x`, name)).toHaveLength(2);
    expect(splitWithName('x'.repeat(10_001), '')).toEqual(splitText('x'.repeat(10_001)));
  });
});
