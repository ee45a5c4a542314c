import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { Gate, PauseReason } from '../../src/bridge/gate.ts';
import { createGates, type GateStore } from '../../src/bridge/gates.ts';
import type { Scope } from '../../src/bridge/people.ts';
import { timing } from './deliveries.ts';

const [org, person] = ['org', 'person'] as Scope[] as [Scope, Scope];

/** Gates in memory, with a clock that stands still until it is set. */
function memory() {
  const held = new Map<Scope, string>();
  const clock = { nowMs: 1_000 };
  const noticed: unknown[] = [];
  const text = (gate: Gate | undefined) => (gate ? JSON.stringify(gate) : undefined);
  const store: GateStore = {
    read: async (scopes) => ({
      nowMs: clock.nowMs,
      gates: scopes.map((scope) => {
        const stored = held.get(scope);
        return stored === undefined ? undefined : (JSON.parse(stored) as Gate);
      }),
    }),
    async swap(scope, before, after) {
      if (held.get(scope) !== text(before)) return false;
      const stored = text(after);
      if (stored === undefined) held.delete(scope);
      else held.set(scope, stored);
      return true;
    },
  };
  const worker = (of: GateStore = store) =>
    createGates({ store: of, timing: timing.gates, random: () => 0, onError: (e) => noticed.push(e) });
  return { held, clock, noticed, store, worker };
}

const no = (reason: PauseReason | undefined, scope: Scope = person, retryAfterMs?: number) =>
  new DeliveryError({
    retry: retryAfterMs === undefined ? { kind: 'later' } : { kind: 'after', ms: retryAfterMs },
    certain: true,
    code: 'no',
    sentence: 'No.',
    ...(reason && { concerns: { scope, reason } }),
  });

const fails = (error: unknown) => () => Promise.reject(error);
const failure = (work: Promise<unknown>): Promise<DeliveryError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: DeliveryError) => error,
  );

describe('a gate', () => {
  it('that is closed keeps back what concerns it and nothing else, without asking', async () => {
    const { worker } = memory();
    const [one, other] = [worker(), worker()];
    const first = await failure(one.through([org, person], fails(no('person-limit', person, 30_000))));
    expect(first).toMatchObject({
      code: 'no',
      retry: { kind: 'after', ms: 30_000 },
      held: { scope: person },
    });
    let wasAsked = false;
    const ask = async () => {
      wasAsked = true;
    };
    const second = await failure(other.through([org, person], ask));
    expect(second).toMatchObject({ certain: true, held: { scope: person, sinceMs: 1_000, untilMs: 31_000 } });
    expect((await failure(other.check([org, person]))).held?.scope).toBe(person);
    expect(wasAsked).toBe(false);
    expect(await other.through([org], async () => 'through')).toBe('through');
  });

  it('lets one go first, and is gone when that one got any answer but the refusal', async () => {
    const { worker, clock, held } = memory();
    const gates = worker();
    await failure(gates.through([org], fails(no('org-limit', org, 10_000))));
    clock.nowMs += 10_000;
    const whileTried = await failure(
      gates.through([org], async () => {
        await gates.through([org], async () => 'meanwhile');
      }),
    );
    expect(whileTried.held?.scope).toBe(org);
    clock.nowMs += timing.gates.probeMs;
    expect(await failure(gates.through([org], fails(no(undefined))))).toMatchObject({ held: undefined });
    expect(held.size).toBe(0);
  });

  it('closes again, as the same closing, when the one that went first is refused', async () => {
    const { worker, clock } = memory();
    const gates = worker();
    await failure(gates.through([org], fails(no('org-limit', org))));
    clock.nowMs += 60_000;
    const again = await failure(gates.through([org], fails(no('org-limit', org))));
    expect(again).toMatchObject({ retry: { ms: 120_000 }, held: { sinceMs: 1_000, isLong: true } });
  });

  it("of a person is not opened by a failure that is no answer, and the org's is not closed by a limit of theirs", async () => {
    const { worker, clock, held } = memory();
    const gates = worker();
    await failure(gates.through([org, person], fails(no('person-limit', person, 1_000))));
    clock.nowMs += 1_000;
    await failure(gates.through([org, person], fails(no('away', org))));
    expect([...held.keys()].sort()).toEqual([org, person]);
    expect(await gates.through([org], async () => 'through')).toBe('through');
    expect([...held.keys()]).toEqual([person]);
  });

  it('is not closed by failures with successes in between, wherever they were seen', async () => {
    const { worker, held } = memory();
    const [one, other] = [worker(), worker()];
    for (let i = 0; i < 20; i += 1) {
      await failure(one.through([org], fails(no('away', org))));
      await (i % 2 === 0 ? one : other).through([org], async () => 'through');
    }
    expect(held.size).toBe(0);
    for (let i = 0; i < 5; i += 1) await failure(one.through([org], fails(no('away', org))));
    expect((await failure(other.check([org]))).held?.reason).toBe('away');
  });

  it('counts the failure of one request once, however many waited for it', async () => {
    const { worker } = memory();
    const gates = worker();
    const shared = no('away', org);
    for (let i = 0; i < 10; i += 1) await failure(gates.through([org], fails(shared)));
    await gates.check([org]);
  });

  it('lets somebody else go first at once when the first was kept back further inside, or stopped by ourselves', async () => {
    const { worker, clock } = memory();
    const gates = worker();
    await failure(gates.through([org], fails(no('org-limit', org, 1_000))));
    clock.nowMs += 1_000;
    const kept = no(undefined).with({
      held: { scope: person, reason: 'reads-spent', sinceMs: 0, untilMs: 9_000, isLong: false },
    });
    await failure(gates.through([org], fails(kept)));
    await failure(gates.through([org], fails(no(undefined).with({ isOurs: true }))));
    // It did not open either: this one goes first, and nobody beside it.
    await gates.through([org], async () => {
      expect((await failure(worker().through([org], async () => 'beside'))).held?.scope).toBe(org);
    });
    expect(await worker().through([org], async () => 'open')).toBe('open');
  });

  it('says nothing of what was kept back further inside', async () => {
    const { worker, clock, held } = memory();
    const gates = worker();
    await failure(gates.through([org], fails(no('org-limit', org, 1_000))));
    clock.nowMs += 1_000;
    const within = await failure(gates.through([person], fails(no('reads-spent', person))));
    await failure(gates.through([org], fails(within)));
    expect(held.has(org)).toBe(true);
  });
});

describe('without its store', () => {
  const broken: GateStore = {
    read: () => Promise.reject(new Error('away')),
    swap: () => Promise.reject(new Error('away')),
  };

  it('nothing is asked', async () => {
    const { worker } = memory();
    expect(await failure(worker(broken).through([org], async () => 'through'))).toMatchObject({
      code: 'gate-unreadable',
      certain: true,
    });
  });

  it('the outcome of what was asked before is kept', async () => {
    const { worker, store, noticed } = memory();
    const gates = worker({ ...store, swap: broken.swap });
    expect(await failure(gates.through([org], fails(no('org-limit', org))))).toMatchObject({ code: 'no' });
    expect(noticed).toHaveLength(1);
  });
});
