import { describe, expect, it } from 'vitest';
import type { Incoming } from '../../src/bridge/message.ts';
import type { BringAlong } from '../../src/bridge/mirror.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import type { DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { ada, mirrorWorld, reply, request, thread } from './mirror-world.ts';

const lane = 'mirror-view-1' as LaneKey;
const at = (ms: number): Incoming => ({
  id: `msg-${ms}` as DeliveryId,
  lane,
  order: ms * 1_000 + 999,
  message: reply(ada, { isBrought: true }),
});

/** Of messages at 1 (the root), 2, 3 and 4, and one since the mirror began at 5: whose edits are told. */
async function told(bring: BringAlong, history: readonly Incoming[]) {
  const { options, opening } = mirrorWorld({ history });
  const mirroring = createMirroring(options);
  await mirroring.open(opening, { ...request, bring });
  const edits = [1, 2, 3, 4, 5].map(async (writtenAtMs) => {
    const revises = { of: `msg-${writtenAtMs}` as DeliveryId, how: 'edit', writtenAtMs, atUs: 1 } as const;
    const delivery = { ...opening, lane: 'revises' as LaneKey, revises, takenAtMs: 10_000 };
    return (await mirroring.speak(delivery, reply(ada), thread)) ? [writtenAtMs] : [];
  });
  return (await Promise.all(edits)).flat();
}

describe('an edit of what was written before a thread was mirrored', () => {
  it.each([
    ['root', [at(1)], [1, 5]],
    ['last', [at(1), at(3), at(4)], [1, 3, 4, 5]],
    ['last', [at(1)], [1, 5]],
    ['all', [at(1), at(2), at(3), at(4)], [1, 2, 3, 4, 5]],
    ['root', [], [5]],
  ] as const)('is told where that went along: %s', async (bring, history, expected) => {
    expect(await told(bring, history)).toEqual(expected);
  });
});
