import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gate, meet, type PauseReason, refuse } from '../../src/bridge/gate.ts';
import type { Scope } from '../../src/bridge/people.ts';
import { timing } from './deliveries.ts';

const scope = 'somewhere' as Scope;
const { gates } = timing;
const refused = (
  gate: Gate | undefined,
  reason: PauseReason,
  nowMs: number,
  retryAfterMs?: number,
  chance = 0,
) => refuse(gate, reason, { nowMs, chance, retryAfterMs }, gates);
const met = (gate: Gate | undefined, nowMs: number, chance = 0) =>
  meet(gate, scope, { nowMs, chance }, gates);

describe('a limit', () => {
  const closed = refused(undefined, 'person-limit', 1_000);

  it('closes at once, for a minute where no time is named, and for longer each time', () => {
    let gate: Gate | undefined;
    const closings = Array.from({ length: 6 }, () => {
      const fromMs = gate?.untilMs ?? 1_000;
      gate = refused(gate, 'person-limit', fromMs);
      return (gate.untilMs - fromMs) / 60_000;
    });
    expect(closings).toEqual([1, 2, 4, 8, 10, 10]);
    expect(gate?.sinceMs).toBe(1_000);
  });

  it('closes until the time that is named', () => {
    expect(refused(undefined, 'person-limit', 1_000, 5_000, 1).untilMs).toBe(6_000);
  });

  it('that refused several at once counts once, and the latest time counts', () => {
    expect(refused(closed, 'person-limit', 1_100)).toEqual(closed);
    expect(refused(closed, 'person-limit', 1_100, 300_000)).toEqual({ ...closed, untilMs: 301_100 });
    expect(refused(closed, 'person-limit', 1_100, 1)).toEqual(closed);
  });
});

describe('a target that is away', () => {
  const failing = (times: number, nowMs = 1_000): Gate | undefined =>
    Array.from({ length: times }).reduce<Gate | undefined>((gate) => refused(gate, 'away', nowMs), undefined);

  it('closes at once when the target says until when', () => {
    const closed = refuse(undefined, 'away', { nowMs: 0, chance: 0, retryAfterMs: 600_000 }, timing.gates);
    expect(closed).toMatchObject({ sinceMs: 0, untilMs: 600_000 });
  });

  it('closes after five failures in a row, not before', () => {
    expect(met(failing(4), 1_000)).toEqual({ kind: 'open' });
    expect(met(failing(5), 1_000)).toMatchObject({ kind: 'closed', forMs: 1_000 });
  });

  it('is asked ever more rarely, up to every two minutes', () => {
    let gate = failing(5);
    for (let i = 0; i < 10; i += 1) gate = refused(gate, 'away', gate?.untilMs ?? 0);
    const fromMs = gate?.untilMs ?? 0;
    expect(refused(gate, 'away', fromMs).untilMs - fromMs).toBe(120_000);
  });
});

describe('who meets a gate', () => {
  const closed = refused(undefined, 'org-limit', 1_000, 80_000);

  it('passes where nothing was refused', () => {
    expect(met(undefined, 0)).toEqual({ kind: 'open' });
  });

  it('waits until its time, spread over a quarter of what it waited, at most half a minute', () => {
    expect(met(closed, 11_000)).toMatchObject({ kind: 'closed', forMs: 70_000 });
    expect(met(closed, 11_000, 1)).toMatchObject({ kind: 'closed', forMs: 90_000 });
    const long = refused(undefined, 'org-limit', 1_000, 3_600_000);
    expect(met(long, 1_000, 1)).toMatchObject({ kind: 'closed', forMs: 3_630_000 });
  });

  it('goes first when the time has come, and alone: the others ask again every second', () => {
    const first = met(closed, 81_000);
    if (first.kind !== 'probe') throw new Error('nobody goes first');
    expect(met(first.gate, 81_001)).toMatchObject({ kind: 'closed', forMs: 1_000 });
    expect(met(first.gate, 95_500)).toMatchObject({ kind: 'closed', forMs: 500 });
    // Whoever went first has died.
    expect(met(first.gate, 96_000)).toMatchObject({ kind: 'probe' });
  });

  it('is told when it is closed for a minute, and not while somebody is trying', () => {
    const held = (gate: Gate, nowMs: number) => {
      const meeting = met(gate, nowMs);
      return meeting.kind === 'closed' && meeting.held.isLong;
    };
    expect(held(closed, 80_000)).toBe(true);
    expect(held(refused(undefined, 'org-limit', 1_000, 59_000), 2_000)).toBe(false);
    expect(held({ ...closed, probeUntilMs: 90_000 }, 82_000)).toBe(false);
  });
});

it('whatever happens, at most one goes first at a time, and never before the time', () => {
  const step = fc.record({
    afterMs: fc.nat(200_000),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    refused: fc.option(
      fc.record({
        reason: fc.constantFrom<PauseReason>('person-limit', 'away', 'org-busy'),
        retryAfterMs: fc.option(fc.nat(300_000), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let gate: Gate | undefined;
      let nowMs = 1_000;
      let aloneUntilMs = 0;
      for (const { afterMs, chance, refused: no } of steps) {
        nowMs += afterMs;
        const meeting = met(gate, nowMs, chance);
        if (meeting.kind === 'probe') {
          expect(nowMs).toBeGreaterThanOrEqual(Math.max(gate?.untilMs ?? 0, aloneUntilMs));
          aloneUntilMs = nowMs + gates.probeMs;
          gate = meeting.gate;
        }
        if (meeting.kind === 'closed') expect(meeting.forMs).toBeGreaterThan(0);
        if (no) {
          const before = gate;
          gate = refuse(gate, no.reason, { nowMs, chance, retryAfterMs: no.retryAfterMs }, gates);
          if (before?.sinceMs !== undefined) expect(gate.untilMs).toBeGreaterThanOrEqual(before.untilMs);
          if (gate.untilMs !== before?.untilMs) aloneUntilMs = 0;
        }
      }
    }),
  );
});
