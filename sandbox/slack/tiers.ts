/** Calls a minute by tier; Slack promises a few more at times (Slack docs, "Rate limits"). */
const A_MINUTE = { T2: 20, T3: 50, T4: 100 } as const;

/** The tiers of the method pages; methods that are not here are not limited. */
const TIERS: Readonly<Record<string, keyof typeof A_MINUTE>> = {
  'conversations.info': 'T3',
  'conversations.members': 'T4',
  'conversations.open': 'T3',
  'usergroups.list': 'T2',
  'usergroups.users.list': 'T2',
  'users.info': 'T4',
  'users.list': 'T2',
  'users.lookupByEmail': 'T3',
};

const MINUTE_MS = 60_000;

/** Counts calls by method, as Slack does for each app and workspace. */
export class Tiers {
  readonly #now: () => number;
  readonly #calls = new Map<string, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a call. Gives how long its caller has to wait instead when there were too many in the last minute. */
  refusal(method: string): { kind: 'rate-limited'; retryAfterSeconds: number } | undefined {
    const tier = TIERS[method];
    if (tier === undefined) return undefined;
    const nowMs = this.#now();
    const recent = (this.#calls.get(method) ?? []).filter((atMs) => atMs > nowMs - MINUTE_MS);
    this.#calls.set(method, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= A_MINUTE[tier]) {
      return { kind: 'rate-limited', retryAfterSeconds: Math.ceil((oldest + MINUTE_MS - nowMs) / 1_000) };
    }
    recent.push(nowMs);
    return undefined;
  }
}
