import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());
afterEach(() => {
  bridge.salesforce.faults.clear();
  bridge.slack.faults.clear();
});

const burst = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}`);
const arrivals = (name: string) => bridge.texts().filter((text) => text.includes(`${name} `));

/** A thread of Ada's with these people. */
async function openThread(people: string, text: string): Promise<string> {
  await command(bridge, `${people} ${text}`);
  await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
  return rootOf(bridge, text);
}

function armFaults(): void {
  const { faults } = bridge.salesforce;
  faults.arm({ do: 'drop-after', kind: 'post', probability: 0.08, seed: 3 });
  faults.arm({ do: 'drop-before', kind: 'post', probability: 0.08, seed: 5 });
  faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 0, kind: 'post', probability: 0.1, seed: 7 });
  faults.arm({ do: 'status', answer: '502-page', stored: true, kind: 'post', probability: 0.05, seed: 9 });
  faults.arm({ do: 'slow', delayMs: 60, kind: 'post', probability: 0.3, seed: 11 });
}

describe('in order and once, whatever goes wrong', () => {
  it('thirty replies at once in a thread', { timeout: 120_000 }, async () => {
    const root = await openThread('@grace', 'opening');
    armFaults();
    const texts = burst('reply', 30);
    // Slack tells of each in turn: they overtake each other only on the way.
    for (const text of texts) await reply(bridge, root, text).delivered;
    await expect.poll(() => arrivals('reply'), { timeout: 60_000 }).toEqual(texts);
    const read = () => JSON.stringify(bridge.slack.thread(bridge.slack.dmOf('U0ADA'), root));
    await expect.poll(() => read().match(/white_check_mark/g), patience).toHaveLength(texts.length);
  });

  it('ten commands to the same people', { timeout: 120_000 }, async () => {
    armFaults();
    const texts = burst('command', 10);
    for (const text of texts) await command(bridge, `@alan ${text}`);
    await expect.poll(() => arrivals('command'), { timeout: 60_000 }).toEqual(texts);
    for (const text of texts) await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
  });
});

describe('a reply that Slack brings late', longTest, () => {
  it('goes after its successor and carries the time when it was written', async () => {
    const root = await openThread('@grace @alan', 'a thread for late words');
    bridge.slack.faults.arm({ method: 'events', kind: 'delayed', ms: 1_500 });
    reply(bridge, root, 'written first');
    reply(bridge, root, 'written second');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('written second');
    await expect
      .poll(() => bridge.texts().at(-1), patience)
      .toMatch(/^\(sent \d\d:\d\d( UTC)?\) written first$/);
  });

  it('is taken in once, however often Slack brings it', async () => {
    const root = await openThread('@grace @alan', 'a thread for echoes');
    bridge.slack.faults.arm({ method: 'events', kind: 'twice' });
    bridge.slack.faults.arm({ method: 'events', kind: 'two-ids' });
    await reply(bridge, root, 'brought twice').delivered;
    await reply(bridge, root, 'brought as two').delivered;
    await expect.poll(() => bridge.texts().slice(-2), patience).toEqual(['brought twice', 'brought as two']);
    await reply(bridge, root, 'brought once').delivered;
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('brought once');
    expect(bridge.texts().filter((text) => text.startsWith('brought'))).toHaveLength(3);
  });
});

describe('two threads', longTest, () => {
  it('do not wait for each other', async () => {
    const graces = await openThread('@grace', 'with grace');
    const alans = await openThread('@alan', 'with alan');
    bridge.salesforce.faults.arm({
      do: 'status',
      answer: 'row-locked',
      retryAfterSeconds: 4,
      kind: 'post',
      text: 'slow one',
    });
    await reply(bridge, graces, 'the slow one').delivered;
    await reply(bridge, graces, 'behind it').delivered;
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    await reply(bridge, alans, 'the quick one').delivered;
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('the quick one');
    await expect.poll(() => bridge.texts().slice(-2), patience).toEqual(['the slow one', 'behind it']);
  });
});
