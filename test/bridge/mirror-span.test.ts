import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { Mirror } from '../../src/bridge/mirror.ts';
import { isWithin } from '../../src/bridge/mirror-span.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { queued } from './deliveries.ts';

const openedBy = 'view-1' as DeliveryId;
const sent = (atMs: number) => ({
  phase: 'sent' as const,
  arrived: { id: '03J', conversation: '03M', atMs },
});

/** Of what was written in Chatter at 1,000. */
function within(
  state: Mirror['state'],
  { opening, farewell }: { opening?: Partial<Delivery>; farewell?: Partial<Delivery> },
) {
  const mirror = { openedBy, state } as Mirror;
  return isWithin(
    mirror,
    { sentAtMs: 1_000 },
    {
      read: async (id) => {
        const change = id === openedBy ? opening : id === 'view-1-end' ? farewell : undefined;
        return change && { delivery: { ...queued, ...change }, content: undefined, isUnreadable: false };
      },
    },
  );
}

describe('what is written in Chatter while a mirror stands there', () => {
  it.each([
    ['was written after its first message', sent(1_000), true],
    ['was written before it: the same people may have had the same conversation', sent(1_001), false],
    ['cannot be known to have been while that is on its way', { phase: 'begun' }, 'unknown'],
    ['nor while it is looked for', { phase: 'settling' }, 'unknown'],
    ['nor before it is sent again', { phase: 'queued', unknown: true }, 'unknown'],
    ['is nothing before that was sent', { phase: 'queued' }, false],
    ['is nothing when that was refused', { phase: 'failed' }, false],
    ['may be if that was never confirmed', { phase: 'uncertain', base: { sinceMs: 1_000, known: [] } }, true],
    ['but not from before then', { phase: 'uncertain', base: { sinceMs: 1_001, known: [] } }, false],
    ['is all of it when that is forgotten', undefined, true],
  ] as const)('%s', async (_what, opening, expected) => {
    expect(await within('live', opening ? { opening } : {})).toBe(expected);
  });

  it.each([
    ['still is when it was written before the farewell', sent(1_001), true],
    ['is not when it was written after it', sent(1_000), false],
    ['cannot be known to have been while that is on its way', { phase: 'queued' }, 'unknown'],
    ['is not when nothing was said', { phase: 'discarded' }, false],
    ['is not when nobody has confirmed it', { phase: 'uncertain' }, false],
    ['is not when it is forgotten', undefined, false],
  ] as const)('%s, after a stop', async (_what, farewell, expected) => {
    expect(await within('stopped', farewell ? { farewell } : {})).toBe(expected);
  });

  it.each(['resting', 'refused'] as const)('is not where nothing can be written: %s', async (state) => {
    expect(await within(state, { farewell: sent(1_001) })).toBe(false);
  });
});
