import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../../bench/figure.ts';
import { type Arena, openArena } from './arena.ts';
import { PEOPLE, type Person } from './company.ts';
import { judge } from './judge.ts';
import type { Lane } from './load.ts';
import { actFor } from './load.ts';
import type { Program } from './program.ts';
import { settled, until } from './settled.ts';
import type { StageReport } from './stage.ts';
import { waitsFor } from './waits.ts';

export interface FairnessOptions {
  program: Program;
  logFile: string;
  /** How many the noisy person sends. */
  noise: number;
  timeScale: number;
}

const QUIET_PEOPLE = 10;
const QUIET_ROUNDS = 12;
const ROUND_MS = 1_000;
/** The noisy person's messages on their way to the web at once. */
const NOISE_AT_ONCE = 12;
const PATIENCE_MS = 60_000;
/** Times what the quiet ones wait without noise, and a second beside: the machine is shared. */
const BOUND = { times: 5, plusMs: 1_000 };

const [NOISY, ...OTHERS] = PEOPLE as [Person, ...Person[]];
const quietLanes = OTHERS.slice(0, QUIET_PEOPLE).map(
  (author, i): Lane => ({
    name: `quiet-${i}`,
    author,
    recipients: [OTHERS[(i + 11) % OTHERS.length] as Person],
    byEmail: false,
  }),
);
const toOne: readonly Lane[] = [
  { name: 'noisy', author: NOISY, recipients: OTHERS.slice(0, 1), byEmail: false },
];
const toMany: readonly Lane[] = OTHERS.slice(1).map((recipient, i) => ({
  name: `noisy-${i}`,
  author: NOISY,
  recipients: [recipient],
  byEmail: false,
}));

/** One person sends thousands, to one set of people and spread over many, while ten quiet ones write now and then. */
export async function fairness(o: FairnessOptions): Promise<StageReport> {
  const reports = [
    await waitsUnder(o, 'in peace', undefined),
    await waitsUnder(o, 'noise in one lane', toOne),
    await waitsUnder(o, 'noise in many lanes', toMany),
  ];
  const [peace] = reports;
  const bound = (peace?.p99 ?? 0) * BOUND.times + BOUND.plusMs;
  return {
    name: 'fairness',
    verdicts: reports.map(({ verdict }) => verdict),
    failures: reports
      .filter(({ p99 }) => p99 > bound)
      .map(({ name, p99 }) => `${name}: quiet ones wait ${p99.toFixed(0)} ms, ${bound.toFixed(0)} at most`),
    histories: [],
    faults: new Map(),
    kills: new Map(),
    figures: reports.map(
      ({ name, p50, p99, count }) =>
        `${name.padEnd(22)} quiet ones wait ${p50.toFixed(0)} ms at the median, ${p99.toFixed(0)} ms at p99, of ${count}`,
    ),
  };
}

async function waitsUnder(o: FairnessOptions, name: string, noisy: readonly Lane[] | undefined) {
  const arena = await openArena({ ...o, waits: waitsFor(o.timeScale), workers: 2, webs: 2 });
  try {
    let next = 0;
    const type = (lane: Lane) => arena.writer.command(lane, actFor(next++));
    // People and tokens are known from here on.
    await Promise.all(quietLanes.map(type));
    await settled(arena.ledger, PATIENCE_MS);
    const quietFrom = next;
    const isQuiet = new Set<number>();
    let isNoisy = noisy !== undefined;
    const noise = Promise.all(
      Array.from({ length: noisy ? NOISE_AT_ONCE : 0 }, async (_, i) => {
        for (let n = i; n < o.noise; n += NOISE_AT_ONCE) await type(noisy?.[n % noisy.length] as Lane);
      }),
    ).finally(() => {
      isNoisy = false;
    });
    // Also while what was sent waits.
    const mostOpen = quietLanes.length * 3;
    for (let round = 0; round < QUIET_ROUNDS || isNoisy || arena.ledger.open.size > mostOpen; round += 1) {
      for (const lane of quietLanes) {
        isQuiet.add(next);
        void type(lane);
        await pause(ROUND_MS / quietLanes.length);
      }
    }
    const quietIds = [...isQuiet].filter((n) => n >= quietFrom).map((n) => actFor(n).id);
    await until(() => !quietIds.some((id) => arena.ledger.open.has(id)), PATIENCE_MS);
    await noise;
    await settled(arena.ledger, PATIENCE_MS);
    const waited = quietIds.flatMap((id) => waitOf(arena, id));
    return {
      name,
      verdict: judge(arena.ledger.stories.values(), { expectShown: false }),
      p50: quantile(waited, 0.5),
      p99: quantile(waited, 0.99),
      count: waited.length,
    };
  } finally {
    await arena.close();
  }
}

/** From acknowledged to stored by Salesforce. */
function waitOf({ ledger }: Arena, id: string): number[] {
  const { written, arrivals } = ledger.story(id);
  const [arrival] = arrivals;
  const ackMs = written[0]?.ackMs;
  return arrival && ackMs !== undefined ? [Math.max(arrival.atMs - ackMs, 0)] : [];
}
