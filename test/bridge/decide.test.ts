import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryEvent } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import {
  accepted,
  begin,
  discard,
  failed,
  follow,
  holdOver,
  lastLook,
  looksInVain,
  lost,
  needsToken,
  no,
  nothing,
  queued,
  retry,
  sent,
  settling,
  timing,
  uncertain,
  witnessed,
} from './deliveries.ts';

const longText: Delivery = { ...queued, parts: 3 };

describe('the answer to a stale owner’s POST', () => {
  it.each([
    ['settling', settling],
    ['uncertain', uncertain],
    ['posted again', follow(lastLook, nothing()).delivery],
    ['about to be sent again', follow(uncertain, retry()).delivery],
  ])('is proof that it was sent (%s)', (_name, delivery) => {
    const result = follow(delivery, witnessed('m1', 0));
    expect(result.delivery).toMatchObject({ phase: 'sent', arrived: { id: 'm1' } });
    expect(result.effects).toContain('tell sent');
  });

  it('shows a doubled one when there was another answer before', () => {
    const result = follow(sent, witnessed('m2', 0));
    expect(result.delivery).toMatchObject({ phase: 'sent', arrived: { id: 'm1' } });
    expect(result.effects).toEqual(['acknowledge m2', 'erase', 'tell arrived-twice']);
  });

  it('is no news when it is the answer that we know', () => {
    expect(follow(sent, witnessed('m1', 0)).effects).toEqual([]);
  });

  it('about a former part does not count for the part that is on its way', () => {
    const second = follow(longText, begin(), accepted('m1'), begin()).delivery;
    const result = follow(second, witnessed('m0', 0));
    expect(result.delivery).toMatchObject({ phase: 'begun', part: 1 });
    expect(result.effects).toEqual(['acknowledge m0', 'tell arrived-twice']);
    expect(follow(second, witnessed('m2', 1)).delivery).toMatchObject({ phase: 'queued', part: 2 });
  });

  it('about a part that a restored Redis has forgotten is left to the look, which finds it', () => {
    for (const delivery of [{ ...queued, parts: 3 }, follow(longText, begin(), lost('broken')).delivery]) {
      expect(next(delivery, witnessed('m2', 1), timing)).toEqual({ delivery, effects: [] });
    }
  });

  it('says that a discarded one has arrived after all, once', () => {
    const result = follow(uncertain, discard, witnessed('m1', 0));
    expect(result.delivery.phase).toBe('sent');
    expect(result.effects.slice(-4)).toEqual(['acknowledge m1', 'leaveLane', 'erase', 'tell sent']);
  });

  it('about a former part does not make a discarded one "sent": the rest never went', () => {
    const last = follow({ ...queued, parts: 2 }, begin(), accepted('m0'), begin(), lost('silent'));
    const gone = follow(last.delivery, ...looksInVain('silent'), discard);
    expect(gone.delivery).toMatchObject({ phase: 'discarded', part: 1 });
    expect(follow(gone.delivery, witnessed('again', 0)).delivery.phase).toBe('discarded');
    expect(follow(gone.delivery, witnessed('m1', 1)).delivery.phase).toBe('sent');
  });

  it('means nothing to a message of which no attempt is in doubt', () => {
    for (const delivery of [queued, failed]) {
      expect(next(delivery, witnessed('m1', 0), timing)).toEqual({ delivery, effects: [] });
    }
  });
});

