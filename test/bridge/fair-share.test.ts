import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairShare } from '../../src/bridge/fair-share.ts';
import type { ChatPersonId } from '../../src/bridge/people.ts';

const ada = 'ada' as ChatPersonId;
const grace = 'grace' as ChatPersonId;

describe('one worker’s hands', () => {
  it('are open to a person up to a number, and to others all the same', () => {
    const share = createFairShare(2);
    expect([share.enter(ada, 0), share.enter(ada, 0)]).toEqual([undefined, undefined]);
    expect(share.enter(ada, 0)).toBeGreaterThan(0);
    expect(share.enter(grace, 0)).toBeUndefined();
  });

  it('are open again when one of theirs is done', () => {
    const share = createFairShare(1);
    share.enter(ada, 0);
    expect(share.enter(ada, 0)).toBeGreaterThan(0);
    share.leave(ada, 0, 50);
    expect(share.enter(ada, 0)).toBeUndefined();
  });

  it('send what is too much away for as long as those before it will take', () => {
    const share = createFairShare(10);
    for (let i = 0; i < 10; i += 1) share.enter(ada, 0);
    const waits = Array.from({ length: 40 }, () => share.enter(ada, 0) ?? 0);
    expect(waits.slice(0, 10)).toEqual(Array(10).fill(100));
    expect(waits.slice(30)).toEqual(Array(10).fill(400));
  });

  it('learn how long a person’s messages take', () => {
    const share = createFairShare(2);
    share.enter(ada, 0);
    for (let i = 0; i < 50; i += 1) {
      share.enter(ada, 0);
      share.leave(ada, 0, 2_000);
    }
    share.enter(ada, 0);
    expect(share.enter(ada, 0)).toBeGreaterThan(1_500);
  });

  it('never hold more of a person than that, and never send anybody away while there is room', () => {
    const moves = fc.array(fc.constantFrom('enter', 'leave'), { maxLength: 200 });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 5 }), (list, most) => {
        const share = createFairShare(most);
        let inHand = 0;
        for (const move of list) {
          if (move === 'leave' && inHand > 0) {
            share.leave(ada, 0, 10);
            inHand -= 1;
          }
          if (move === 'enter') {
            const isIn = share.enter(ada, 0) === undefined;
            expect(isIn).toBe(inHand < most);
            inHand += isIn ? 1 : 0;
          }
        }
      }),
    );
  });
});
