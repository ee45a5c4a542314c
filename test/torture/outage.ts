import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from './arena.ts';
import { PEOPLE } from './company.ts';
import { historyOf } from './history.ts';
import { judge } from './judge.ts';
import { loadOf } from './load.ts';
import type { Program } from './program.ts';
import { settled } from './settled.ts';
import type { StageReport } from './stage.ts';
import { waitsFor } from './waits.ts';

export interface OutageOptions {
  program: Program;
  logFile: string;
  seed: number;
  /** How many are written while Salesforce is away. */
  messages: number;
  timeScale: number;
  perSecond: number;
}

/** As long as an outage in the small hours: two hours, scaled. */
const OUTAGE_MS = 2 * 60 * 60 * 1_000;
const LEAST_OUTAGE_MS = 30_000;
const MOST_OUTAGE_MS = 90_000;
const PATIENCE_MS = 60_000;
/** In the recovery no more requests in any second than this many times what the same load asks for in peace. */
const STAMPEDE = 3;

/**
 * Salesforce answers everything with its maintenance page while people write on. Then it comes back: all goes in order,
 * and its busiest second is compared with the busiest one of the same load before the outage.
 */
export async function outage(o: OutageOptions): Promise<StageReport> {
  const arena = await openArena({ ...o, waits: waitsFor(o.timeScale), workers: 3, webs: 2 });
  const { salesforce, writer, ledger } = arena;
  try {
    const pace = { perSecond: o.perSecond, mostOpen: Number.POSITIVE_INFINITY };
    const peace = Math.ceil(o.messages / 4);
    await writer.write(loadOf({ seed: o.seed, messages: peace, people: PEOPLE, lanes: 80 }), pace);
    await settled(ledger, PATIENCE_MS);
    const steady = busiest(salesforce.requests.map(({ at }) => at));
    const awayMs = Math.min(Math.max(OUTAGE_MS / o.timeScale, LEAST_OUTAGE_MS), MOST_OUTAGE_MS);
    const startMs = performance.now();
    const fault = salesforce.faults.arm({ do: 'status', answer: '503-page', probability: 1 });
    const during = loadOf({ seed: o.seed, messages: o.messages, people: PEOPLE, lanes: 80, firstId: 20_000 });
    // Threads were opened in peace by other lanes of the same people: here everybody types commands.
    await writer.write(
      during.map(({ lane, acts }) => ({
        lane,
        acts: acts.map((act) => ({ ...act, kind: 'command' as const })),
      })),
      pace,
    );
    await pause(Math.max(awayMs - (performance.now() - startMs), 0));
    const waiting = ledger.open.size;
    const backMs = Date.now();
    salesforce.faults.clear(fault);
    const hasSettled = await settled(ledger, PATIENCE_MS + arena.waits.timing.backOffMs.most);
    const drainedMs = Date.now() - backMs;
    const after = salesforce.requests.map(({ at }) => at).filter((at) => at >= backMs);
    const peak = busiest(after);
    const uncertain = [...ledger.stories.values()].filter(({ told }) => told.has('not-confirmed')).length;
    const verdict = judge(ledger.stories.values(), { expectShown: false });
    return {
      name: 'outage',
      verdicts: [verdict],
      failures: [
        // Nothing is called uncertain because nobody could look.
        ...(uncertain === 0 ? [] : [`${uncertain} were called uncertain`]),
        ...(waiting > 0 ? [] : ['nothing waited']),
        ...(hasSettled ? [] : [`${ledger.open.size} messages never settled`]),
        ...(peak <= steady * STAMPEDE
          ? []
          : [`a stampede: ${peak} requests in one second, ${steady} in peace`]),
      ],
      histories: verdict.findings.slice(0, 3).flatMap(({ id, lane }) => historyOf(ledger, lane, id)),
      faults: new Map(),
      kills: new Map(),
      figures: [
        `waiting when Salesforce came back: ${waiting}, after ${(awayMs / 1_000).toFixed(0)} s`,
        `all delivered ${(drainedMs / 1_000).toFixed(1)} s later`,
        `busiest second: ${peak} requests in the recovery, ${steady} in peace`,
      ],
    };
  } finally {
    await arena.close();
  }
}

/** Most of these moments in any one second. */
function busiest(moments: readonly number[]): number {
  const perSecond = new Map<number, number>();
  for (const at of moments) {
    const second = Math.floor(at / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...perSecond.values());
}
