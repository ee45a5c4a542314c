import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newsWaitMs, paceMs } from '../../src/bridge/pace.ts';
import { timing } from '../../src/bridge/timing.ts';

const { reading, reads } = timing;
const MINUTE = 60_000;

describe('the pace at which somebody is read', () => {
  it.each([
    [0, 90_000],
    [30 * MINUTE, 90_000],
    [60 * MINUTE, 3 * MINUTE],
    [5 * 60 * MINUTE, 15 * MINUTE],
    [100 * 60 * MINUTE, 15 * MINUTE],
  ])('after %i ms of quiet is a reading every %i ms', (quietMs, everyMs) => {
    expect(paceMs(quietMs, false, reading)).toBe(everyMs);
  });

  it('never quickens while nothing happens, and never falls below four an hour', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => {
        const [sooner, later] = [
          paceMs(Math.min(a, b), false, reading),
          paceMs(Math.max(a, b), false, reading),
        ];
        expect(later).toBeGreaterThanOrEqual(sooner);
        expect(later).toBeLessThanOrEqual(15 * MINUTE);
      }),
    );
  });

  it('is the slowest there is while Salesforce tells of news', () => {
    expect(paceMs(0, true, reading)).toBe(15 * MINUTE);
  });

  it('is as slow as the operator wants it', () => {
    const slow = { ...reading, pollMs: 15 * MINUTE };
    expect(paceMs(0, false, slow)).toBe(15 * MINUTE);
  });
});

describe('news of somebody', () => {
  it('wait for nothing while readings are left', () => {
    expect(newsWaitMs(0, reads)).toBe(0);
    expect(newsWaitMs(12, reads)).toBeLessThan(2_000);
  });

  it('wait ever longer, so that the hour’s readings last', () => {
    // Whatever comes, and whenever: an hour never holds more readings than there are for it.
    const most = reads.mostInWindow - reads.reserve;
    const readAtMs: number[] = [];
    for (let nowMs = 0; nowMs < 3 * 60 * MINUTE; nowMs += 1_000) {
      const used = readAtMs.filter((atMs) => atMs > nowMs - reads.windowMs).length;
      const last = readAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - last >= newsWaitMs(used, reads)) readAtMs.push(nowMs);
    }
    for (const from of readAtMs) {
      expect(
        readAtMs.filter((atMs) => atMs >= from && atMs < from + reads.windowMs).length,
      ).toBeLessThanOrEqual(most + 1);
    }
  });
});
