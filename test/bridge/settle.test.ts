import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryEvent } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import { newEnoughMs } from '../../src/bridge/settle.ts';
import {
  arrived,
  begin,
  begun,
  follow,
  heldBack,
  lastLook,
  lookHeldBack,
  looksInVain,
  lost,
  no,
  note,
  nothing,
  queued,
  retry,
  settling,
  silent,
  takenOver,
  timing,
  uncertain,
  waiting,
} from './deliveries.ts';

const again = follow(lastLook, nothing()).delivery;

describe('when something is due', () => {
  it('looks 2, 5 and 15 seconds after a loss, counted from the loss', () => {
    const dueMs = [settling, follow(settling, nothing(4_000)).delivery, lastLook].map((d) => d.wakeAtMs);
    expect(dueMs).toEqual([4_000, 7_000, 17_000]);
  });

  it('looks at once when a look is overdue, never in the past', () => {
    expect(follow(settling, nothing(60_000)).delivery.wakeAtMs).toBe(60_000);
  });

  it('counts anew after another loss, and after a takeover', () => {
    expect(follow(again, lost('broken', 30_000)).delivery).toMatchObject({ looks: 0, wakeAtMs: 32_000 });
    expect(follow(again, takenOver(30_000)).delivery).toMatchObject({ looks: 0, wakeAtMs: 32_000 });
  });

  it('is as patient as after a time-out once one attempt has timed out', () => {
    expect(follow({ ...again, lost: 'silent' }, lost('broken', 30_000)).delivery.lost).toBe('silent');
  });

  it('doubles the wait between passing noes up to the longest, less a jitter of up to a half', () => {
    const waitMs = (tries: number, jitter: number) => {
      const refusal: DeliveryEvent = { ...no('passing', 2_000), jitter } as DeliveryEvent;
      return (next({ ...begun, tries }, refusal, timing).delivery.wakeAtMs ?? 0) - 2_000;
    };
    expect([0, 1, 2, 6, 7, 1_000].map((tries) => waitMs(tries, 0))).toEqual([
      1_000, 2_000, 4_000, 64_000, 120_000, 120_000,
    ]);
    expect(waitMs(0, 1)).toBe(500);
  });

  it('waits as long as the target says', () => {
    const limited: DeliveryEvent = {
      type: 'refused',
      error: { code: 'limit', sentence: 'Too many.', kind: 'passing', afterMs: 3_600_000 },
      atMs: 2_000,
      jitter: 0.7,
    };
    expect(follow(begun, limited).delivery.wakeAtMs).toBe(3_602_000);
    expect(follow(again, limited).delivery.wakeAtMs).toBe(3_602_000);
  });

  it('counts the day from the first try, not from when it was taken in', () => {
    const week = 7 * 86_400_000;
    const waited: Delivery = { ...queued, tryingSinceMs: 0 };
    expect(follow(waited, no('passing', week)).delivery).toMatchObject({
      phase: 'queued',
      tryingSinceMs: week,
    });
    const tried = follow(waited, begin(week), no('passing', week + 1_000)).delivery;
    expect(tried).toMatchObject({ phase: 'queued', tryingSinceMs: week });
    expect(follow(tried, begin(), no('passing', 2 * week)).delivery.phase).toBe('failed');
  });

  it('gives up on passing noes after a day, and Retry gives it another', () => {
    const over = follow(begun, no('passing', 86_402_000)).delivery;
    expect(over).toMatchObject({ phase: 'failed', failure: { code: 'passing-no' } });
    const tried = follow(over, retry(90_000_000), begin(90_000_000), no('passing', 90_001_000)).delivery;
    expect(tried.phase).toBe('queued');
  });

  it('looks for an uncertain one ever more rarely, and for a day', () => {
    const sinceMs = uncertain.waiting?.sinceMs ?? 0;
    expect(uncertain.wakeAtMs).toBe(sinceMs + 120_000);
    const second = follow(uncertain, nothing(400_000)).delivery;
    const third = follow(second, nothing(600_000)).delivery;
    expect([second.wakeAtMs, third.wakeAtMs]).toEqual([520_000, 840_000]);
    expect(follow({ ...third, looks: 30 }, nothing(900_000)).delivery.wakeAtMs).toBe(2_700_000);
    expect(follow(third, nothing(sinceMs + 86_400_001)).delivery.wakeAtMs).toBeUndefined();
  });
});

