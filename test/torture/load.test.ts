import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PEOPLE } from './company.ts';
import { type Burst, loadOf } from './load.ts';

const acts = (load: readonly Burst[]) => load.flatMap((burst) => burst.acts);

describe('a load', () => {
  it('is the same for the same seed, and another one for another', () => {
    const made = (seed: number) => loadOf({ seed, messages: 200, people: PEOPLE });
    expect(made(7)).toEqual(made(7));
    expect(made(8)).not.toEqual(made(7));
  });

  it('opens each lane with a command, and writes the same words twice only in a row', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 300 }), (seed, messages) => {
        const load = loadOf({ seed, messages, people: PEOPLE });
        const opened = new Set<string>();
        for (const { lane, acts: inOneGo } of load) {
          if (!opened.has(lane.name)) expect(inOneGo[0]?.kind).toBe('command');
          opened.add(lane.name);
          expect(lane.recipients).not.toContain(lane.author);
        }
        const ids = acts(load).map(({ id }) => id);
        expect(ids.length).toBeGreaterThanOrEqual(messages);
        for (const id of new Set(ids)) {
          expect(ids.lastIndexOf(id) - ids.indexOf(id)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has something of everything: bursts, equal texts, long ones, several people, addresses', () => {
    const load = loadOf({ seed: 7, messages: 2_000, people: PEOPLE });
    const all = acts(load);
    expect(load.some((burst) => burst.acts.length > 3)).toBe(true);
    expect(new Set(all.map(({ id }) => id)).size).toBeLessThan(all.length);
    expect(all.some(({ text }) => text.length > 10_000)).toBe(true);
    expect(all.some(({ kind }) => kind === 'reply')).toBe(true);
    expect(load.some(({ lane }) => lane.byEmail)).toBe(true);
    expect(Math.max(...load.map(({ lane }) => lane.recipients.length))).toBe(9);
  });
});
