import { describe, expect, it } from 'vitest';
import { timing } from '../../src/bridge/timing.ts';

describe('the waits of the protocol', () => {
  const { lockMs, stalledCheckMs, lookAfterMs } = timing;
  const lastByteMs = lockMs / 3;

  it('let no byte of a former owner leave after another may look', () => {
    const firstLookMs = lockMs + Math.min(lookAfterMs.broken[0] ?? 0, lookAfterMs.silent[0] ?? 0);
    expect(firstLookMs - lastByteMs).toBeGreaterThanOrEqual(4_000);
  });

  it('give a lane to another worker in under six seconds after a kill', () => {
    expect(lockMs + stalledCheckMs).toBeLessThan(6_000);
  });

  it('give Salesforce seconds to show what it has stored, longer after a silence', () => {
    expect(lookAfterMs.broken).toEqual([2_000, 5_000, 15_000]);
    expect(lookAfterMs.silent).toEqual([2_000, 5_000, 15_000, 45_000, 120_000]);
  });
});
