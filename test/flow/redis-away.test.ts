import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf, told } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({ slack: { retryDelaysMs: [500, 2_000, 4_000, 8_000] } });
});
afterAll(() => bridge?.close());

let round = 0;
let root = '';
/** A thread to reply in, with a text of its own. */
beforeEach(async () => {
  round += 1;
  await command(bridge, `@grace beginning ${round}`);
  await expect.poll(() => notes(bridge, `beginning ${round}`), patience).toHaveLength(1);
  root = rootOf(bridge, `beginning ${round}`);
});

/** Types a command: what is answered, and that it comes in time. */
async function answered(text: string): Promise<string> {
  const { status, body, ms } = await bridge.slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', text);
  expect(status).toBe(200);
  expect(ms).toBeLessThan(3_000);
  return body;
}

const arrivals = (text: string): number => bridge.texts().filter((one) => one === text).length;

describe('while Redis stands still', longTest, () => {
  it('commands are answered in time and truthfully, replies come again; then nothing is lost or doubled', async () => {
    process.kill(bridge.redis.pid ?? 0, 'SIGSTOP');
    const said = reply(bridge, root, 'a reply meanwhile');
    try {
      expect(await answered('@grace first meanwhile')).toContain('not sure yet');
      expect(await answered('@grace second meanwhile')).toContain('not sure yet');
    } finally {
      process.kill(bridge.redis.pid ?? 0, 'SIGCONT');
    }
    const attempts = await said.delivered;
    expect(attempts[0]?.status).not.toBe(200);
    expect(attempts.at(-1)?.status).toBe(200);
    await expect.poll(() => arrivals('a reply meanwhile'), patience).toBe(1);
    await command(bridge, '@grace afterwards');
    await expect.poll(() => arrivals('afterwards'), patience).toBe(1);
    // Withdrawn in time: what was called not sure is not sent when nobody expects it any more.
    expect(arrivals('first meanwhile') + arrivals('second meanwhile')).toBe(0);
    // And "not sure yet" is not the last word.
    const withdrawn = () => told(bridge).filter((words) => words.includes('never will be'));
    await expect.poll(withdrawn, patience).toHaveLength(2);
    expect(arrivals('a reply meanwhile')).toBe(1);
  });
});

describe('while Redis is down', longTest, () => {
  it('commands are refused in time, replies come again; then nothing is lost or doubled', async () => {
    await bridge.redis.kill();
    const said = reply(bridge, root, 'a reply without Redis');
    expect(await answered('@grace without Redis')).toContain('Nothing was sent');
    expect(await answered('opt-out')).toContain('could not be stored');
    expect((await fetch(`${bridge.webUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${bridge.webUrl}/readyz`)).status).toBe(503);
    await bridge.redis.restart();
    expect((await said.delivered).at(-1)?.status).toBe(200);
    await expect.poll(() => arrivals('a reply without Redis'), patience).toBe(1);
    await expect.poll(async () => (await fetch(`${bridge.webUrl}/readyz`)).status, patience).toBe(200);
    await command(bridge, '@grace with Redis');
    await expect.poll(() => arrivals('with Redis'), patience).toBe(1);
    expect(arrivals('without Redis')).toBe(0);
    expect(arrivals('a reply without Redis')).toBe(1);
  });
});
