import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { to18, toConversationId, toMessageId, toUserId } from '../../src/chatter/ids.ts';

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const id15 = fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 15, maxLength: 15 });

describe('to18', () => {
  // Pairs printed in Salesforce's own documentation.
  it.each([
    ['005B0000000KEXQ', '005B0000000KEXQIA4'],
    ['001D000000IqhSL', '001D000000IqhSLIAZ'],
  ])('gives %s its checksum', (short, long) => {
    expect(to18(short)).toBe(long);
  });

  it('keeps an id that has its checksum, and begins with the short form', () => {
    fc.assert(
      fc.property(id15, (id) => {
        const long = to18(id);
        expect(long.startsWith(id)).toBe(true);
        expect(to18(long)).toBe(long);
      }),
    );
  });

  it('tells apart ids that differ only in case, even where case is ignored', () => {
    fc.assert(
      fc.property(id15, (id) => {
        fc.pre(id.toLowerCase() !== id);
        expect(to18(id).toLowerCase()).not.toBe(to18(id.toLowerCase()).toLowerCase());
      }),
    );
  });

  it('refuses a wrong checksum, which means that the case was lost', () => {
    expect(() => to18('005b0000000kexqIA4')).toThrow(RangeError);
  });

  it.each(['', '005', '005D0000001GLo', '005D0000001GLowI', '005D0000001GLo-', '005B0000000KEXQIA4\n'])(
    'refuses %j',
    (text) => {
      expect(() => to18(text)).toThrow(RangeError);
    },
  );
});

describe('ids of one kind', () => {
  it('are taken by their prefix and no other', () => {
    expect(toUserId('005B0000000KEXQ')).toBe('005B0000000KEXQIA4');
    expect(toMessageId('03JD00000000001')).toBe(to18('03JD00000000001'));
    expect(toConversationId('03MD00000000001')).toBe(to18('03MD00000000001'));
    expect(() => toMessageId('03MD00000000001')).toThrow(RangeError);
    expect(() => toConversationId('03JD00000000001')).toThrow(RangeError);
    expect(() => toUserId('001D000000IqhSL')).toThrow(RangeError);
  });
});
