import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { writeThrough } from './redis-trouble.ts';
import { command, notes, patience } from './seen.ts';

const long = { timeout: 90_000 };
const none = { taken: expect.toSatisfy((taken: number) => taken >= 2), commands: [], replies: [] };

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({
    timing: { lockMs: 1_500, stalledCheckMs: 300 },
    slack: { retryDelaysMs: [500, 2_000, 4_000, 8_000] },
  });
  await command(bridge, '@grace opening');
  await vi.waitFor(() => expect(notes(bridge, 'opening')).toHaveLength(1), patience);
});
afterAll(() => bridge?.close());

const signal = (name: 'SIGSTOP' | 'SIGCONT') => process.kill(bridge.redis.pid ?? 0, name);

/** Redis does not move for so long. */
async function standStill(forMs: number): Promise<void> {
  signal('SIGSTOP');
  await sleep(forMs);
  signal('SIGCONT');
}

describe('people who write while Redis', long, () => {
  it('stands still for a second again and again lose nothing and get nothing doubled', async () => {
    expect(await writeThrough(bridge, 'still', 5, () => standStill(1_000))).toEqual(none);
  });

  it('stands still for five seconds, the same', async () => {
    expect(await writeThrough(bridge, 'frozen', 2, () => standStill(5_000))).toEqual(none);
  });

  it('cuts every connection again and again, the same', async () => {
    const admin = new Redis(bridge.redis.url);
    try {
      const cut = async () => {
        await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      };
      expect(await writeThrough(bridge, 'cut off', 10, cut)).toEqual(none);
    } finally {
      admin.disconnect();
    }
  });
});
