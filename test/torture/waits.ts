import { timing as production, type Timing } from '../../src/bridge/timing.ts';

/**
 * What does not shrink with the rest: a busy machine pauses for as long as ever, and a lock shorter than that is lost
 * for nothing. The first look keeps its distance to the lock.
 */
const LEAST_LOCK_MS = 1_500;
const LEAST_LOOK_MS = 800;
const LEAST_BETWEEN_LOOKS_MS = 500;
/** Salesforce stores as late as ever. */
const LEAST_OVERLAP_MS = 30_000;
const LEAST_SEND_MS = 6_000;
const PRODUCTION_SEND_MS = 10_000;
/** Faults are some hundred times as frequent here as in life, and so are the looks that they cost. */
const MORE_READS = 100;

export interface Waits {
  timing: Timing;
  /** For one request to Salesforce. */
  sendMs: number;
  /** After a loss nothing is looked for any more before it is posted again. */
  lastLookMs: { broken: number; silent: number };
}

/** Production's waits, each divided by `scale` and none below what a busy machine needs. */
export function waitsFor(scale: number, leastSendMs = LEAST_SEND_MS): Waits {
  const shrunk = (ms: number, least = 0): number => Math.max(Math.round(ms / scale), scale === 1 ? 0 : least);
  const looks = (all: readonly number[]): number[] =>
    all.map((ms, i) => shrunk(ms, LEAST_LOOK_MS + i * LEAST_BETWEEN_LOOKS_MS));
  const sendMs = shrunk(PRODUCTION_SEND_MS, leastSendMs);
  /**
   * As in production: what a worker that died was sending can be stored until its time is over, and whoever took over
   * looks once more after that.
   */
  const broken = [...looks(production.lookAfterMs.broken).slice(0, -1), sendMs + LEAST_LOOK_MS];
  const { lookAfterMs, slowLookMs, backOffMs, watchEveryMs, gates, reads, reading } = production;
  const timing: Timing = {
    lockMs: shrunk(production.lockMs, LEAST_LOCK_MS),
    stalledCheckMs: shrunk(production.stalledCheckMs, LEAST_LOCK_MS / 5),
    parkMs: shrunk(production.parkMs),
    // People type and Slack delivers as fast as ever.
    gatherMs: production.gatherMs,
    quietMs: shrunk(production.quietMs),
    lookAfterMs: { broken: scale === 1 ? lookAfterMs.broken : broken, silent: looks(lookAfterMs.silent) },
    watchEveryMs: watchEveryMs.map((ms) => shrunk(ms)),
    slowLookMs: {
      first: shrunk(slowLookMs.first),
      most: shrunk(slowLookMs.most),
      forMs: shrunk(slowLookMs.forMs),
    },
    backOffMs: { first: shrunk(backOffMs.first), most: shrunk(backOffMs.most) },
    giveUpMs: shrunk(production.giveUpMs),
    holdMs: shrunk(production.holdMs),
    // It is by its mark that the judge knows that a writer was told.
    markMs: production.giveUpMs,
    mostPosts: production.mostPosts,
    gates: {
      limitMs: { first: shrunk(gates.limitMs.first), most: shrunk(gates.limitMs.most) },
      awayMs: { first: shrunk(gates.awayMs.first), most: shrunk(gates.awayMs.most) },
      awayFailures: gates.awayFailures,
      probeMs: shrunk(gates.probeMs),
      probeLookMs: shrunk(gates.probeLookMs),
      spreadMs: shrunk(gates.spreadMs),
      tellAfterMs: shrunk(gates.tellAfterMs),
    },
    reads: {
      mostInWindow: reads.mostInWindow * MORE_READS,
      reserve: reads.reserve * MORE_READS,
      windowMs: shrunk(reads.windowMs),
      shareMs: shrunk(reads.shareMs),
    },
    reading: {
      pollMs: shrunk(reading.pollMs),
      quickForMs: shrunk(reading.quickForMs),
      slowestMs: shrunk(reading.slowestMs),
      leaseMs: shrunk(reading.leaseMs, LEAST_LOCK_MS),
      // Else it would hold several pages here.
      overlapMs: shrunk(reading.overlapMs, LEAST_OVERLAP_MS),
      lookEveryMs: shrunk(reading.lookEveryMs),
      heldMs: { first: shrunk(reading.heldMs.first), most: shrunk(reading.heldMs.most) },
      lateMs: reading.lateMs,
    },
  };
  const last = (all: readonly number[]): number => all.at(-1) ?? 0;
  return {
    timing,
    sendMs,
    lastLookMs: { broken: last(timing.lookAfterMs.broken), silent: last(timing.lookAfterMs.silent) },
  };
}
