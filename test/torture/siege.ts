import { openArena } from './arena.ts';
import { PEOPLE } from './company.ts';
import { armFaults } from './fault-plan.ts';
import { historyOf } from './history.ts';
import { judge } from './judge.ts';
import { loadOf } from './load.ts';
import type { Program } from './program.ts';
import { settled } from './settled.ts';
import type { StageReport } from './stage.ts';
import { TORMENTS, type Torment } from './torment.ts';
import { waitsFor } from './waits.ts';

export interface SiegeOptions {
  program: Program;
  logFile: string;
  seed: number;
  /** For each torment. */
  messages: number;
  timeScale: number;
  perSecond: number;
  /** All of them unless said. */
  torments?: readonly Torment[];
}

const FAULT_RATE = 0.3;
const PATIENCE_MS = 90_000;

/** Redis is made to suffer, in one way after another, while people write. */
export async function siege(o: SiegeOptions): Promise<StageReport> {
  const reports: StageReport[] = [];
  for (const torment of o.torments ?? TORMENTS) reports.push(await underTorment(o, torment));
  return {
    name: 'redis',
    verdicts: reports.flatMap(({ verdicts }) => verdicts),
    failures: reports.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`)),
    histories: reports.flatMap(({ histories }) => histories),
    faults: new Map(reports.map(({ name, kills }) => [name, kills.get('Redis') ?? 0])),
    kills: new Map(),
    figures: reports.flatMap(({ figures }) => figures),
  };
}

async function underTorment(o: SiegeOptions, torment: Torment): Promise<StageReport> {
  const waits = waitsFor(o.timeScale);
  const arena = await openArena({
    ...o,
    waits,
    workers: 2,
    webs: 2,
    ...(torment.redis && { redis: torment.redis }),
  });
  try {
    const plan = armFaults({ ...arena, seed: o.seed, rate: FAULT_RATE });
    const lengthMs = (o.messages / o.perSecond) * 1_000;
    const half = (firstId: number) =>
      arena.writer.write(
        loadOf({
          seed: o.seed + firstId,
          messages: Math.ceil(o.messages / 2),
          people: PEOPLE,
          firstId,
          lanes: 25,
        }),
        { perSecond: o.perSecond, mostOpen: 300 },
      );
    const [, times] = await Promise.all([half(0), torment.during(arena, lengthMs / 2)]);
    plan.end();
    await settled(arena.ledger, PATIENCE_MS);
    await torment.afterwards?.(arena);
    await half(10_000);
    const hasSettled = await settled(arena.ledger, PATIENCE_MS);
    const open = arena.ledger.open.size;
    const verdict = judge(arena.ledger.stories.values(), { expectShown: false });
    const forgotten = verdict.counted.get('forgotten by Redis') ?? 0;
    const refused = verdict.counted.get('refused at once') ?? 0;
    return {
      name: torment.name,
      verdicts: [verdict],
      // What Redis was made to forget stays open for ever.
      failures: [
        ...(hasSettled || open <= forgotten ? [] : [`${open} messages never settled`]),
        ...(torment.shows && !verdict.counted.get(torment.shows) ? [`nothing was ${torment.shows}`] : []),
        ...(forgotten > 0 && !torment.mayForget ? [`${forgotten} were forgotten`] : []),
      ],
      histories: verdict.findings.slice(0, 3).flatMap(({ id, lane }) => historyOf(arena.ledger, lane, id)),
      faults: plan.counts,
      kills: new Map([['Redis', times]]),
      figures: [
        `${torment.name.padEnd(28)} ${verdict.messages} messages, ${refused} refused at once, ${forgotten} acknowledged and forgotten${torment.mayForget ? '' : ' (none may be)'}`,
      ],
    };
  } finally {
    await arena.close();
  }
}
