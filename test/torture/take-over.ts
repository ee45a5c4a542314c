import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../../bench/figure.ts';
import { type Arena, openArena } from './arena.ts';
import { judge } from './judge.ts';
import { deliveryLines } from './log-lines.ts';
import { Occasions } from './occasion.ts';
import type { Program } from './program.ts';
import { settled, until } from './settled.ts';
import type { StageReport } from './stage.ts';
import { waitsFor } from './waits.ts';

const KILLS = 20;
/** What is promised of the median. */
const TAKE_OVER_BOUND_MS = 6_000;
/** Longer than any take-over: the answer that the killed worker waited for. */
const SILENCE_MS = 120_000;
const PATIENCE_MS = 40_000;

interface Round {
  id: string;
  stored: boolean;
  killedAtMs: number;
  pid: number;
}

/**
 * With production's waits: the worker that owns a lane is killed while it waits for Salesforce's answer, by turns after
 * and without the message being stored. Measured from the kill by the log: until another worker owns the delivery, and
 * until its outcome is known.
 */
export async function takeOver(o: {
  program: Program;
  logFile: string;
  kills?: number;
}): Promise<StageReport> {
  const waits = waitsFor(1);
  const arena = await openArena({ ...o, waits, workers: 3, webs: 1 });
  try {
    const occasions = new Occasions(arena);
    const lane = occasions.freshLane();
    await occasions.type(lane);
    await settled(arena.ledger, PATIENCE_MS);
    const rounds: Round[] = [];
    for (let i = 0; i < (o.kills ?? KILLS); i += 1)
      rounds.push(await killOwner(arena, occasions, i % 2 === 0));
    await settled(arena.ledger, PATIENCE_MS);
    await pause(1_000);
    return reportOf(arena, rounds);
  } finally {
    await arena.close();
  }
}

async function killOwner(arena: Arena, occasions: Occasions, stored: boolean): Promise<Round> {
  const { salesforce, fleet, ledger, logFile } = arena;
  // What an earlier round has left behind is posted again meanwhile.
  const text = occasions.upcomingId;
  salesforce.faults.arm(
    stored
      ? { do: 'hang-headers', kind: 'post', text }
      : { do: 'hang', afterMs: SILENCE_MS, commit: false, kind: 'post', text },
  );
  const id = await occasions.type(occasions.freshLane());
  const delivery = ledger.story(id).written[0]?.delivery ?? '';
  await until(() => salesforce.faults.active().length === 0, PATIENCE_MS);
  const begun = deliveryLines(logFile).findLast(
    (line) => line.delivery === delivery && line.phase === 'begun',
  );
  const owner = fleet.of('worker').find(({ pid }) => pid === begun?.pid);
  if (!owner) throw new Error('nobody owns the lane');
  const killedAtMs = Date.now();
  fleet.signal(owner, 'SIGKILL');
  const round = { id, stored, killedAtMs, pid: owner.pid };
  await until(() => takenOverAtMs(arena, round) !== undefined, PATIENCE_MS);
  return round;
}

const linesAfter = ({ ledger, logFile }: Arena, { id, pid, killedAtMs }: Round) => {
  const delivery = ledger.story(id).written[0]?.delivery;
  return deliveryLines(logFile).filter(
    (line) => line.delivery === delivery && line.pid !== pid && line.time >= killedAtMs,
  );
};

const takenOverAtMs = (arena: Arena, round: Round): number | undefined => linesAfter(arena, round)[0]?.time;

function reportOf(arena: Arena, rounds: readonly Round[]): StageReport {
  const since = (round: Round, atMs: number | undefined) =>
    (atMs ?? Number.POSITIVE_INFINITY) - round.killedAtMs;
  const takeOverMs = rounds.map((round) => since(round, takenOverAtMs(arena, round)));
  const resolvedMs = (stored: boolean) =>
    rounds
      .filter((round) => round.stored === stored)
      .map((round) => since(round, linesAfter(arena, round).find(({ phase }) => phase === 'sent')?.time));
  const median = quantile(takeOverMs, 0.5);
  const verdict = judge(arena.ledger.stories.values(), { expectShown: false });
  return {
    name: 'take-over',
    verdicts: [verdict],
    failures:
      median < TAKE_OVER_BOUND_MS ? [] : [`take-over took ${(median / 1_000).toFixed(1)} s at the median`],
    histories: [],
    faults: new Map(),
    kills: new Map([['while it waits for Salesforce', rounds.length]]),
    figures: [
      spread('until another worker owns it', takeOverMs),
      spread('until its outcome is known, when it was stored', resolvedMs(true)),
      spread('until its outcome is known, when it was not', resolvedMs(false)),
    ],
    takeOverMs,
  };
}

/** `until another worker owns it   3.6 s at the median, 2.9 to 4.4 s, of 20` */
function spread(what: string, valuesMs: readonly number[]): string {
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const [median, least, most] = [quantile(valuesMs, 0.5), Math.min(...valuesMs), Math.max(...valuesMs)];
  return `${what.padEnd(48)} ${seconds(median)} s at the median, ${seconds(least)} to ${seconds(most)} s, of ${valuesMs.length}`;
}