describe('what the bridge says in Slack', () => {
  const spent = { ...follow(note, begin(), lost('broken')).delivery, looks: 2 };

  it('is over, and holds nothing, when it is refused or was said often enough', () => {
    for (const delivery of [
      { ...spent, refusal: { code: 'no', sentence: 'No.' } },
      { ...spent, posts: timing.mostPosts },
    ]) {
      const result = follow(delivery, nothing());
      expect([result.delivery.phase, ...result.effects]).toEqual(['failed', 'releasePair', 'leaveLane']);
    }
  });

  it('is found by its mark', () => {
    expect(follow(spent, { type: 'looked', found: arrived('n1'), atMs: 9_000 }).delivery.phase).toBe('sent');
  });

  it('silence is no reason to leave a word unsaid', () => {
    expect(silent.lost).toBe('silent');
    const quiet = follow(note, begin(), lost('silent'), ...looksInVain('silent')).delivery;
    expect(quiet).toMatchObject({ phase: 'begun', posts: 2 });
  });
});

describe('what waited while Redis was restarted', () => {
  const restartedMs = 1_000_000;
  const must = (atMs: number): DeliveryEvent => ({
    type: 'begin',
    base: { sinceMs: 0, known: [] },
    must: true,
    lostAtMs: restartedMs,
    atMs,
  });
  const inVain = (atMs: number): DeliveryEvent => ({ type: 'looked', found: undefined, atMs });

  it('is looked for after each of the waits, counted from the restart', () => {
    const first = next(queued, must(restartedMs), timing).delivery;
    expect([first.phase, first.wakeAtMs]).toEqual(['settling', restartedMs + 2_000]);
    const second = next(first, inVain(restartedMs + 2_000), timing).delivery;
    expect([second.phase, second.wakeAtMs]).toEqual(['settling', restartedMs + 5_000]);
  });

  it('is looked for once when its turn comes after all of them, and goes', () => {
    const atMs = restartedMs + 60_000;
    const settling = next(queued, must(atMs), timing).delivery;
    expect([settling.phase, settling.wakeAtMs]).toEqual(['settling', atMs]);
    expect(next(settling, inVain(atMs), timing).delivery.phase).toBe('queued');
  });
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('behind a closed gate', () => {
  it('a message waits until its time, and uses up no attempt', () => {
    const back = follow({ ...begun, tries: 3 }, heldBack(2_000, HOUR)).delivery;
    expect(back).toMatchObject({ phase: 'queued', wakeAtMs: 2_000 + HOUR, tries: 3, posts: 0 });
    expect(follow({ ...queued, tries: 3 }, heldBack()).delivery).toMatchObject({ tries: 3, posts: 0 });
  });

  it('it holds its lane without end, unless it waited for somebody before', () => {
    expect(follow(begun, heldBack()).delivery.waiting).toBeUndefined();
    expect(follow(waiting, begin(3_000), heldBack(4_000)).delivery.waiting).toEqual(waiting.waiting);
  });

  it('an earlier attempt is looked for again, however often it happens, and no POST is counted', () => {
    let delivery = again;
    for (let i = 0; i < 20; i += 1) {
      const atMs = 100_000 + i * MINUTE;
      delivery = follow(delivery, heldBack(atMs)).delivery;
      expect(delivery).toMatchObject({ phase: 'settling', lostAtMs: atMs });
      delivery = follow(delivery, nothing(), nothing(), nothing()).delivery;
    }
    expect(delivery).toMatchObject({ phase: 'begun', posts: again.posts });
  });

  it('a look waits, and an outage of hours makes nothing uncertain', () => {
    let delivery = settling;
    for (let atMs = 4_000; atMs < 5 * HOUR; atMs += MINUTE) {
      delivery = follow(delivery, lookHeldBack(atMs)).delivery;
      expect(delivery).toMatchObject({ phase: 'settling', wakeAtMs: atMs + MINUTE });
    }
    // The two minutes of patience with a target that does not answer are still there, and no more than those.
    const failing = (atMs: number): DeliveryEvent => ({ type: 'unreadable', atMs });
    const fails = follow(delivery, failing(5 * HOUR));
    expect(follow(fails.delivery, failing(5 * HOUR + MINUTE)).delivery.phase).toBe('settling');
    expect(follow(fails.delivery, failing(5 * HOUR + 3 * MINUTE)).delivery.phase).toBe('uncertain');
  });

  it('patience begins with the first look that fails, however long ago the loss was', () => {
    const failing = (atMs: number): DeliveryEvent => ({ type: 'unreadable', atMs });
    const { delivery } = follow(settling, failing(HOUR));
    expect(delivery.phase).toBe('settling');
    // One that can be made ends the row.
    const readAgain = follow(delivery, nothing(HOUR + MINUTE), failing(HOUR + 3 * MINUTE)).delivery;
    expect(readAgain.phase).toBe('settling');
    expect(follow(delivery, failing(HOUR + 3 * MINUTE)).delivery.phase).toBe('uncertain');
  });

  it('patience begins anew with every loss', () => {
    const failed = follow(settling, { type: 'unreadable', atMs: 4_000 }).delivery;
    const lostAgain = follow(
      failed,
      nothing(HOUR),
      nothing(HOUR),
      nothing(HOUR),
      lost('broken', HOUR),
    ).delivery;
    expect(lostAgain).toMatchObject({ phase: 'settling', lostAtMs: HOUR });
    expect(lostAgain.unreadableSinceMs).toBeUndefined();
  });

  it('a day is the end of it: failed when it certainly did not arrive, else uncertain', () => {
    const late = 25 * HOUR;
    expect(follow(begun, heldBack(late)).delivery.phase).toBe('failed');
    expect(follow(settling, lookHeldBack(late)).delivery.phase).toBe('uncertain');
    const told = follow(again, heldBack(late), nothing(late), nothing(late), nothing(late)).delivery;
    expect(told).toMatchObject({ phase: 'uncertain', waiting: { code: 'refused-after-unknown' } });
  });

  it('an uncertain one is looked for when it opens, and that counts as none of its looks', () => {
    const sinceMs = uncertain.waiting?.sinceMs ?? 0;
    const held = follow(uncertain, lookHeldBack(sinceMs + MINUTE)).delivery;
    expect(held).toMatchObject({ looks: uncertain.looks, wakeAtMs: sinceMs + 2 * MINUTE });
    const over = follow(uncertain, lookHeldBack(sinceMs + 25 * HOUR)).delivery;
    expect(over.wakeAtMs).toBeUndefined();
  });
});

describe('a reading', () => {
  const must = { ...settling, must: true, lostAtMs: 100_000 };

  it('is new enough for a look when it began after the wait that the look stands for', () => {
    expect(newEnoughMs(settling, 60_000, timing)).toBe(4_000);
    expect(newEnoughMs(lastLook, 60_000, timing)).toBe(17_000);
    expect(newEnoughMs({ ...silent, looks: 4 }, 500_000, timing)).toBe(122_000);
  });

  it('serves all that was forgotten when it began after the last wait since the restart', () => {
    expect(newEnoughMs(must, 102_000, timing)).toBe(102_000);
    expect(newEnoughMs(must, 114_999, timing)).toBe(105_000);
    for (const nowMs of [115_000, 200_000, 900_000]) expect(newEnoughMs(must, nowMs, timing)).toBe(115_000);
  });

  it('stands for no wait that ended after the look had begun', () => {
    const event: DeliveryEvent = { type: 'looked', found: undefined, atMs: 115_001, asOfMs: 114_999 };
    expect(next(must, event, timing).delivery).toMatchObject({ phase: 'settling', looks: 2 });
  });

  it('is made for an uncertain one each time', () => {
    expect(newEnoughMs(uncertain, 9_000_000, timing)).toBe(uncertain.wakeAtMs);
  });
});
