import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience, press } from './seen.ts';

async function start(): Promise<RunningBridge> {
  const bridge = await startBridge();
  onTestFinished(() => bridge.close());
  await command(bridge, '@grace opening');
  await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
  return bridge;
}

/** The last look after a broken attempt is 500 ms after it. */
const LATER_MS = 1_500;

describe('a message that Salesforce stores after the last look', longTest, () => {
  it('was sent again by then; its writer is told that it arrived twice, and which one', async () => {
    const bridge = await start();
    bridge.salesforce.faults.arm({
      do: 'late-commit',
      afterMs: LATER_MS,
      answer: 'reset',
      kind: 'post',
      text: 'twice',
    });
    await command(bridge, '@grace once or twice');
    await expect.poll(() => notes(bridge, 'Arrived twice.'), patience).toHaveLength(1);
    expect(bridge.texts()).toEqual(['opening', 'once or twice', 'once or twice']);
    expect(notes(bridge, 'Arrived twice.').map(({ blocks }) => JSON.stringify(blocks))).toEqual([
      expect.stringContaining('once or twice'),
    ]);
    // Known now, and never looked for again.
    const lists = asked(bridge, 'list');
    await command(bridge, '@grace closing');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('closing');
    expect(asked(bridge, 'list')).toBe(lists);
  });

  it('holds nobody: later messages go at once', async () => {
    const bridge = await start();
    bridge.salesforce.faults.arm({
      do: 'late-commit',
      afterMs: 4_000,
      answer: 'reset',
      kind: 'post',
      text: 'first',
    });
    await command(bridge, '@grace first');
    await command(bridge, '@grace second');
    await expect.poll(() => bridge.texts(), patience).toEqual(['opening', 'first', 'second']);
    await expect.poll(() => notes(bridge, 'Arrived twice.'), patience).toHaveLength(1);
  });

  it('had been discarded by its writer, who is told that it was sent after all', async () => {
    const bridge = await start();
    bridge.salesforce.faults.arm({
      do: 'late-commit',
      afterMs: 3_500,
      answer: 'withheld',
      kind: 'post',
      text: 'not wanted',
    });
    await command(bridge, '@grace not wanted');
    await expect.poll(() => notes(bridge, 'Not confirmed.'), patience).toHaveLength(1);
    expect((await press(bridge, 'Not confirmed.', 'discard_delivery')).status).toBe(200);
    await expect.poll(() => notes(bridge, 'Discarded.'), patience).toHaveLength(1);
    await expect.poll(() => notes(bridge, 'Sent after all.'), patience).toHaveLength(1);
    expect(bridge.texts()).toEqual(['opening', 'not wanted']);
  });
});
