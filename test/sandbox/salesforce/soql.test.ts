import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Comparison, parseSoql } from '../../../sandbox/salesforce/soql.ts';

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
      (parseSoql(`SELECT Id FROM User WHERE Name = '${literal}'`).where[0] as Comparison).values;
    expect(value(String.raw`\n\r\t\b\f\"\'\\\u00e9`)).toEqual(['\n\r\t\b\f"\'\\é']);
    for (const illegal of [String.raw`\x`, String.raw`\u12`, String.raw`\_`, '\\\n']) {
      expect(() => value(illegal)).toThrow(/Invalid string escape/);
    }
  });

  it('reads alternatives and patterns', () => {
    const { where } = parseSoql(
      "SELECT Id FROM User WHERE IsActive = true AND (Name LIKE 'a%' OR Name = 'b')",
    );
    expect(where).toEqual([
      { field: 'IsActive', negated: false, values: [true] },
      {
        anyOf: [
          { field: 'Name', like: /^a.*$/isu },
          { field: 'Name', negated: false, values: ['b'] },
        ],
      },
    ]);
  });

  it.each([
    ['gra%', ['Grace', 'GRAY', 'gra'], ['agra', 'Gr']],
    ['% h_p%', ['Grace Hopper', 'x hip'], ['hop', 'Grace Hp']],
    [String.raw`100\%\_%`, ['100%_', '100%_x'], ['1000_', '100%x']],
    [String.raw`a.\\\'%`, ["a.\\'x"], ["ab\\'"]],
  ])('%s fits what it should', (pattern, fitting, others) => {
    const { where } = parseSoql(`SELECT Id FROM User WHERE Name LIKE '${pattern}'`);
    const like = where[0] && 'like' in where[0] ? where[0].like : /$^/;
    expect([...fitting, ...others].filter((text) => like.test(text))).toEqual(fitting);
  });

  it.each([
    'SELECT FROM User',
    'SELECT Id, FROM User',
    'SELECT Id FROM User WHERE',
    "SELECT Id FROM User WHERE Name = 'a' AND Email = 'a' OR Email = 'b'",
    "SELECT Id FROM User WHERE (Email = 'a' OR Email = 'b'",
    "SELECT Id FROM User WHERE (Email = 'a' OR )",
    'SELECT Id FROM User WHERE Email LIKE true',
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
