import type { Concern, Held } from './gate.ts';

/** When the same thing may be tried again. */
export type Retry = { kind: 'never' } | { kind: 'later' } | { kind: 'after'; ms: number };

/** What a message can wait for while its lane waits with it (for at most `HOLD_MINUTES`). `key`: its text's own. */
export type WaitsFor = 'token' | 'consent' | 'key';

export interface DeliveryErrorDetail {
  retry: Retry;
  /** True: the target certainly did not do it. False: it may have, so it is looked for before any resend. */
  certain: boolean;
  /**
   * How a not certain one was lost: `silent` when no byte came back before the time-out (the target may
   * still be at work), `broken` when the connection was reset or something other than a proper refusal answered.
   */
  lost?: 'silent' | 'broken';
  /** Short stable name for logs and counters, e.g. `recipient-inactive`. Never holds text or secrets. */
  code: string;
  /** What the sender reads: what happened and what they can do. */
  sentence: string;
  waitsFor?: WaitsFor;
  /** What else is refused by the same: a person's requests, the org, a channel. Absent: only this. */
  concerns?: Concern;
  /** The gate that it waits for (see Gates): closed before anything was asked, or by this refusal. */
  held?: Held;
  /** The bridge stopped by itself before anything was asked: it says nothing about the target. */
  isOurs?: true;
  cause?: unknown;
}

/**
 * The one error that crosses an edge. Made once, where a platform's answer is understood; nobody matches on
 * its words later: `retry`, `certain` and `lost` say what to do.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly retry: Retry;
  readonly certain: boolean;
  readonly lost: 'silent' | 'broken' | undefined;
  readonly code: string;
  readonly sentence: string;
  readonly waitsFor: WaitsFor | undefined;
  readonly concerns: Concern | undefined;
  readonly held: Held | undefined;
  readonly isOurs: boolean;

  constructor(detail: DeliveryErrorDetail) {
    super(detail.code, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.retry = detail.retry;
    this.certain = detail.certain;
    this.lost = detail.certain ? undefined : (detail.lost ?? 'broken');
    this.code = detail.code;
    this.sentence = detail.sentence;
    this.waitsFor = detail.waitsFor;
    this.concerns = detail.concerns;
    this.held = detail.held;
    this.isOurs = detail.isOurs ?? false;
  }

  /** The same with other details. */
  with(change: Partial<DeliveryErrorDetail>): DeliveryError {
    const { retry, certain, lost, code, sentence, waitsFor, concerns, held, isOurs, cause } = this;
    return new DeliveryError({
      retry,
      certain,
      code,
      sentence,
      cause,
      ...(lost && { lost }),
      ...(waitsFor && { waitsFor }),
      ...(concerns && { concerns }),
      ...(held && { held }),
      ...(isOurs && { isOurs }),
      ...change,
    });
  }
}

/** A certain no that will not change by itself. */
export function refusedForGood(code: string, sentence: string, cause?: unknown): DeliveryError {
  return new DeliveryError({ retry: { kind: 'never' }, certain: true, code, sentence, cause });
}
