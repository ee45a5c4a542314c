import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSoql } from '../../../sandbox/salesforce/soql.ts';

describe('the SOQL subset', () => {
  it('reads fields, conditions, order and limit', () => {
    const soql =
      "select Id, Profile.UserLicense.Name from User where IsActive = true and Email in ('a@b', 'c@d') and Name != null order by Name desc limit 2";
    expect(parseSoql(soql)).toEqual({
      fields: ['Id', 'Profile.UserLicense.Name'],
      from: 'User',
      where: [
        { field: 'IsActive', negated: false, values: [true] },
        { field: 'Email', negated: false, values: ['a@b', 'c@d'] },
        { field: 'Name', negated: true, values: [null] },
      ],
      orderBy: { field: 'Name', descending: true },
      limit: 2,
    });
  });

  it('gives any text back that was escaped, backslash first', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
        const { where } = parseSoql(`SELECT Id FROM User WHERE Email = '${escaped}'`);
        expect(where).toEqual([{ field: 'Email', negated: false, values: [text] }]);
      }),
    );
  });

  it('knows the documented escapes and no other', () => {
    const value = (literal: string) =>
      parseSoql(`SELECT Id FROM User WHERE Name = '${literal}'`).where[0]?.values;
    expect(value(String.raw`\n\r\t\b\f\"\'\\\u00e9`)).toEqual(['\n\r\t\b\f"\'\\é']);
    for (const illegal of [String.raw`\x`, String.raw`\u12`, String.raw`\_`, '\\\n']) {
      expect(() => value(illegal)).toThrow(/Invalid string escape/);
    }
  });

  it.each([
    'SELECT FROM User',
    'SELECT Id, FROM User',
    'SELECT Id FROM User WHERE',
    "SELECT Id FROM User WHERE Email = 'a' OR Email = 'b'",
    "SELECT Id FROM User WHERE Email = 'a'b'",
    String.raw`SELECT Id FROM User WHERE Email = 'a\'`,
    'SELECT Id FROM User WHERE Email = "a"',
    'SELECT Id FROM User WHERE Email IN ()',
    'SELECT Id FROM User LIMIT x',
    'SELECT Id FROM User; DELETE',
    '',
  ])('refuses %j', (soql) => {
    expect(() => parseSoql(soql)).toThrow(expect.objectContaining({ errorCode: 'MALFORMED_QUERY' }));
  });
});
