import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { words } from '../../src/slack/words.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import {
  command,
  decidable,
  hasButtons,
  longTest,
  notes,
  patience,
  press,
  reply,
  rootOf,
  wordsOf,
} from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());
afterEach(() => {
  bridge.salesforce.faults.clear();
  bridge.slack.faults.clear();
  bridge.salesforce.switches.vetoText = null;
});

/** A message that an admin's rule refuses, until `allow` is called. */
async function refused(text: string): Promise<void> {
  bridge.salesforce.switches.vetoText = 'Not now.';
  bridge.salesforce.switches.vetoWhenContains = text;
  await command(bridge, `@grace ${text}`);
  await expect.poll(() => notes(bridge, text).some(hasButtons), patience).toBe(true);
}
const allow = (): void => {
  bridge.salesforce.switches.vetoText = null;
};
/** What the buttons of a note stand for. */
function choiceOf(words: string): { delivery: string; version: number } | undefined {
  const buttons = notes(bridge, words)
    .find(hasButtons)
    ?.blocks?.find((block) => block.type === 'actions');
  const [button] = (buttons?.elements ?? []) as { value: string }[];
  return button && JSON.parse(button.value);
}
const LATE = /^\(sent \d\d:\d\d( UTC)?\) /;

describe('Retry of a message that failed', longTest, () => {
  it('sends it at the end, with the time when it was written', async () => {
    await refused('first try');
    await command(bridge, '@grace written later');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('written later');
    allow();
    await press(bridge, 'first try', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/first try$/);
    expect(bridge.texts().at(-1)).toMatch(LATE);
    await expect.poll(() => notes(bridge, '*Sent after all.*'), patience).toHaveLength(1);
    expect(notes(bridge, 'first try').some(hasButtons)).toBe(false);
  });

  it('says anew what is wrong when it fails again, with buttons that work', async () => {
    await refused('second try');
    await press(bridge, 'second try', 'retry_delivery');
    await expect.poll(() => choiceOf('second try')?.version, patience).toBe(2);
    allow();
    await press(bridge, 'second try', 'retry_delivery');
    await expect
      .poll(() => bridge.texts().filter((text) => text.endsWith('second try')), patience)
      .toHaveLength(1);
  });

  it('goes on with the part of a long text that failed, and sends no part twice', async () => {
    const long = Array.from({ length: 3_000 }, (_, i) => `piece${i}`).join(' ');
    bridge.salesforce.switches.vetoText = 'Not now.';
    bridge.salesforce.switches.vetoWhenContains = '(2/3)';
    await command(bridge, `@grace ${long}`);
    // Of what arrived it is not said that it was not sent; the note shows where the rest begins.
    await expect.poll(() => choiceOf('The first 1 of 3 parts were sent.'), patience).toBeDefined();
    expect(choiceOf('(2/3) piece')).toBeDefined();
    allow();
    await press(bridge, '(2/3) piece', 'retry_delivery');
    const parts = () => bridge.texts().flatMap((text) => text.match(/\(\d\/3\)/g) ?? []);
    await expect.poll(parts, patience).toEqual(['(1/3)', '(2/3)', '(3/3)']);
    await command(bridge, '@grace after all parts');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('after all parts');
    expect(parts()).toHaveLength(3);
  });

  it('works for a reply in a thread too, and answers in that thread', async () => {
    await command(bridge, '@alan a beginning');
    await expect.poll(() => notes(bridge, 'a beginning'), patience).toHaveLength(1);
    const root = rootOf(bridge, 'a beginning');
    bridge.salesforce.switches.vetoText = 'Not now.';
    bridge.salesforce.switches.vetoWhenContains = 'unwanted reply';
    reply(bridge, root, 'unwanted reply');
    await expect.poll(() => choiceOf('unwanted reply'), patience).toBeDefined();
    expect(decidable(bridge, 'unwanted reply').thread_ts).toBe(root);
    allow();
    await press(bridge, 'unwanted reply', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/unwanted reply$/);
  });
});

describe('a press that is too late, too often or not allowed', longTest, () => {
  it('does nothing on the button of an older note, and leaves the newer one as it is', async () => {
    await refused('pressed before');
    const value = JSON.stringify(choiceOf('pressed before'));
    await press(bridge, 'pressed before', 'retry_delivery');
    await expect.poll(() => choiceOf('pressed before')?.version, patience).toBe(2);
    const { slack } = bridge;
    await slack.press('U0ADA', decidable(bridge, 'pressed before'), 'discard_delivery', { value });
    const answered = () => slack.ephemeralsOf('U0ADA').map(({ text }) => text);
    await expect.poll(answered, patience).toContain(words.outdated);
    allow();
    await press(bridge, 'pressed before', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/pressed before$/);
  });

  it('sends once when Retry is pressed three times at once', async () => {
    await refused('thrice');
    allow();
    const note = decidable(bridge, 'thrice');
    await Promise.all([1, 2, 3].map(() => bridge.slack.press('U0ADA', note, 'retry_delivery')));
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/thrice$/);
    await command(bridge, '@grace after thrice');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('after thrice');
    expect(bridge.texts().filter((text) => text.endsWith('thrice') && text !== 'after thrice')).toHaveLength(
      1,
    );
  });

  it('never has the last word: what the press says may be slow, what became of the message stays', async () => {
    await refused('slow press');
    allow();
    // Whatever the press itself has Slack show comes last.
    bridge.slack.faults.arm({ method: 'response_url', kind: 'delay', ms: 1_500 });
    await press(bridge, 'slow press', 'retry_delivery');
    const shown = () => notes(bridge, 'slow press').map(wordsOf).join();
    await expect.poll(shown, patience).toContain('*Sent after all.*');
    const answers = () => bridge.slack.calls.filter(({ method }) => method === 'response_url');
    await expect.poll(() => bridge.slack.faults.active(), patience).toEqual([]);
    await expect.poll(() => answers().every(({ status }) => status !== undefined), patience).toBe(true);
    expect(shown()).toContain('*Sent after all.*');
  });

  it('does nothing when it is somebody else who presses', async () => {
    await refused('none of your business');
    allow();
    await press(bridge, 'none of your business', 'retry_delivery', 'grace', 'ada');
    await press(bridge, 'none of your business', 'discard_delivery', 'grace', 'ada');
    await command(bridge, '@grace after the press');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('after the press');
    expect(bridge.texts().filter((text) => text.includes('none of your business'))).toEqual([]);
    expect(decidable(bridge, 'none of your business')).toBeDefined();
  });
});

describe('Send again on one that is not confirmed', longTest, () => {
  it('may make it arrive twice, and does no more than that', async () => {
    bridge.salesforce.faults.arm({ do: 'late-commit', afterMs: 6_000, answer: 'withheld', kind: 'post' });
    await command(bridge, '@alan once or twice');
    await expect.poll(() => choiceOf('once or twice'), patience).toBeDefined();
    await press(bridge, 'once or twice', 'retry_delivery');
    await expect
      .poll(() => bridge.texts().filter((text) => text.endsWith('once or twice')), patience)
      .toHaveLength(2);
    await command(bridge, '@alan once and for all');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('once and for all');
  });
});
