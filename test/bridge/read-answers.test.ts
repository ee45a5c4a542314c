import { describe, expect, it } from 'vitest';
import { DeliveryError, refusedForGood } from '../../src/bridge/delivery-error.ts';
import { timing } from './deliveries.ts';
import { ada, alan, grace, live, message, NOW_MS, person, reader, readOnce } from './one-reading.ts';

describe('a reading', () => {
  it('goes back behind the cursor, as what was sent earlier may be stored later', async () => {
    expect((await readOnce({})).sinceMs).toBe(2_000_000 - timing.reading.overlapMs);
  });

  it('stores what belongs to a thread in the order in which it was sent', async () => {
    const { stored, texts } = await readOnce({ seen: [message('b', 3_000_000), message('a', 2_900_000)] });
    expect(texts).toEqual(['text of a', 'text of b']);
    expect(stored.map(({ delivery }) => delivery.order)).toEqual([2_900_000_000, 3_000_000_000]);
    expect(new Set(stored.map(({ delivery }) => delivery.lane)).size).toBe(1);
  });

  it('drops what is of no conversation of the bridge’s, whoever sent it', async () => {
    const seen = [
      message('a', 3_000_000, { people: [grace, ada, alan] }),
      message('b', 3_000_000, { sender: alan, people: [alan, ada] }),
      message('c', 3_000_000, { sender: ada, people: [ada] }),
    ];
    expect((await readOnce({ seen })).stored).toEqual([]);
  });

  it('drops what is older than the conversation', async () => {
    const pairs = [{ ...live, startedAtMs: 3_000_000 }];
    const { texts } = await readOnce({ pairs, seen: [message('a', 2_999_999), message('b', 3_000_000)] });
    expect(texts).toEqual(['text of b']);
  });

  it('leaves out what of the reader’s own was acknowledged; what was not may be typed by hand', async () => {
    const seen = [message('a', 3_000_000, { sender: ada }), message('b', 3_000_001, { sender: ada })];
    expect((await readOnce({ seen, known: ['a'] })).texts).toEqual(['text of b']);
  });

  it('moves the cursor to the latest that was seen, and counts what was new as traffic', async () => {
    const { released } = await readOnce({ seen: [message('a', 3_000_000)] });
    expect(released).toMatchObject({ cursorMs: 3_000_000, hadTraffic: true, failures: 0, dueInMs: 90_000 });
  });

  it('moves it also when nothing of that was for a thread', async () => {
    const { released } = await readOnce({ seen: [message('a', 3_000_000)], pairs: [] });
    expect(released).toMatchObject({ cursorMs: 3_000_000, hadTraffic: false });
  });

  it('does not move it when something could not be stored', async () => {
    const { released, failed } = await readOnce({
      seen: [message('a', 3_000_000)],
      taken: { kind: 'full', of: 'bridge' },
    });
    expect(released).toMatchObject({ cursorMs: 2_000_000, failures: 1 });
    expect(failed.map(({ code }) => code)).toEqual(['answers-not-stored-full']);
  });

  it('that is a person’s first delivers nothing, and begins at Salesforce’s own time', async () => {
    const first = reader();
    delete first.cursorMs;
    const { released } = await readOnce({ pairs: [] }, first);
    expect(released?.cursorMs).toBe(5_000_000);
  });

  it('becomes rarer when nothing has happened for long, or when Salesforce tells of news', async () => {
    const quiet = reader({ trafficMs: NOW_MS - 3_600_000 });
    expect((await readOnce({}, quiet)).released?.dueInMs).toBe(180_000);
    expect((await readOnce({ isPushed: true })).released?.dueInMs).toBe(900_000);
  });

  it('is rarer by as much as it took more pages', async () => {
    expect((await readOnce({ pages: 3 })).released?.dueInMs).toBe(270_000);
  });

  it('that does not reach back goes on with what it has, and says so', async () => {
    const { texts, leftOut, released } = await readOnce({ seen: [message('a', 3_000_000)], isWhole: false });
    expect([texts, leftOut, released?.cursorMs]).toEqual([['text of a'], [person], 3_000_000]);
  });

  it('counts what a reading that was cut off had stored', async () => {
    const seen = [message('a', 3_000_000)];
    const { released } = await readOnce({ seen, taken: { kind: 'duplicate' } });
    expect(released?.hadTraffic).toBe(true);
    expect(
      (await readOnce({ seen: [message('a', 1_900_000)], taken: { kind: 'duplicate' } })).released
        ?.hadTraffic,
    ).toBe(false);
  });

  it('does not happen to somebody whose threads are all forgotten', async () => {
    const gone = reader({ trafficMs: NOW_MS - 181 * 24 * 3_600_000 });
    expect((await readOnce({}, gone)).isForgotten).toBe(true);
    expect((await readOnce({ inboxSinceMs: 1 }, gone)).isForgotten).toBe(false);
  });

  it('waits for consent where that is asked for', async () => {
    const { sinceMs, asked, released } = await readOnce({ consent: 'ask', allowed: false });
    expect([sinceMs, asked, released?.dueInMs]).toEqual([undefined, [person], 900_000]);
    expect((await readOnce({ consent: 'ask' })).sinceMs).toBeDefined();
  });

  it('does not happen to somebody who has opted out', async () => {
    const { sinceMs, isForgotten } = await readOnce({ optedOut: true });
    expect(sinceMs).toBeUndefined();
    expect(isForgotten).toBe(true);
  });

  it('believes for hours who somebody is, and asks anew when they were refused', async () => {
    const { released } = await readOnce({});
    expect(released?.user?.untilMs).toBe(NOW_MS + 12 * 3_600_000);
    const known = reader({
      user: { id: ada, username: 'ada', name: 'Ada', email: 'ada@corp.com', untilMs: NOW_MS + 1 },
    });
    const refused = await readOnce({ fails: refusedForGood('no-user', 'No.') }, known);
    expect(refused.released?.user).toBeUndefined();
  });

  it.each([
    ['waits as long as it is told', { kind: 'after', ms: 7_000 }, 0, 7_000],
    ['waits a while when it is told nothing', { kind: 'later' }, 0, 90_000],
    ['waits longer when that fails again and again', { kind: 'later' }, 2, 360_000],
    ['waits no longer than the slowest pace', { kind: 'later' }, 12, 900_000],
    ['waits as long when it was refused for good', { kind: 'never' }, 0, 900_000],
  ] as const)('that fails %s', async (_how, retry, failures, dueInMs) => {
    const fails = new DeliveryError({ retry, certain: true, code: 'no', sentence: 'No.' });
    const { released } = await readOnce({ fails }, reader({ failures }));
    expect(released).toMatchObject({ dueInMs, cursorMs: 2_000_000, failures: failures + 1 });
  });

  it('that needs more readings than are left waits for several of them', async () => {
    const held = {
      scope: 's' as never,
      reason: 'reads-spent',
      sinceMs: 0,
      untilMs: 1,
      isLong: false,
    } as const;
    const fails = new DeliveryError({
      retry: { kind: 'after', ms: 7_000 },
      certain: true,
      code: 'reads-spent',
      sentence: 'No.',
      held,
    });
    expect((await readOnce({ fails })).released?.dueInMs).toBe(7_000);
    expect((await readOnce({ fails }, reader({ failures: 2 }))).released?.dueInMs).toBe(360_000);
  });

  it('that trips over a mistake of ours lets go of the reader, and says so', async () => {
    await expect(readOnce({ fails: new TypeError('ours') })).rejects.toThrow('ours');
  });
});

describe('where a reading begins', () => {
  const DAY_MS = 24 * 3_600_000;

  it('is never behind what is remembered: what was shown then is not known any more', async () => {
    const nowMs = 2_000_000 + 3 * DAY_MS;
    expect((await readOnce({ nowMs })).sinceMs).toBe(2_000_001);
  });

  it('goes back as far as it is remembered, when the cursor is about that old', async () => {
    const nowMs = 2_000_000 + DAY_MS - 1_000;
    expect((await readOnce({ nowMs })).sinceMs).toBe(1_999_000);
  });

  it('is where a conversation began that was not known before', async () => {
    expect((await readOnce({}, reader({ fromMs: 500_000 }))).sinceMs).toBe(500_000);
    // Yet not behind what is remembered.
    const nowMs = 1_500_000 + DAY_MS;
    expect((await readOnce({ nowMs }, reader({ fromMs: 0 }))).sinceMs).toBe(1_500_000);
  });

  it('is when somebody asked for their inbox, the first time', async () => {
    const first = reader();
    delete first.cursorMs;
    expect((await readOnce({ inboxSinceMs: 3_005_000 }, first)).sinceMs).toBe(3_000_000);
  });
});
