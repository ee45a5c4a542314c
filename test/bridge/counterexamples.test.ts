import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import {
  accepted,
  base,
  begin,
  begun,
  discard,
  follow,
  found,
  holdOver,
  lastLook,
  looksInVain,
  lost,
  needsToken,
  no,
  nothing,
  phases,
  queued,
  retry,
  takenOver,
  timing,
  uncertain,
} from './deliveries.ts';

const longText: Delivery = { ...queued, parts: 3 };

describe('an unknown outcome is remembered', () => {
  it('C4: a passing no to the second POST does not lead to a third without a look', () => {
    const events = [begin(), lost('broken'), ...looksInVain('broken'), no('passing', 210_000)];
    expect(phases(queued, ...events).slice(-3)).toEqual(['settling', 'begun', 'settling']);
    const then = follow(queued, ...events, found('m1', 230_000));
    expect(then.delivery).toMatchObject({ phase: 'sent', arrived: { id: 'm1' } });
  });

  it('C4: after a passing no it is posted again when settled looks find nothing', () => {
    const events = [begin(), lost('broken'), ...looksInVain('broken'), no('passing', 210_000)];
    const then = follow(queued, ...events, ...looksInVain('broken', 300_000));
    expect(then.delivery).toMatchObject({ phase: 'begun', posts: 3, unknown: true });
    expect(then.effects.filter((effect) => effect === 'leaveGhost')).toHaveLength(2);
  });

  it('C5: a permanent no to the second POST is not called failed before it was looked for', () => {
    const events = [begin(), lost('broken'), ...looksInVain('broken'), no('permanent', 210_000)];
    expect(follow(queued, ...events, found('m1', 220_000)).delivery.phase).toBe('sent');
    const absent = follow(queued, ...events, ...looksInVain('broken', 300_000));
    expect(absent.delivery).toMatchObject({
      phase: 'uncertain',
      waiting: {
        code: 'refused-after-unknown',
        sentence: expect.stringMatching(/permanent no.*may have arrived/),
      },
    });
    expect(absent.effects).not.toContain('tell failed');
  });

  it('C6: what can be ours is decided before the first POST and frozen', () => {
    const later = { ...base, sinceMs: 50_000 };
    const events = [begin(), lost('broken'), ...looksInVain('broken'), lost('broken', 210_000)];
    expect(follow(queued, ...events).delivery.base).toEqual(base);
    const asked = follow(uncertain, retry(), { type: 'begin', base: later, must: false, atMs: 900_000 });
    expect(asked.delivery.base).toEqual(base);
  });

  it('C6: with no idea of the time it reads the target first, and POSTs nothing', () => {
    const unknown = { type: 'begin', base: undefined, must: false, atMs: 1_000 } as const;
    const result = next(queued, unknown, timing);
    expect(result).toEqual({ delivery: queued, effects: [{ do: 'readBaseline' }] });
    expect(follow(queued, unknown, begin()).delivery.base).toEqual(base);
  });

  it('a certain no does not forget it where a restored Redis may have forgotten a later part', () => {
    const second: Delivery = { ...longText, part: 1, must: true, base };
    expect(follow(second, no('passing')).delivery.base).toEqual(base);
  });

  it('a certain no that is no doubt lets the next try take a newer base', () => {
    expect(follow(begun, no('passing')).delivery).not.toHaveProperty('base');
  });
});

