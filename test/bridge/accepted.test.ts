import { describe, expect, it } from 'vitest';
import { untouched } from '../../src/bridge/decide.ts';
import type { Delivery } from '../../src/bridge/delivery.ts';
import {
  accepted,
  base,
  begin,
  follow,
  found,
  looksInVain,
  lost,
  needsToken,
  no,
  queued,
  retry,
} from './deliveries.ts';

const longText: Delivery = { ...queued, parts: 3 };

describe('a text in several parts', () => {
  it('goes part by part, holding its pair in between', () => {
    const { delivery, effects } = follow(
      longText,
      ...['m1', 'm2', 'm3'].flatMap((id) => [begin(), accepted(id)]),
    );
    expect(delivery).toMatchObject({ phase: 'sent', part: 2 });
    expect(effects.filter((effect) => effect === 'releasePair')).toHaveLength(1);
    expect(effects.filter((effect) => effect.startsWith('acknowledge'))).toHaveLength(3);
  });

  it('starts each part with a clean slate', () => {
    const { delivery } = follow(longText, begin(), lost('broken'), found('m1'));
    expect(delivery).toMatchObject({
      phase: 'queued',
      part: 1,
      unknown: false,
      posts: 0,
      tries: 0,
      looks: 0,
    });
    expect(delivery).not.toHaveProperty('base');
  });

  it('lets its pair go when the next part cannot even begin', () => {
    const between = follow(longText, begin(), accepted('m1')).delivery;
    expect(follow(between, no('permanent')).effects).toContain('releasePair');
    expect(follow(between, needsToken(2_000)).effects).toContain('releasePair');
  });

  it('goes on with the part that failed when its writer presses Retry', () => {
    const { delivery } = follow(longText, begin(), accepted('m1'), begin(), no('permanent'), retry());
    expect(delivery).toMatchObject({ phase: 'queued', part: 1, parts: 3 });
  });
});

describe('after a restored Redis', () => {
  const mustLook = { type: 'begin', base, must: true, atMs: 1_000 } as const;

  it('is looked for although this Redis knows of no attempt, then begun as if it were new', () => {
    const looking = follow(queued, mustLook).delivery;
    expect(looking).toMatchObject({
      phase: 'settling',
      must: true,
      unknown: true,
      posts: 0,
      wakeAtMs: 3_000,
    });
    expect(follow(looking, found('m1')).delivery.phase).toBe('sent');
    const posted = follow(looking, ...looksInVain('broken'));
    // What its writer has changed meanwhile is taken over then. Nothing is known of that could still turn up.
    expect(posted.delivery).toMatchObject({ phase: 'queued', must: false, unknown: false, posts: 0 });
    expect(posted.effects).toEqual(['releasePair']);
    expect(untouched(posted.delivery)).toBe(true);
    expect(follow(posted.delivery, begin(60_000)).delivery).toMatchObject({ phase: 'begun', base });
  });

  it('that was refused before is as new; that was unknown is posted again, and watched', () => {
    const refused = follow(queued, begin(), no('passing')).delivery;
    expect(follow(refused, mustLook, ...looksInVain('broken')).delivery).toMatchObject({ phase: 'queued' });
    const unknown = follow(queued, begin(), lost('broken', 2_000), ...looksInVain('broken'), no('passing'));
    const again = follow({ ...unknown.delivery, phase: 'queued' }, mustLook, ...looksInVain('broken'));
    expect(again.delivery).toMatchObject({ phase: 'begun' });
    expect(again.effects).toEqual(['holdPair', 'leaveGhost']);
  });

  it('looks for every part after one that was found, from the same time on', () => {
    const second = follow(longText, mustLook, found('m1')).delivery;
    expect(second).toMatchObject({ phase: 'queued', part: 1, must: true, base });
    const newer = { type: 'begin', base: { sinceMs: 90_000, known: [] }, must: false, atMs: 30_000 } as const;
    expect(follow(second, newer).delivery).toMatchObject({ phase: 'settling', must: true, base });
  });
});
