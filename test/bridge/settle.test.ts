import { describe, expect, it } from 'vitest';
import type { DeliveryEvent } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import {
  arrived,
  begin,
  begun,
  follow,
  lastLook,
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
    expect(next(settling, inVain(atMs), timing).delivery.phase).toBe('begun');
  });
});
