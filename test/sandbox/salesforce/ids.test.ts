import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeId, to18 } from '../../../sandbox/salesforce/ids.ts';

describe('Salesforce ids', () => {
  it('get the check characters that the documentation prints', () => {
    expect(to18('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
  });

  it('stay as they are with 18 characters, and are told apart by case', () => {
    expect(to18('001D000000IqhSLIAZ')).toBe('001D000000IqhSLIAZ');
    expect(to18('001D000000iqhSL')).not.toBe(to18('001D000000IqhSL'));
  });

  it('are refused when malformed or with wrong check characters', () => {
    for (const id of ['', '005', '001D000000IqhSLIAA', '001D000000Iqh-L', '001D000000IqhSLiaz']) {
      expect(() => to18(id)).toThrow(RangeError);
    }
  });

  it('are made well-formed, distinct and in order', () => {
    const n = fc.nat({ max: 1e9 });
    fc.assert(
      fc.property(n, n, (a, b) => {
        expect(to18(makeId('03J', a))).toBe(makeId('03J', a));
        expect(Math.sign(a - b)).toBe(makeId('03J', a) < makeId('03J', b) ? -1 : a === b ? 0 : 1);
      }),
    );
  });
});
