import { setImmediate as soon } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fewAtATime } from '../../src/slack/few-at-a-time.ts';

describe('a few at a time', () => {
  it('does all, never more than that many at once, and keeps the order', async () => {
    let underWay = 0;
    let most = 0;
    const results = await fewAtATime([5, 1, 4, 2, 3, 0], 2, async (n) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < n; turn++) await soon();
      underWay -= 1;
      return n * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(2);
  });

  it('begins nothing after a failure, and throws the first', async () => {
    const begun: number[] = [];
    const work = async (n: number) => {
      begun.push(n);
      await soon();
      if (n >= 2) throw new Error(`no ${n}`);
    };
    await expect(fewAtATime([0, 1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('no 2');
    await soon();
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('has nothing to do for nobody', async () => {
    expect(await fewAtATime([], 3, async (n) => n)).toEqual([]);
  });
});
