import { describe, expect, it } from 'vitest';
import type {
  ChatterMessageId,
  ConversationId,
  SalesforceUser,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import type { PrivateMessage } from '../../src/bridge/ports.ts';
import { createOwnMessages } from '../../src/chatter/own-messages.ts';

const person = (id: string): SalesforceUser => ({ id: id as SalesforceUserId, username: id, name: id });
const [ada, grace] = [person('005ADA'), person('005GRACE')];
const message = (id: string, sender: SalesforceUser, sentAtMs: number): PrivateMessage => ({
  id: id as ChatterMessageId,
  conversationId: 'c' as ConversationId,
  sender: sender.id,
  people: [ada.id, grace.id],
  names: new Map(),
  text: 'hello',
  sentAtMs,
});

/** Salesforce with these messages; counts how often, and since when, it is read. */
function rig(keepMs = 60_000) {
  const stored = [message('m1', ada, 100), message('m2', grace, 150), message('m3', ada, 200)];
  const reads: number[] = [];
  const clock = { nowMs: 1_000 };
  let fails = false;
  const own = createOwnMessages({
    async read(_reader, sinceMs) {
      reads.push(sinceMs);
      if (fails) throw new Error('no');
      return stored.filter(({ sentAtMs }) => sentAtMs >= sinceMs);
    },
    keepMs,
    now: () => clock.nowMs,
  });
  const ids = async (sinceMs: number, newEnoughMs: number, sender = ada) =>
    (await own(sender, sinceMs, newEnoughMs, 'look')).map(({ id }) => id);
  return { stored, reads, clock, ids, fail: (now: boolean) => (fails = now) };
}

describe('what somebody has sent', () => {
  it('is all that is kept of a reading', async () => {
    const { ids } = rig();
    expect(await ids(0, 0)).toEqual(['m1', 'm3']);
    expect(await ids(150, 0)).toEqual(['m3']);
  });

  it('is read once for all who ask for something that old', async () => {
    const { ids, reads, stored } = rig();
    await Promise.all([ids(50, 1_000), ids(100, 900)]);
    stored.push(message('m4', ada, 300));
    expect(await ids(120, 1_000)).toEqual(['m3']);
    expect(reads).toEqual([50]);
  });

  it('is read anew for a look that is due later than the reading began', async () => {
    const { ids, reads, clock, stored } = rig();
    await ids(0, 0);
    stored.push(message('m4', ada, 300));
    clock.nowMs = 2_000;
    expect(await ids(0, 1_001)).toEqual(['m1', 'm3', 'm4']);
    expect(reads).toHaveLength(2);
  });

  it('is read anew when it has to reach further back, and then reaches far enough for both', async () => {
    const { ids, reads, clock } = rig();
    await ids(150, 0);
    expect(await ids(0, 0)).toEqual(['m1', 'm3']);
    clock.nowMs = 2_000;
    await ids(150, 2_000);
    expect(await ids(0, 2_000)).toEqual(['m1', 'm3']);
    expect(reads).toEqual([150, 0, 0]);
  });

  it("is nobody else's, and a failure is not kept", async () => {
    const { ids, reads, fail } = rig();
    fail(true);
    await expect(ids(0, 0)).rejects.toThrow('no');
    fail(false);
    expect(await ids(0, 0)).toEqual(['m1', 'm3']);
    expect(await ids(0, 0, grace)).toEqual(['m2']);
    expect(reads).toHaveLength(3);
  });

  it('is forgotten soon', async () => {
    const { ids, reads } = rig(30);
    await expect
      .poll(async () => {
        await ids(0, 0);
        return reads.length;
      })
      .toBeGreaterThan(1);
  });
});
