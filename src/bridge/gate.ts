import { backOffMs } from './back-off.ts';
import type { Scope } from './people.ts';
import type { Timing } from './timing.ts';

/**
 * Why nothing is asked for a while.
 * person-limit  Salesforce's hourly limit of one person
 * bridge-limit  the same of the bridge's own user, who writes in mirrored threads
 * org-limit     Salesforce's daily limit of the company
 * org-busy      too many slow requests at once; over in seconds
 * away          Salesforce does not answer properly
 * chat-limit    the chat platform asked to wait
 * reads-spent   our own budget of readings of one person (ReadBudget)
 */
export type PauseReason =
  | 'person-limit'
  | 'bridge-limit'
  | 'org-limit'
  | 'org-busy'
  | 'away'
  | 'chat-limit'
  | 'reads-spent';

/** What a refusal means for others: nothing of that scope is to be asked. Said by the edge that understood the answer. */
export interface Concern {
  scope: Scope;
  reason: PauseReason;
}

/** A gate as it is stored. One that is open and has nothing to count is not stored at all. */
export interface Gate {
  v: 1;
  reason: PauseReason;
  /** Failures in a row while it is open. */
  failures: number;
  /** How often in a row it was closed. */
  closings: number;
  /** Since when it is closed, probes that failed included; names this closing. Absent: it is open. */
  sinceMs?: number;
  untilMs: number;
  /** One has been let through to try; the others wait until it is known what came of it, or for this long. */
  probeUntilMs: number;
}

/** A gate that kept something back, as told to whoever waits. */
export interface Held {
  scope: Scope;
  reason: PauseReason;
  sinceMs: number;
  /** When it is tried next. */
  untilMs: number;
  /** Closed for so long that people are told. */
  isLong: boolean;
}

/** `probe`: go first, once `gate` is stored. `closed`: come again after that long. */
export type Meeting =
  | { kind: 'open' }
  | { kind: 'probe'; gate: Gate }
  | { kind: 'closed'; forMs: number; held: Held };

/** Somebody wants to ask. @param chance 0 to 1: spreads those who wait. */
export function meet(
  gate: Gate | undefined,
  scope: Scope,
  at: { nowMs: number; chance: number },
  timing: Timing['gates'],
): Meeting {
  if (gate?.sinceMs === undefined) return { kind: 'open' };
  const { nowMs, chance } = at;
  const isTried = gate.untilMs <= nowMs;
  if (isTried && gate.probeUntilMs <= nowMs) {
    return { kind: 'probe', gate: { ...gate, probeUntilMs: nowMs + timing.probeMs } };
  }
  // The longer it was closed, the more wait: they come one by one, not all in one moment.
  const spreadMs = Math.min((gate.untilMs - gate.sinceMs) / 4, timing.spreadMs);
  const leftMs = isTried ? Math.min(gate.probeUntilMs - nowMs, timing.probeLookMs) : gate.untilMs - nowMs;
  const isLong = !isTried && gate.untilMs - gate.sinceMs >= timing.tellAfterMs;
  const { reason, sinceMs, untilMs } = gate;
  return {
    kind: 'closed',
    forMs: Math.ceil(leftMs + chance * spreadMs),
    held: { scope, reason, sinceMs, untilMs, isLong },
  };
}

/**
 * The gate after a refusal. A target that is away closes it only after several failures without a success between; what
 * the target itself calls a limit, or names a time for, does so at once.
 */
export function refuse(
  gate: Gate | undefined,
  reason: PauseReason,
  at: { nowMs: number; chance: number; retryAfterMs: number | undefined },
  timing: Timing['gates'],
): Gate {
  const { nowMs, chance, retryAfterMs } = at;
  const known: Gate = gate ?? { v: 1, reason, failures: 0, closings: 0, untilMs: 0, probeUntilMs: 0 };
  // One of several that were under way when it closed: no news, unless it names a later time.
  if (known.sinceMs !== undefined && known.untilMs > nowMs) {
    return { ...known, untilMs: Math.max(known.untilMs, nowMs + (retryAfterMs ?? 0)) };
  }
  const failures = known.failures + 1;
  const isOpen = known.sinceMs === undefined;
  const isNamed = retryAfterMs !== undefined;
  if (isOpen && reason === 'away' && failures < timing.awayFailures && !isNamed) {
    return { ...known, reason, failures };
  }
  const isLimit = reason !== 'away' && reason !== 'org-busy';
  const forMs = retryAfterMs ?? backOffMs(known.closings, chance, isLimit ? timing.limitMs : timing.awayMs);
  return {
    ...known,
    reason,
    failures,
    closings: known.closings + 1,
    sinceMs: known.sinceMs ?? nowMs,
    untilMs: Math.ceil(nowMs + forMs),
    probeUntilMs: 0,
  };
}

/** What is said of a message that has waited for too long. */
export const pauseSentences: Readonly<Record<PauseReason, string>> = {
  'person-limit': 'Salesforce takes no more Chatter requests for your Salesforce user at the moment.',
  'bridge-limit': 'Salesforce takes no more Chatter requests for the bridge’s own user at the moment.',
  'org-limit': "Your company's Salesforce requests are used up at the moment.",
  'org-busy': 'Salesforce is answering too many slow requests of your company.',
  away: 'Salesforce gives no proper answer at the moment.',
  'chat-limit': 'The chat platform asked the bridge to wait.',
  'reads-spent':
    'The bridge has looked whether earlier messages have arrived as often as Salesforce allows in an hour, and must look before it sends.',
};
