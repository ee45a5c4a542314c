import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, decidable, longTest, notes, patience, press, told, wordsOf } from './seen.ts';

const holdMs = 2_500;
let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({ timing: { holdMs } });
});
afterAll(() => bridge?.close());

const LATE = /^\(sent \d\d:\d\d( UTC)?\) /;

function approve(name: 'ada' | 'grace' | 'alan', preAuthorised: boolean): void {
  const id = bridge.salesforceId(name);
  bridge.salesforce.changeUser(id, { preAuthorised });
  bridge.salesforce.expireSessions(id);
}

describe('somebody whom Salesforce does not let the bridge act for', longTest, () => {
  it('is told so once, and their messages go in order when they are approved in time', async () => {
    approve('alan', false);
    await command(bridge, '@grace one that waits', 'alan');
    await command(bridge, '@grace one behind it', 'alan');
    await expect.poll(() => notes(bridge, '*Waiting.*', 'alan'), patience).toHaveLength(1);
    const [note] = notes(bridge, '*Waiting.*', 'alan');
    expect(note && wordsOf(note)).toContain('approve your Salesforce user');
    expect(note && wordsOf(note)).toContain('Later messages of this conversation wait for it');
    expect(bridge.texts()).toEqual([]);
    approve('alan', true);
    await expect.poll(() => bridge.texts(), patience).toEqual(['one that waits', 'one behind it']);
    await expect.poll(() => notes(bridge, '*Sent after all.*', 'alan'), patience).toHaveLength(1);
    expect(notes(bridge, '*Waiting.*', 'alan')).toEqual([]);
  });

  it('holds their later messages for HOLD_MINUTES only; what was set aside goes later, with its time', async () => {
    approve('alan', false);
    await command(bridge, '@grace held too long', 'alan');
    await expect.poll(() => notes(bridge, '*Still waiting.*', 'alan'), patience).toHaveLength(1);
    expect(wordsOf(decidable(bridge, 'held too long', 'alan'))).toContain('Later messages go first now');
    approve('alan', true);
    await command(bridge, '@grace not held', 'alan');
    const arrived = () => bridge.texts().slice(2);
    await expect
      .poll(() => arrived().toSorted(), patience)
      .toEqual([expect.stringMatching(/^\(sent .*held too long$/), 'not held']);
    expect(arrived().find((text) => text.includes('held too long'))).toMatch(LATE);
    await expect.poll(() => notes(bridge, '*Still waiting.*', 'alan'), patience).toEqual([]);
  });

  it('can discard what waits', async () => {
    const before = bridge.texts();
    approve('grace', false);
    await command(bridge, '@alan never mind', 'grace');
    await expect.poll(() => notes(bridge, '*Waiting.*', 'grace'), patience).toHaveLength(1);
    await press(bridge, '*Waiting.*', 'discard_delivery', 'grace');
    await expect.poll(() => notes(bridge, '*Discarded.*', 'grace'), patience).toHaveLength(1);
    approve('grace', true);
    await command(bridge, '@alan but this', 'grace');
    await expect.poll(() => bridge.texts(), patience).toEqual([...before, 'but this']);
  });

  it('holds nobody else', async () => {
    approve('alan', false);
    await command(bridge, '@grace waits again', 'alan');
    await expect.poll(() => told(bridge, 'alan').join(), patience).toContain('waits again');
    await command(bridge, '@grace does not wait');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('does not wait');
    approve('alan', true);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/waits again$/);
  });
});
