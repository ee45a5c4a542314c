import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from '../../src/bridge/same-text.ts';

describe('a text as it is compared', () => {
  it.each([
    ['line ends', 'one\r\ntwo', 'one\ntwo'],
    ['tabs and doubled blanks', 'one\t two', 'one two'],
    ['no-break spaces', 'one\u00a0two', 'one two'],
    ['blanks around it', '  one two\n', 'one two'],
    ['the Unicode form', 'cafe\u0301', 'caf\u00e9'],
  ])('is the same whatever becomes of %s', (_what, sent, stored) => {
    expect(comparable(sent)).toBe(comparable(stored));
  });

  it.each([
    ['ok', 'OK'],
    ['ok', 'ok.'],
    ['lunch at 1', 'lunch at 11'],
    ['(1/2) a', '(2/2) a'],
  ])('tells %j from %j', (a, b) => {
    expect(comparable(a)).not.toBe(comparable(b));
  });

  it('compared again it stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(comparable(comparable(text))).toBe(comparable(text));
      }),
    );
  });
});
