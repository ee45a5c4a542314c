/** An estimate of Salesforce's clock that errs early, as a baseline that is too late would hide our own message. */
export interface ServerClock {
  heardDate(date: string | undefined): void;
  nowMs(): number | undefined;
}

/** As many answers as are remembered: enough to meet the slowest of a few servers behind one address. */
const rememberedAnswers = 16;

/**
 * A Date header is cut to the full second and was written before we read it, so each answer gives a lower bound,
 * up to a second and a journey early. The lowest of the last answers counts: not all servers behind one address
 * agree, and the one that will stamp our message may be behind.
 */
export function createServerClock(now: () => number): ServerClock {
  const aheadMs: number[] = [];
  return {
    heardDate(date) {
      const serverMs = Date.parse(date ?? '');
      if (Number.isNaN(serverMs)) return;
      aheadMs.push(serverMs - now());
      if (aheadMs.length > rememberedAnswers) aheadMs.shift();
    },
    nowMs: () => (aheadMs.length === 0 ? undefined : now() + Math.min(...aheadMs)),
  };
}
