import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../src/bridge/people.ts';
import type { Reader, Readers } from '../src/bridge/readers.ts';
import { startReading } from '../src/reading.ts';
import { timing } from './bridge/deliveries.ts';

const quick = { ...timing.reading, leaseMs: 60, lookEveryMs: 5, pollMs: 700 };

/** So many are due at once; each reading takes until it is let go. */
function start(count: number, isPushed: () => boolean = () => false) {
  let due = count;
  const done: (() => void)[] = [];
  const seen = {
    reading: 0,
    most: 0,
    finished: 0,
    renewals: 0,
    asked: 0,
    hurried: [] as number[],
    errors: 0,
  };
  const readers: Partial<Readers> = {
    async claim(token) {
      if (due === 0) return undefined;
      due -= 1;
      return { person: `T-${token}` as ChatPersonId, token, nowMs: 0, trafficMs: 0, failures: 0 };
    },
    async renew() {
      seen.renewals += 1;
      return true;
    },
    hurryAll: async (inMs) => void seen.hurried.push(inMs),
  };
  let tokens = 0;
  const reading = startReading({
    readers: readers as Readers,
    async readAnswers(_reader: Reader) {
      seen.reading += 1;
      seen.most = Math.max(seen.most, seen.reading);
      await new Promise<void>((resolve) => done.push(resolve));
      seen.reading -= 1;
      seen.finished += 1;
      if (seen.finished === 1) throw new Error('the first one fails');
    },
    isPushed: async () => {
      seen.asked += 1;
      return isPushed();
    },
    newToken: () => String(tokens++),
    timing: quick,
    onError: () => {
      seen.errors += 1;
    },
  });
  const letGo = () => {
    for (const go of done.splice(0)) go();
  };
  return { reading, seen, letGo };
}

describe('a process that reads', () => {
  it('reads several people at once, and never more than eight', async () => {
    const { reading, seen, letGo } = start(20);
    await expect.poll(() => seen.reading).toBe(8);
    while (seen.finished < 20) {
      letGo();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen.most).toBe(8);
    // One that fails takes nobody's place.
    expect(seen.errors).toBe(1);
    await reading.stop();
  });

  it('keeps its lease for as long as a reading takes', async () => {
    const { reading, seen, letGo } = start(1);
    await expect.poll(() => seen.renewals).toBeGreaterThan(3);
    letGo();
    await reading.stop();
  });

  it('finishes what it has begun when it is stopped', async () => {
    const { reading, seen, letGo } = start(3);
    await expect.poll(() => seen.reading).toBe(3);
    const stopped = reading.stop();
    letGo();
    await stopped;
    expect(seen.finished).toBe(3);
  });

  it('has everybody read at the quick pace when there is no push as it starts: a process before it may have had it', async () => {
    const { reading, seen } = start(0);
    await expect.poll(() => seen.hurried).toEqual([700]);
    const { asked } = seen;
    await expect.poll(() => seen.asked).toBeGreaterThan(asked + 3);
    expect(seen.hurried).toEqual([700]);
    await reading.stop();
  });

  it('has everybody read at the quick pace when Salesforce no longer tells of news', async () => {
    let isPushed = true;
    const { reading, seen } = start(0, () => isPushed);
    await expect.poll(() => seen.asked).toBeGreaterThan(3);
    expect(seen.hurried).toEqual([]);
    isPushed = false;
    await expect.poll(() => seen.hurried).toEqual([700]);
    await reading.stop();
  });
});