describe('a late commit', () => {
  it('C7: the pair is held from the intent to the outcome, so that a sighting can be kept back', () => {
    const held = (effects: string[]) => effects.filter((effect) => /Pair$/.test(effect));
    expect(held(follow(queued, begin(), lost('broken'), takenOver()).effects)).toEqual(['holdPair']);
    expect(held(follow(queued, begin(), accepted('m1')).effects)).toEqual(['holdPair', 'releasePair']);
  });

  it('C8: every attempt that is given up leaves a ghost', () => {
    expect(follow(lastLook, nothing()).effects).toEqual(['leaveGhost']);
    expect(follow(uncertain, discard).effects).toContain('leaveGhost');
    expect(follow(uncertain, retry(), begin()).effects).toContain('leaveGhost');
    expect(follow(uncertain, holdOver(900_000)).effects).toContain('leaveGhost');
  });

  it('C8: one attempt leaves one ghost, whatever becomes of it when it is aside', () => {
    const ghosts = (effects: string[]) => effects.filter((effect) => effect === 'leaveGhost').length;
    const aside = [holdOver(900_000), nothing(950_000)];
    expect(ghosts(follow(uncertain, ...aside, discard).effects)).toBe(1);
    expect(ghosts(follow(uncertain, ...aside, retry(), begin()).effects)).toBe(1);
    const refused = [retry(), no('permanent', 900_000)];
    expect(ghosts(follow(uncertain, ...refused, discard).effects)).toBe(1);
    expect(ghosts(follow(uncertain, ...refused, retry(), begin()).effects)).toBe(1);
    const waitedForToken = [retry(), needsToken(900_000), holdOver(2_000_000), begin()];
    expect(ghosts(follow(uncertain, ...waitedForToken).effects)).toBe(1);
  });

  it('U1: a timed-out message is never posted again by itself, and sent when a late look finds it', () => {
    const events = [begin(), lost('silent'), ...looksInVain('silent'), nothing(400_000), nothing(600_000)];
    expect(new Set(phases(queued, ...events).slice(2))).toEqual(new Set(['settling', 'uncertain']));
    expect(follow(queued, ...events).delivery.posts).toBe(1);
    expect(follow(queued, ...events, found('m1', 900_000)).effects).toContain('tell sent');
  });

  it('U2: Retry of an uncertain one posts at the next run, at its writer’s word, without a further look', () => {
    const asked = follow(uncertain, retry());
    expect(asked.delivery).toMatchObject({ phase: 'queued', mayDouble: true, unknown: true });
    const posted = follow(asked.delivery, begin(900_000)).delivery;
    expect(posted).toMatchObject({ phase: 'begun', mayDouble: false, unknown: true });
  });

  it('U2: a passing no to that POST does not ask its writer again: it is tried until it has an outcome', () => {
    const limited = follow(uncertain, retry(), begin(900_000), no('passing', 901_000));
    expect(follow(limited.delivery, ...looksInVain('broken', 990_000)).delivery.phase).toBe('begun');
  });
});

describe('edits and deletions', () => {
  it('E1: the text is frozen with the intent; an edit follows it', () => {
    const result = follow(begun, { type: 'edited' }, takenOver(), { type: 'edited' });
    expect(result.effects).toEqual(['followUp edit', 'followUp edit']);
    expect(result.delivery.parts).toBe(begun.parts);
  });

  it('E1: the text of a message that is certainly not posted changes in its place, and is prepared anew', () => {
    expect(follow(begun, no('passing'), { type: 'edited' })).toMatchObject({
      delivery: { phase: 'queued', parts: 0 },
      effects: ['releasePair', 'replaceText'],
    });
  });

  it('E1: what may have arrived is frozen also when its writer has pressed Retry', () => {
    expect(follow(uncertain, retry(), { type: 'edited' }).effects.at(-1)).toBe('followUp edit');
    expect(follow(uncertain, retry(), { type: 'deleted' }).effects.at(-1)).toBe('followUp delete');
  });

  it('E1: what comes after a delivered part is frozen, too', () => {
    expect(follow(longText, begin(), accepted('m1'), { type: 'edited' }).effects).toContain('followUp edit');
  });

  it('E2: a deletion of what is on its way removes nothing; it follows', () => {
    const result = follow(begun, { type: 'deleted' }, accepted('m1'));
    expect(result.effects.slice(0, 2)).toEqual(['followUp delete', 'acknowledge m1']);
    expect(result.delivery.phase).toBe('sent');
  });

  it('E3: a message that was deleted before it went never goes', () => {
    const gone = follow(queued, { type: 'deleted' });
    expect(follow(gone.delivery, begin(), accepted('m1'), retry()).delivery).toBe(gone.delivery);
  });
});
