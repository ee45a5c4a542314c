import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSoql } from '../../sandbox/salesforce/soql.ts';
import { soqlLike, soqlString } from '../../src/chatter/soql.ts';

const meaning: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Reads a literal by SOQL's rules; throws when it ends too early, too late, or has an unknown escape. */
function read(literal: string): string {
  const inner = /^'((?:[^'\\]|\\(?:[nrtbf"'\\]|u[0-9a-fA-F]{4}))*)'$/.exec(literal)?.[1];
  if (inner === undefined) throw new Error(`not one literal: ${literal}`);
  return inner.replace(/\\(u(.{4})|.)/g, (_all, letter: string, code?: string) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (meaning[letter] ?? letter),
  );
}

describe('soqlString', () => {
  it('keeps an ordinary text as it is', () => {
    expect(soqlString('ada@corp.com')).toBe("'ada@corp.com'");
  });

  it('escapes backslashes before quotes, so that no quote is set free', () => {
    expect(soqlString("a\\' OR Name != '")).toBe("'a\\\\\\' OR Name != \\''");
  });

  it('is always exactly one literal that means the text', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\\', "'", '"', '\n', '\u0000', '\u007f', 'u', 'n', 'é', '😀'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nasty), (text) => {
        const literal = soqlString(text);
        expect(read(literal)).toBe(text);
        expect(literal).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('soqlLike', () => {
  it('fits the text itself and what our own wildcards allow, whatever is in it', () => {
    const nasty = fc.string({ unit: fc.constantFrom('%', '_', '\\', "'", 'a', '\n', '.', '*', 'é', '😀') });
    fc.assert(
      fc.property(nasty, nasty, (text, rest) => {
        const { where } = parseSoql(`SELECT Id FROM User WHERE Name LIKE ${soqlLike('', text, '%')}`);
        const like = where[0] && 'like' in where[0] ? where[0].like : /$^/;
        expect(like.test(text + rest)).toBe(true);
        expect(like.test(rest)).toBe(rest.startsWith(text));
      }),
    );
  });
});
