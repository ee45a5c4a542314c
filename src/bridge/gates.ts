import { DeliveryError } from './delivery-error.ts';
import { type Concern, type Gate, type Held, meet, pauseSentences, refuse } from './gate.ts';
import type { Scope } from './people.ts';
import type { Timing } from './timing.ts';

/** What edges ask before they ask anybody else. Shared by all workers. */
export interface Gates {
  /**
   * Does the work unless a gate of these scopes is closed, and closes or opens gates by what comes of it. When a
   * closed gate's time has come, the first work goes alone.
   * @throws DeliveryError with `held` when a gate is closed, or was closed by this refusal; else what the work throws.
   */
  through<T>(scopes: readonly Scope[], work: () => Promise<T>): Promise<T>;
  /** @throws DeliveryError with `held` when one of them is closed now. Lets nobody through. */
  check(scopes: readonly Scope[]): Promise<void>;
}

export interface GateStore {
  read(scopes: readonly Scope[]): Promise<{ nowMs: number; gates: readonly (Gate | undefined)[] }>;
  /**
   * Puts `after` (undefined: nothing) in the place of `before`, for as long as it matters.
   * @returns false when something else is there by now: nothing was written.
   */
  swap(scope: Scope, before: Gate | undefined, after: Gate | undefined): Promise<boolean>;
}

export interface GatesOptions {
  store: GateStore;
  timing: Timing['gates'];
  /** 0 to 1. */
  random: () => number;
  /** A gate could not be moved. The work's own outcome counts all the same, and the next request mends it. */
  onError: (error: unknown) => void;
}

export function createGates({ store, timing, random, onError }: GatesOptions): Gates {
  /** Scopes with failures that this process has seen: the next success there ends the row. */
  const troubled = new Set<Scope>();
  /** A request that several wait for (a token) fails once, not once for each. */
  const counted = new WeakSet<DeliveryError>();

  /** Gives the probes that are ours, as stored. */
  async function pass(scopes: readonly Scope[]): Promise<Map<Scope, Gate>> {
    const probes = new Map<Scope, Gate>();
    for (;;) {
      const { nowMs, gates } = await readable(store.read(scopes));
      const isMoved = await enter(scopes, gates, nowMs, probes);
      if (!isMoved) return probes;
    }
  }

  /** @returns whether somebody else was faster somewhere, so that all has to be read again. */
  async function enter(
    scopes: readonly Scope[],
    gates: readonly (Gate | undefined)[],
    nowMs: number,
    probes: Map<Scope, Gate>,
  ): Promise<boolean> {
    const meetings = scopes.map((scope, i) => meet(gates[i], scope, { nowMs, chance: random() }, timing));
    const closed = meetings.flatMap((one) =>
      one.kind === 'closed' && !probes.has(one.held.scope) ? [one] : [],
    );
    const longest = closed.sort((a, b) => b.forMs - a.forMs)[0];
    if (longest) throw heldBack(longest.held, longest.forMs);
    for (const [i, scope] of scopes.entries()) {
      const meeting = meetings[i];
      if (gates[i]) troubled.add(scope);
      if (meeting?.kind !== 'probe' || probes.has(scope)) continue;
      if (!(await readable(store.swap(scope, gates[i], meeting.gate)))) return true;
      probes.set(scope, meeting.gate);
    }
    return false;
  }

  /** A probe that came through takes its gate away; any other success ends a row of failures. */
  async function opened(scope: Scope, probe: Gate | undefined): Promise<void> {
    if (probe) await store.swap(scope, probe, undefined);
    else if (troubled.delete(scope)) {
      const [gate] = (await store.read([scope])).gates;
      if (gate && gate.sinceMs === undefined) await store.swap(scope, gate, undefined);
    }
  }

  async function closed({ scope, reason }: Concern, error: DeliveryError): Promise<DeliveryError> {
    const retryAfterMs = error.retry.kind === 'after' ? error.retry.ms : undefined;
    const isNews = !counted.has(error);
    counted.add(error);
    troubled.add(scope);
    for (;;) {
      const { nowMs, gates } = await store.read([scope]);
      const refused = () => refuse(gates[0], reason, { nowMs, chance: random(), retryAfterMs }, timing);
      const after = isNews ? refused() : gates[0];
      if (isNews && !(await store.swap(scope, gates[0], after))) continue;
      const meeting = meet(after, scope, { nowMs, chance: random() }, timing);
      return meeting.kind === 'closed'
        ? error.with({ retry: { kind: 'after', ms: meeting.forMs }, held: meeting.held })
        : error;
    }
  }

  /** Moving gates must not cost the outcome of the work: that is what matters, and is known to nobody else. */
  async function judged(
    error: unknown,
    scopes: readonly Scope[],
    probes: Map<Scope, Gate>,
  ): Promise<unknown> {
    if (!(error instanceof DeliveryError)) return error;
    // What was held further inside, or stopped by us, was not asked: it says nothing, and somebody else may go first.
    if (error.held || error.isOurs) {
      await Promise.all(
        [...probes].map(([scope, probe]) => store.swap(scope, probe, { ...probe, probeUntilMs: 0 })),
      ).catch(onError);
      return error;
    }
    try {
      const { concerns } = error;
      for (const scope of scopes) {
        // Whoever is away answers for nothing else, either.
        if (concerns?.reason === 'away' || concerns?.scope === scope) continue;
        await opened(scope, probes.get(scope));
      }
      return concerns ? await closed(concerns, error) : error;
    } catch (failure) {
      onError(failure);
      return error;
    }
  }

  return {
    async through(scopes, work) {
      const probes = await pass(scopes);
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work();
      } catch (error) {
        throw await judged(error, scopes, probes);
      }
      await Promise.all(scopes.map((scope) => opened(scope, probes.get(scope)))).catch(onError);
      return result;
    },
    async check(scopes) {
      const { nowMs, gates } = await readable(store.read(scopes));
      for (const [i, scope] of scopes.entries()) {
        const meeting = meet(gates[i], scope, { nowMs, chance: random() }, timing);
        if (meeting.kind === 'closed') throw heldBack(meeting.held, meeting.forMs);
      }
    },
  };
}

/** Without the store nothing is asked: what comes of it could not be stored, either. */
async function readable<T>(stored: Promise<T>): Promise<T> {
  try {
    return await stored;
  } catch (cause) {
    throw new DeliveryError({
      retry: { kind: 'later' },
      certain: true,
      code: 'gate-unreadable',
      sentence: 'The bridge could not read its own notes just now. It tries again by itself.',
      cause,
    });
  }
}

/** Nothing was asked; again after `forMs`. */
export function heldBack(held: Held, forMs: number): DeliveryError {
  return new DeliveryError({
    retry: { kind: 'after', ms: forMs },
    certain: true,
    code: held.reason,
    sentence: pauseSentences[held.reason],
    held,
  });
}
