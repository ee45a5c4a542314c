import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience, reply, rootOf, told } from './seen.ts';

let bridge: RunningBridge;
let admin: Redis;
beforeAll(async () => {
  bridge = await startBridge({
    timing: { lockMs: 1_500, stalledCheckMs: 300 },
    slack: { retryDelaysMs: [500, 2_000, 4_000, 8_000] },
  });
  admin = new Redis(bridge.redis.url);
  await command(bridge, '@grace opening');
  await vi.waitFor(() => expect(notes(bridge, 'opening')).toHaveLength(1), patience);
});
afterAll(async () => {
  admin?.disconnect();
  await bridge?.close();
});

const fill = () => admin.config('SET', 'maxmemory', '1');
const makeRoom = () => admin.config('SET', 'maxmemory', '0');

/** Commands that Redis has seen since it started, refused ones included. */
async function commands(): Promise<number> {
  return Number(/^total_commands_processed:(\d+)/m.exec(await admin.info('stats'))?.[1]);
}

describe('while Redis is full', longTest, () => {
  it('a command hears that nothing was sent, a reply comes again; with room all that was taken arrives', async () => {
    await fill();
    expect(await command(bridge, '@grace into the full')).toContain('Nothing was sent');
    expect(await command(bridge, 'opt-out')).toContain('could not be stored');
    const before = bridge.slack.deliveries.length;
    const said = reply(bridge, rootOf(bridge, 'opening'), 'a reply into the full');
    await expect.poll(() => bridge.slack.deliveries.length, patience).toBeGreaterThan(before);
    await makeRoom();
    const attempts = await said.delivered;
    expect(attempts[0]?.status).not.toBe(200);
    expect(attempts.at(-1)?.status).toBe(200);
    await expect.poll(() => bridge.texts(), patience).toEqual(['opening', 'a reply into the full']);
    expect(told(bridge).filter((words) => words.includes('not sure'))).toEqual([]);
  });

  it('what is under way is neither lost nor doubled nor hammered at; with room all arrives in order', async () => {
    bridge.salesforce.faults.arm({ do: 'slow', delayMs: 150, kind: 'post', probability: 1 });
    const texts = Array.from({ length: 12 }, (_, i) => `word ${String(i).padStart(2, '0')}.`);
    for (const text of texts) expect(await command(bridge, `@grace ${text}`)).toContain('Sending to');
    await expect.poll(() => bridge.texts(), patience).toContain('word 01.');
    await fill();
    const fromMs = performance.now();
    const [posts, done] = [asked(bridge, 'post'), await commands()];
    await expect.poll(() => performance.now() - fromMs, patience).toBeGreaterThan(8_000);
    // What was on its way when it filled up arrives; nothing new is begun, and Redis is asked now and then.
    expect(asked(bridge, 'post') - posts).toBeLessThanOrEqual(1);
    expect(((await commands()) - done) / 8).toBeLessThan(200);
    await makeRoom();
    const arrived = () => bridge.texts().filter((text) => text.startsWith('word'));
    await expect.poll(arrived, { timeout: 45_000 }).toEqual(texts);
    for (const text of texts) await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
    expect(arrived()).toEqual(texts);
  });

  it('what was called not sure does not stay so: with room its writer is told that it was not sent', async () => {
    await fill();
    process.kill(bridge.redis.pid ?? 0, 'SIGSTOP');
    try {
      expect(await command(bridge, '@grace into the slow and full')).toContain('not sure yet');
    } finally {
      process.kill(bridge.redis.pid ?? 0, 'SIGCONT');
    }
    expect(await command(bridge, '@grace once more')).toContain('Nothing was sent');
    await makeRoom();
    const withdrawn = () => told(bridge).filter((words) => words.includes('never will be'));
    await expect.poll(withdrawn, patience).toHaveLength(1);
    expect(await command(bridge, '@grace the end')).toContain('Sending to');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('the end');
    expect(bridge.texts()).not.toContain('into the slow and full');
  });
});
