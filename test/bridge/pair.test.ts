import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, Effect } from '../../src/bridge/delivery.ts';
import { applyToPair, GHOST_MS, newPair, type Pair, type TextMark } from '../../src/bridge/pair.ts';
import type { DeliveryId, SalesforceUserId } from '../../src/bridge/people.ts';
import { arrived, base, begun, pairName } from './deliveries.ts';

const mark = 'mark of lunch?' as TextMark;
const pair = newPair({ key: pairName, sender: 'ada' as SalesforceUserId, recipients: [], names: [] });
const other: Delivery = { ...begun, id: 'message-2' as DeliveryId };
const acknowledge = (id: string, atMs = 1_500): Effect => ({ do: 'acknowledge', arrived: arrived(id, atMs) });

const apply = (from: Pair, effects: Effect[], by = begun, nowMs = 5_000): Pair =>
  applyToPair(from, by, effects, mark, nowMs);

describe('an open intent', () => {
  const held = apply(pair, [{ do: 'holdPair' }]);

  it('says whose it is, with which text and since when', () => {
    expect(held).toMatchObject({ holder: begun.id, intent: { mark, sinceMs: base.sinceMs } });
  });

  it('is closed by its own delivery, and by no other', () => {
    expect(apply(held, [{ do: 'releasePair' }], other)).toEqual(held);
    expect(apply(held, [{ do: 'releasePair' }])).toEqual(pair);
  });
});

describe('an acknowledged message', () => {
  it('is known, the last one of its conversation, and the mark that what is ours must pass', () => {
    expect(apply(pair, [acknowledge('m1')])).toMatchObject({
      known: [{ id: 'm1', atMs: 1_500 }],
      conversation: 'conversation',
      last: 'm1',
      highWater: { id: 'm1', atMs: 1_500 },
    });
  });

  it('never moves the mark back, whatever order late finds come in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }), (times) => {
        let after = pair;
        let highest = 0;
        for (const [i, atMs] of times.entries()) {
          after = apply(after, [acknowledge(`m${i}`, atMs)]);
          highest = Math.max(highest, atMs);
          expect(after.highWater?.atMs).toBe(highest);
          expect(after.last).toBe(after.highWater?.id);
          expect(after.known).toHaveLength(i + 1);
        }
      }),
    );
  });

  it('is known once, however often it is acknowledged', () => {
    expect(apply(pair, [acknowledge('m1'), acknowledge('m1')]).known).toHaveLength(1);
  });

  it('of long ago is forgotten', () => {
    const many = Array.from({ length: 250 }, (_, i) => acknowledge(`m${i}`, i));
    const { known } = apply(pair, many);
    expect([known.length, known[0]?.id, known.at(-1)?.id]).toEqual([200, 'm50', 'm249']);
  });
});

describe('a ghost', () => {
  it('is left by its delivery with the text and the time since when it may turn up', () => {
    expect(apply(pair, [{ do: 'leaveGhost' }]).ghosts).toEqual([
      { delivery: begun.id, part: 0, mark, sinceMs: base.sinceMs, atMs: 5_000 },
    ]);
  });

  it('is left once for each attempt, and swept away a day later', () => {
    const two = apply(pair, [{ do: 'leaveGhost' }, { do: 'leaveGhost' }]);
    expect(two.ghosts).toHaveLength(2);
    expect(apply(two, [{ do: 'leaveGhost' }], other, 5_000 + GHOST_MS).ghosts).toHaveLength(1);
  });
});

it('what is of no concern to a pair leaves it as it is', () => {
  const effects: Effect[] = [{ do: 'leaveLane' }, { do: 'erase' }, { do: 'tell', what: 'sent' }];
  expect(apply(pair, effects)).toBe(pair);
});