describe('waiting for its writer', () => {
  const twoTries = [begin(), needsToken(2_000), begin(4_000), needsToken(5_000)];

  it('is told once, and counts from the first time, however often it is tried', () => {
    const { delivery, effects } = follow(queued, ...twoTries);
    expect(effects.filter((effect) => effect === 'tell waiting')).toHaveLength(1);
    expect(delivery).toMatchObject({ waiting: { sinceMs: 2_000 }, told: 1 });
  });

  it('goes on when another obstacle comes between: the hold runs on, and its buttons still decide', () => {
    const between = follow(queued, ...twoTries, begin(9_000), no('passing', 9_000));
    expect(between.delivery).toMatchObject({ waiting: { code: 'token', sinceMs: 2_000 }, told: 1 });
    expect(follow(between.delivery, discard).delivery.phase).toBe('discarded');
    const again = follow(between.delivery, begin(11_000), needsToken(11_000));
    expect(again.delivery).toMatchObject({ waiting: { sinceMs: 2_000 }, told: 1 });
    expect(again.effects).not.toContain('tell waiting');
  });

  it('is over when the POST has an unknown outcome', () => {
    expect(follow(queued, ...twoTries, begin(9_000), lost('broken', 9_000)).delivery).not.toHaveProperty(
      'waiting',
    );
  });

  it('past the hold: out of its lane, marked as late, its text made anew, still tried', () => {
    const { delivery } = follow(queued, ...twoTries, holdOver());
    expect(delivery).toMatchObject({ phase: 'queued', aside: true, late: true, parts: 0, waiting: {} });
    expect(follow(delivery, begin(), accepted('m1')).delivery.phase).toBe('sent');
  });

  it('when it becomes uncertain aside, it holds neither lane nor pair', () => {
    const aside = follow(queued, ...twoTries, holdOver(), begin(900_000), lost('silent', 900_000));
    const { delivery, effects } = follow(aside.delivery, ...looksInVain('silent', 1_100_000));
    expect([delivery.phase, ...effects]).toEqual([
      'uncertain',
      'leaveGhost',
      'releasePair',
      'tell uncertain',
    ]);
  });
});

describe('buttons', () => {
  it('what is being posted is set aside after its outcome: its text has no time yet', () => {
    const begunAgain = follow(waitingTold(), begin(800_000));
    expect(follow(begunAgain.delivery, holdOver())).toMatchObject({
      delivery: begunAgain.delivery,
      effects: [],
    });
    const refused = follow(begunAgain.delivery, needsToken(810_000), holdOver()).delivery;
    expect(refused).toMatchObject({ phase: 'queued', aside: true, late: true, parts: 0 });
  });

  it('each notice with a choice has its number; a decision or a lone outcome does not change it', () => {
    const told = [waitingTold(), failed, uncertain, follow(uncertain, holdOver(900_000)).delivery].map(
      (d) => d.told,
    );
    expect(told).toEqual([1, 1, 1, 2]);
    expect(follow(uncertain, retry()).delivery.told).toBe(1);
    expect(follow(sent, witnessed('m2', 0)).delivery.told).toBe(0);
  });

  it('the first notice that knows the pair shows the message in its thread', () => {
    expect(follow(queued, begin(), needsToken(2_000), holdOver()).delivery).toMatchObject({
      told: 2,
      shownAt: 1,
    });
    const { pair: _unknown, ...unprepared } = queued;
    const first = follow(unprepared, needsToken(2_000)).delivery;
    expect(first).not.toHaveProperty('shownAt');
    expect(follow({ ...first, pair: queued.pair ?? fail() }, holdOver()).delivery.shownAt).toBe(2);
  });

  const waitingTold = (): Delivery => follow(queued, needsToken(2_000)).delivery;
  const fail = (): never => {
    throw new Error('the fixture has a pair');
  };
});

describe('a passing no', () => {
  it('is never waited for longer than it may be tried at all, whatever the target says', () => {
    const { giveUpMs } = timing;
    const week: DeliveryEvent = {
      type: 'refused',
      error: { code: 'limit', sentence: 'Too many.', kind: 'passing', afterMs: 7 * giveUpMs },
      atMs: 2_000,
      jitter: 0,
    };
    const { delivery } = follow(queued, begin(), week);
    expect(delivery).toMatchObject({ phase: 'queued', wakeAtMs: queued.tryingSinceMs + giveUpMs + 1 });
    const last = delivery.wakeAtMs ?? 0;
    expect(follow(delivery, begin(last), { ...week, atMs: last }).delivery.phase).toBe('failed');
  });
});
