/** One call a minute, for 15 messages at the most (Slack docs, "Rate limits", for apps distributed outside the Marketplace). */
export const DISTRIBUTED = { everyMs: 60_000, items: 15 } as const;

/** When a method may be called again, where Slack limits that to one call in a while. */
export class RateLimits {
  readonly #now: () => number;
  readonly #lastMs = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a call. @returns how long its caller has to wait, in whole seconds; 0 lets it pass. */
  take(method: string, everyMs: number): number {
    const now = this.#now();
    const lastMs = this.#lastMs.get(method);
    const waitMs = lastMs === undefined ? 0 : lastMs + everyMs - now;
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    this.#lastMs.set(method, now);
    return 0;
  }
}
