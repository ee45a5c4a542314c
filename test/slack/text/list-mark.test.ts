import { describe, expect, it } from 'vitest';
import { listMark } from '../../../src/slack/text/list-mark.ts';

describe('the mark of an item in a list', () => {
  it('is a sign of its level', () => {
    expect([0, 1, 2, 3, 8].map((level) => listMark('bullet', level, 1))).toEqual(['•', '◦', '▪', '•', '▪']);
  });

  it.each([
    [0, 1, '1.'],
    [0, 1_000, '1000.'],
    [1, 1, 'a.'],
    [1, 26, 'z.'],
    [1, 27, 'aa.'],
    [1, 52, 'az.'],
    [1, 703, 'aaa.'],
    [2, 4, 'iv.'],
    [2, 1_999, 'mcmxcix.'],
    [2, 4_000, '4000.'],
    [3, 7, '7.'],
    [4, 2, 'b.'],
  ])('counts at level %i: %i is %s', (level, number, mark) => {
    expect(listMark('ordered', level, number)).toBe(mark);
  });
});
