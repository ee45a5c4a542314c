import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { When } from '../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../src/bridge/people.ts';
import { createRunDue, runIdOf } from '../../src/bridge/run-due.ts';
import type { Calendar, ScheduleLog, StoredSchedule } from '../../src/bridge/schedule.ts';
import type { Taken } from '../../src/bridge/taken.ts';

const ada = 'T0CORP-U0ADA' as ChatPersonId;
const id = 'n-1' as NotificationId;
const EVERY_MS = 10_000;

/** Every ten seconds, whatever the expression says. */
const calendar: Calendar = {
  next: (_when, afterMs) => (Math.floor(afterMs / EVERY_MS) + 1) * EVERY_MS,
  latest: (_when, _firstMs, untilMs) => Math.floor(untilMs / EVERY_MS) * EVERY_MS,
};

/** One plan, and a world in which everything may die. */
function world(when: When) {
  const request = { by: ada, text: 'hi', to: { named: [] } };
  const nextAtMs = 'atMs' in when ? when.atMs : EVERY_MS;
  let stored: StoredSchedule | undefined = { id, by: ada, when, nextAtMs, request };
  const log: Pick<ScheduleLog, 'read' | 'ran'> = {
    read: async () => stored,
    async ran(read, _run, next) {
      if (state.dies === 'before it is said') throw new Error('died');
      if (stored?.nextAtMs === read.nextAtMs)
        stored = next === undefined ? undefined : { ...stored, nextAtMs: next };
    },
  };
  const state = {
    nowMs: 0,
    /** Every run that was sent, the same one perhaps several times. */
    runs: [] as { run: string; atMs: number }[],
    taken: undefined as undefined | Taken,
    dies: undefined as undefined | 'before it is sent' | 'before it is said',
    stored: () => stored,
  };
  const ring = createRunDue({
    log: log as ScheduleLog,
    calendar,
    now: () => state.nowMs,
    async due(_id, run) {
      if (state.dies === 'before it is sent') throw new Error('died');
      state.runs.push({ run, atMs: state.nowMs });
      if (state.taken) return state.taken;
      return state.runs.filter((each) => each.run === run).length > 1 ? 'duplicate' : 'stored';
    },
  });
  return { state, ring: (forMs: number) => ring(id, forMs) };
}

const event = fc.record({
  /** Since the one before. */
  afterMs: fc.integer({ min: 1, max: 25_000 }),
  dies: fc.constantFrom(undefined, undefined, 'before it is sent', 'before it is said'),
});

describe('a run that is due', () => {
  it('is one that was planned, is never early, and nothing is due when it is over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
        const { state, ring } = world({ cron: '', timeZone: '' });
        for (const { afterMs, dies } of [...events, { afterMs: 1, dies: undefined }]) {
          state.nowMs += afterMs;
          state.dies = dies as typeof state.dies;
          await ring(state.nowMs).catch(() => {});
        }
        for (const { run, atMs } of state.runs) {
          const plannedMs = Number(run.split('-').at(-1)) * 1_000;
          expect(plannedMs % EVERY_MS).toBe(0);
          expect(atMs).toBeGreaterThanOrEqual(plannedMs);
          // The latest by then, never one that was missed before it.
          expect(atMs - plannedMs).toBeLessThan(EVERY_MS);
        }
        expect(state.stored()?.nextAtMs).toBeGreaterThan(state.nowMs);
      }),
    );
  });

  it('of one that is watched all the time is every one, each under one id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
        const { state, ring } = world({ cron: '', timeZone: '' });
        let rounds = 0;
        for (const { dies } of events) {
          rounds += 1;
          state.nowMs = rounds * EVERY_MS;
          state.dies = dies as typeof state.dies;
          await ring(state.nowMs).catch(() => {});
          // Somebody takes it over before the next one.
          state.nowMs += EVERY_MS / 2;
          state.dies = undefined;
          await ring(rounds * EVERY_MS);
        }
        const planned = Array.from({ length: rounds }, (_, i) => runIdOf(id, (i + 1) * EVERY_MS));
        expect([...new Set(state.runs.map(({ run }) => run))]).toEqual(planned);
      }),
    );
  });

  it('of one for a time is that one, and then it is over', async () => {
    const { state, ring } = world({ atMs: 5_000 });
    state.nowMs = 4_999;
    expect(await ring(5_000)).toEqual({ kind: 'again', atMs: 5_000 });
    state.nowMs = 60_000;
    expect(await ring(5_000)).toEqual({ kind: 'done' });
    expect(await ring(5_000)).toEqual({ kind: 'done' });
    expect(state.runs).toEqual([{ run: id, atMs: 60_000 }]);
    expect(state.stored()).toBeUndefined();
  });

  it.each(['refused', 'unsure'] as const)('is due again when it was %s', async (taken) => {
    const { state, ring } = world({ atMs: 5_000 });
    Object.assign(state, { nowMs: 5_000, taken });
    await expect(ring(5_000)).rejects.toThrow(taken);
    expect(state.stored()).toBeDefined();
  });

  it.each(['person-full', 'bridge-full'] as const)(
    'is over when it was %s, which its sender was told',
    async (taken) => {
      const { state, ring } = world({ atMs: 5_000 });
      Object.assign(state, { nowMs: 5_000, taken });
      expect(await ring(5_000)).toEqual({ kind: 'done' });
      expect(state.stored()).toBeUndefined();
    },
  );

  it('does nothing when somebody was faster', async () => {
    const { state, ring } = world({ cron: '', timeZone: '' });
    state.nowMs = EVERY_MS;
    await ring(EVERY_MS);
    state.nowMs = EVERY_MS + 1;
    expect(await ring(EVERY_MS)).toEqual({ kind: 'done' });
    expect(state.runs).toHaveLength(1);
  });
});
