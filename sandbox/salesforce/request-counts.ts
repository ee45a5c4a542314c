const hourMs = 3_600_000;

/** Counts requests for the two limits: Chatter's per user and hour, the org's per day. */
export class RequestCounts {
  readonly #chatterTimes = new Map<string, number[]>();
  /** Used of the org's 24-hour allocation (`DailyApiRequests`); starts again with `clear`. */
  daily = 0;

  /** Chatter requests of this user within the last hour, this one included. */
  countChatter(userId: string, now: number): number {
    const recent = (this.#chatterTimes.get(userId) ?? []).filter((time) => time > now - hourMs);
    recent.push(now);
    this.#chatterTimes.set(userId, recent);
    return recent.length;
  }

  clear(): void {
    this.#chatterTimes.clear();
    this.daily = 0;
  }
}
