import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_QUERY_BYTES, questionsOf } from '../../src/chatter/long-question.ts';
import { soqlString } from '../../src/chatter/soql.ts';

const parts = { before: 'SELECT Id FROM User WHERE Email IN (', after: ')' };
const asked = (values: readonly string[]) => [...questionsOf(parts, values, soqlString)];
const bytesOf = (soql: string) => new URL(`https://x.y/query?q=${encodeURIComponent(soql)}`).search.length;

describe('a question about many', () => {
  it('is one while it fits, and none about nobody', () => {
    expect(asked(['a@b.c', "o'neil@b.c"])).toEqual([
      {
        soql: "SELECT Id FROM User WHERE Email IN ('a@b.c','o\\'neil@b.c')",
        values: ['a@b.c', "o'neil@b.c"],
      },
    ]);
    expect(asked([])).toEqual([]);
  });

  it('becomes several that each fit into a URI, as few as can be, with everybody once and in order', () => {
    const email = fc.string({
      unit: fc.constantFrom('a', "'", '\\', '@', 'é', '😀', '\n'),
      minLength: 20,
      maxLength: 90,
    });
    fc.assert(
      fc.property(fc.array(email, { minLength: 100, maxLength: 300, size: 'max' }), (values) => {
        const questions = asked(values);
        expect(questions.flatMap((question) => question.values)).toEqual(values);
        expect(questions.length).toBeGreaterThan(1);
        for (const { soql } of questions) expect(bytesOf(soql)).toBeLessThanOrEqual(MOST_QUERY_BYTES + 3);
        for (const [n, { soql }] of questions.slice(0, -1).entries()) {
          const next = soqlString(questions[n + 1]?.values[0] ?? '');
          expect(bytesOf(soql) + bytesOf(`${next},`)).toBeGreaterThan(MOST_QUERY_BYTES);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('names five hundred people in two questions', () => {
    const people = Array.from({ length: 500 }, (_, n) => `firstname.surname${n}@corp.com`);
    expect(asked(people)).toHaveLength(2);
  });
});
