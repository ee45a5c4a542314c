import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/bridge/delivery.ts';
import { judge, release, sight } from '../../src/bridge/echo.ts';
import {
  applyToPair,
  GHOST_MS,
  newPair,
  type Pair,
  type Sighting,
  type TextMark,
} from '../../src/bridge/pair.ts';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import { arrived, begun, pairName } from './deliveries.ts';

const same = (a: TextMark, b: TextMark): boolean => a === b;
const ok = 'mark of ok' as TextMark;
const pair = newPair({ key: pairName, sender: 'ada' as SalesforceUserId, recipients: [], names: [] });
const moved = (from: Pair, ...effects: Effect[]): Pair => applyToPair(from, begun, effects, ok, 5_000);
const seen = (id: string, atMs = 1_500, mark = ok): Sighting => ({ id: id as Sighting['id'], mark, atMs });
const acknowledged = (id: string): Effect => ({ do: 'acknowledge', arrived: arrived(id) });

const open = moved(pair, { do: 'holdPair' });
const givenUp = moved(pair, { do: 'leaveGhost' });

describe('whose message is it?', () => {
  it.each<[string, Pair, Sighting, string]>([
    ['nothing of ours is in doubt', pair, seen('m1'), 'theirs'],
    ['its id is known', moved(pair, acknowledged('m1')), seen('m1'), 'echo'],
    ['same text as an open intent', open, seen('m1'), 'held'],
    ['same text, yet older than the intent', open, seen('m1', 899), 'theirs'],
    ['another text than the open intent', open, seen('m1', 1_500, 'other' as TextMark), 'theirs'],
    ['same text as an attempt given up', givenUp, seen('m1'), 'ghost'],
    ['same text, yet older than that attempt', givenUp, seen('m1', 899), 'theirs'],
    ['another text than that attempt', givenUp, seen('m1', 1_500, 'other' as TextMark), 'theirs'],
    ['a day after it was given up', givenUp, seen('m1', 5_000 + GHOST_MS), 'theirs'],
  ])('%s', (_case, from, sighting, judgement) => {
    expect(judge(from, sighting, same)).toBe(judgement);
  });
});

describe('C7: a poll that sees our message before its POST was answered', () => {
  it('keeps it back, once, however often it is seen', () => {
    const once = sight(open, seen('m1'), same).pair;
    expect(once.held).toEqual([seen('m1')]);
    expect(sight(once, seen('m1'), same).pair.held).toHaveLength(1);
  });

  it('drops it when the answer comes: it was an echo', () => {
    const held = sight(open, seen('m1'), same).pair;
    const answered = moved(held, acknowledged('m1'), { do: 'releasePair' });
    expect(release(answered, same)).toMatchObject({ theirs: [], late: [], pair: { held: [] } });
    expect(judge(answered, seen('m1'), same)).toBe('echo');
  });

  it('releases it when the POST was refused: then somebody typed it', () => {
    const held = sight(open, seen('m1'), same).pair;
    const refused = release(moved(held, { do: 'releasePair' }), same);
    expect(refused.theirs).toEqual([seen('m1')]);
    expect(refused.pair.held).toEqual([]);
  });

  it('of two with the same text releases the one that is not ours', () => {
    const held = ['m1', 'm2'].reduce((p, id) => sight(p, seen(id), same).pair, open);
    const answered = moved(held, acknowledged('m2'), { do: 'releasePair' });
    expect(release(answered, same).theirs).toEqual([seen('m1')]);
  });

  it('keeps it back as long as the intent is open', () => {
    const held = sight(open, seen('m1'), same).pair;
    expect(release(held, same)).toMatchObject({ theirs: [], pair: { held: [seen('m1')] } });
  });
});

describe('C8: an attempt that was given up and turns up late', () => {
  it('is ours; its delivery is named, so that it hears of it', () => {
    expect(sight(givenUp, seen('m1'), same)).toMatchObject({ judgement: 'ghost', ghostOf: begun.id });
  });

  it('takes the place of one attempt: the next equal text is somebody’s', () => {
    const spent = sight(givenUp, seen('m1'), same).pair;
    expect(sight(spent, seen('m1'), same).judgement).toBe('echo');
    expect(sight(spent, seen('m2'), same).judgement).toBe('theirs');
  });

  it('two attempts have two ghosts', () => {
    const twice = moved(givenUp, { do: 'leaveGhost' });
    const first = sight(twice, seen('m1'), same);
    expect(sight(first.pair, seen('m2'), same).judgement).toBe('ghost');
  });

  it('is recognised also when it was held back while another attempt was open', () => {
    const held = sight(moved(givenUp, { do: 'holdPair' }), seen('m1'), same).pair;
    const released = release(moved(held, { do: 'releasePair' }), same);
    expect(released.theirs).toEqual([]);
    expect(released.late).toEqual([{ delivery: begun.id, sighting: seen('m1') }]);
  });
});
