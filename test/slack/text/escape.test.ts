import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedLength, escapeText, unescapeText } from '../../../src/slack/text/escape.ts';
import { parse } from '../../../src/slack/text/parse.ts';
import { mentionsIn } from '../../../src/slack/text/plain.ts';

describe('escapeText', () => {
  it.each([
    ['a & b', 'a &amp; b'],
    ['<!channel>', '&lt;!channel&gt;'],
    ['"quotes" and \'apostrophes\'', '"quotes" and \'apostrophes\''],
    ['&lt;', '&amp;lt;'],
    ['', ''],
  ])('makes %j safe to post as %j', (plain, escaped) => {
    expect(escapeText(plain)).toBe(escaped);
  });

  it('leaves nothing alive, whatever was typed', () => {
    const typed = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('<@U1>', '<!here>', '<#C1|x>', '<', '>', '&', 'lt;')),
    );
    fc.assert(
      fc.property(typed, (pieces) => {
        const escaped = escapeText(pieces.join(''));
        expect(escaped).not.toMatch(/[<>]/);
        expect(mentionsIn(parse(escaped))).toEqual({ users: [], channels: [], groups: [] });
      }),
    );
  });
});

describe('escapedLength', () => {
  it('is that of the escaped text, and adds up', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '&', '<>'), (one, other) => {
        expect(escapedLength(one + other)).toBe(escapeText(one + other).length);
        expect(escapedLength(one + other)).toBe(escapedLength(one) + escapedLength(other));
      }),
    );
  });
});

describe('unescapeText', () => {
  it.each([
    ['&lt;b&gt; &amp; more', '<b> & more'],
    ['&amp;lt;', '&lt;'],
    ['&amp;amp;amp;', '&amp;amp;'],
    ['&quot; &nbsp; &#39; & &l', '&quot; &nbsp; &#39; & &l'],
  ])('reads %j as %j: three escapes, once', (escaped, plain) => {
    expect(unescapeText(escaped)).toBe(plain);
  });

  it('undoes what escapeText does', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unescapeText(escapeText(text)) === text));
    const entities = fc.array(fc.constantFrom('&', 'amp;', 'lt;', 'gt;', '<', '>')).map((p) => p.join(''));
    fc.assert(fc.property(entities, (text) => unescapeText(escapeText(text)) === text));
  });
});
