import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/salesforce/faults.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { asked, command, hasButtons, longTest, notes, patience, rootOf, told } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
  await command(bridge, '@grace before anything goes wrong');
  await vi.waitFor(() => {
    expect(confirmed()).toBe(1);
    expect(notes(bridge, 'before anything')).toHaveLength(1);
  }, patience);
});
afterAll(() => bridge?.close());
afterEach(() => {
  bridge.salesforce.faults.clear();
  bridge.salesforce.switches.vetoText = null;
});

const times = (text: string): number => bridge.texts().filter((one) => one === text).length;
const confirmed = (): number => told(bridge).filter((one) => one.startsWith('Sent to')).length;

describe(
  'a POST that goes wrong, and the message arrives all the same: once, and nothing but "Sent" is said',
  longTest,
  () => {
    const faults: [string, Fault, posts: number][] = [
      ['the connection drops before it is stored', { do: 'drop-before' }, 2],
      ['the connection drops after it is stored', { do: 'drop-after' }, 1],
      ['it is stored while we look', { do: 'late-commit', afterMs: 150, answer: 'reset' }, 1],
      ['it is stored in silence', { do: 'late-commit', afterMs: 850, answer: 'withheld' }, 1],
      ['the answer is late', { do: 'slow', delayMs: 300 }, 1],
      ['the answer comes too late', { do: 'hang', afterMs: 1_000, commit: true }, 1],
      ['only half the answer comes', { do: 'hang-headers' }, 1],
      ['429 with Retry-After', { do: 'status', answer: '429', retryAfterSeconds: 1 }, 2],
      ['the hourly limit', { do: 'status', answer: '503-limit' }, 2],
      ['503 with a page', { do: 'status', answer: '503-page' }, 2],
      ['503 with a page, stored', { do: 'status', answer: '503-page', stored: true }, 1],
      ['500', { do: 'status', answer: '500' }, 2],
      ['500, stored', { do: 'status', answer: '500', stored: true }, 1],
      ['502', { do: 'status', answer: '502-page' }, 2],
      ['502, stored', { do: 'status', answer: '502-page', stored: true }, 1],
      ['the session has expired', { do: 'expired-session' }, 2],
      ['a redirect', { do: 'redirect', location: 'http://127.0.0.1:9/elsewhere' }, 2],
      ['one drop after another', { do: 'drop-before', times: 3 }, 4],
    ];
    it.each(faults)('%s', async (what, fault, posts) => {
      const [postsBefore, confirmedBefore, saidBefore] = [
        asked(bridge, 'post'),
        confirmed(),
        told(bridge).length,
      ];
      bridge.salesforce.faults.arm({ ...fault, kind: 'post' });
      const text = `although: ${what}`;
      await command(bridge, `@grace ${text}`);
      await expect.poll(confirmed, patience).toBe(confirmedBefore + 1);
      await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
      expect(times(text)).toBe(1);
      expect(asked(bridge, 'post') - postsBefore).toBe(posts);
      // "Sent to" where it was typed and the line in the thread: not a word more.
      expect(told(bridge)).toHaveLength(saidBefore + 2);
    });

    it('429 names the time of the next try', async () => {
      bridge.salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 2, kind: 'post' });
      const from = asked(bridge, 'post');
      await command(bridge, '@grace in two seconds');
      await expect.poll(() => times('in two seconds'), patience).toBe(1);
      await expect.poll(() => notes(bridge, 'in two seconds'), patience).toHaveLength(1);
      const [refused, sent] = bridge.salesforce.requests.filter((one) => one.kind === 'post').slice(from);
      expect((sent?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_950);
    });
  },
);

describe('a POST whose outcome nobody can know', longTest, () => {
  it('is called not confirmed after a silence, never failed or sent, and holds what comes after it', async () => {
    bridge.salesforce.faults.arm({ do: 'hang', afterMs: 60_000, commit: false, kind: 'post' });
    await command(bridge, '@alan into the silence');
    await command(bridge, '@alan and then');
    await expect.poll(() => notes(bridge, '*Not confirmed.*'), patience).toHaveLength(1);
    const [note] = notes(bridge, '*Not confirmed.*');
    expect(hasButtons(note)).toBe(true);
    expect(JSON.stringify(note?.blocks)).toContain('Sending it again may make it arrive twice.');
    expect(JSON.stringify(note?.blocks)).toContain('Send again');
    expect(
      told(bridge).filter((one) => one.includes('into the silence') && one.includes('Not sent')),
    ).toEqual([]);
    expect(times('and then')).toBe(0);
    const root = rootOf(bridge, '*Not confirmed.*');
    await bridge.slack.press('U0ADA', note ?? raise(), 'discard_delivery');
    await expect.poll(() => times('and then'), patience).toBe(1);
    expect(times('into the silence')).toBe(0);
    await expect.poll(() => notes(bridge, '*Discarded.*'), patience).toHaveLength(1);
    // All of it in the one thread of these people.
    await expect.poll(() => rootOf(bridge, 'and then'), patience).toBe(root);
  });

  it('is found by a later look and then called sent after all', async () => {
    bridge.salesforce.faults.arm({ do: 'late-commit', afterMs: 3_000, answer: 'withheld', kind: 'post' });
    await command(bridge, '@alan found later');
    await expect.poll(() => notes(bridge, 'found later').some(hasButtons), patience).toBe(true);
    await expect.poll(() => notes(bridge, '*Sent after all.*'), patience).toHaveLength(1);
    expect(times('found later')).toBe(1);
    expect(notes(bridge, 'found later').some(hasButtons)).toBe(false);
  });

  it('may arrive twice when it is stored later than anybody looked, and that is all', async () => {
    bridge.salesforce.faults.arm({ do: 'late-commit', afterMs: 2_500, answer: 'reset', kind: 'post' });
    await command(bridge, '@alan out of the past');
    await expect.poll(() => times('out of the past'), patience).toBe(2);
    await command(bridge, '@alan out of the past');
    await expect.poll(() => times('out of the past'), patience).toBe(3);
  });
});

describe('a refusal for good', longTest, () => {
  it('passes on the words of a trigger in Salesforce, and lets the next message go', async () => {
    bridge.salesforce.switches.vetoText = 'Please use the ticket system for <this>.';
    bridge.salesforce.switches.vetoWhenContains = 'forbidden';
    await command(bridge, '@grace forbidden words');
    await command(bridge, '@grace allowed words');
    await expect.poll(() => times('allowed words'), patience).toBe(1);
    await expect.poll(() => notes(bridge, '*Not sent.*').filter(hasButtons), patience).toHaveLength(1);
    const [note] = notes(bridge, '*Not sent.*');
    expect(JSON.stringify(note?.blocks)).toContain('Please use the ticket system for &lt;this&gt;.');
    expect(times('forbidden words')).toBe(0);
  });
});

function raise(): never {
  throw new Error('no note');
}
