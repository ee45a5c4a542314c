import { describe, expect, it } from 'vitest';
import type { Revises } from '../../src/bridge/delivery.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import type { DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { ada, mirrorWorld, reply, request, thread } from './mirror-world.ts';

/** What is sent of a change to a message, in a mirror that was stopped at 9,000. */
async function sent(change: Pick<Revises, 'how' | 'atUs'>, takenAtMs: number) {
  const { options, opening } = mirrorWorld();
  options.now = () => 1_000;
  const mirroring = createMirroring(options);
  await mirroring.open(opening, request);
  await options.mirrorEnd.end(thread, { state: 'stopped', stoppedBy: ada });
  const revises = { of: 'msg-1' as DeliveryId, writtenAtMs: 6, ...change };
  const delivery = { ...opening, lane: 'revises' as LaneKey, revises, takenAtMs };
  return (await mirroring.speak(delivery, reply(ada), thread)) !== undefined;
}

describe('what somebody changes about a message of a mirror that has ended', () => {
  it('is told when it was changed before, and only then', async () => {
    expect(await sent({ how: 'edit', atUs: 8_999_999 }, 9_500)).toBe(true);
    expect(await sent({ how: 'edit', atUs: 9_000_000 }, 9_500)).toBe(false);
    const deletion = { how: 'delete', atUs: Number.MAX_SAFE_INTEGER } as const;
    expect(await sent(deletion, 8_999)).toBe(true);
    expect(await sent(deletion, 9_000)).toBe(false);
  });
});
