import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/bridge/delivery.ts';
import { judge } from '../../src/bridge/echo.ts';
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
    expect(judge(from, sighting, same).kind).toBe(judgement);
  });
});

describe('C7: a reading that sees our message before its POST was answered', () => {
  it('says nothing about it as long as the intent is open, and then that it was an echo', () => {
    expect(judge(open, seen('m1'), same)).toEqual({ kind: 'held' });
    const answered = moved(open, acknowledged('m1'), { do: 'releasePair' });
    expect(judge(answered, seen('m1'), same)).toEqual({ kind: 'echo' });
  });

  it('says that somebody typed it, when the POST was refused', () => {
    expect(judge(moved(open, { do: 'releasePair' }), seen('m1'), same)).toEqual({ kind: 'theirs' });
  });

  it('of two with the same text tells the one that is not ours', () => {
    const answered = moved(open, acknowledged('m2'), { do: 'releasePair' });
    expect(judge(answered, seen('m1'), same)).toEqual({ kind: 'theirs' });
  });
});

describe('C8: an attempt that was given up and turns up late', () => {
  it('is ours; its delivery is named, so that it hears of it', () => {
    expect(judge(givenUp, seen('m1'), same)).toMatchObject({ kind: 'ghost', ghost: { delivery: begun.id } });
  });

  it('takes the place of one attempt: the next equal text is somebody’s', () => {
    const spent = moved(givenUp, { ...acknowledged('m1'), ghost: ok } as Effect);
    expect(judge(spent, seen('m1'), same)).toEqual({ kind: 'echo' });
    expect(judge(spent, seen('m2'), same)).toEqual({ kind: 'theirs' });
  });

  it('two attempts have two ghosts', () => {
    const twice = moved(givenUp, { do: 'leaveGhost' });
    const first = moved(twice, { ...acknowledged('m1'), ghost: ok } as Effect);
    expect(judge(first, seen('m2'), same).kind).toBe('ghost');
  });

  it('is recognised also when another attempt was open as it was seen', () => {
    const both = moved(givenUp, { do: 'holdPair' });
    expect(judge(both, seen('m1'), same)).toEqual({ kind: 'held' });
    expect(judge(moved(both, { do: 'releasePair' }), seen('m1'), same).kind).toBe('ghost');
  });
});
