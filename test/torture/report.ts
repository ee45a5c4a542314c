import { quantile } from '../../bench/figure.ts';
import type { Counted, Failing, Verdict } from './judge.ts';
import type { StageReport } from './stage.ts';

const FAILINGS: readonly Failing[] = [
  'lost',
  'doubled',
  'out of order',
  'refused yet arrived',
  'failed',
  'not said',
  'shown twice',
  'not shown',
];
const COUNTED: readonly Counted[] = [
  'uncertain',
  'sent after all',
  'arrived twice',
  'late, with its time',
  'taken for typed by hand',
  'forgotten by Redis',
  'shown twice after a standstill',
  'refused at once',
  'not acknowledged',
];
const MOST_FINDINGS = 20;
const MOST_HISTORY = 60;

const numbers = new Intl.NumberFormat('en');

export const isClean = (report: StageReport): boolean =>
  report.failures.length === 0 && report.verdicts.every(({ findings }) => findings.length === 0);

/** Everything about one stage, a line each. */
export function linesOf(report: StageReport): string[] {
  const { verdicts, failures, faults, kills, figures } = report;
  const failed = (what: Failing): number => failingsOf(verdicts, what);
  const lines = [
    `${report.name}: ${isClean(report) ? 'as promised' : 'FAILED'}`,
    row('messages', messagesOf(verdicts)),
    ...FAILINGS.filter((what) => FAILINGS.indexOf(what) < 3 || failed(what) > 0).map((what) =>
      row(what, failed(what)),
    ),
    ...COUNTED.map((what) => [what, countedOf(verdicts, what)] as const)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => row(what, count)),
    ...table('faults', faults),
    ...table('kills', kills),
    ...figures.map((figure) => `  ${figure}`),
    ...failures.map((failure) => `  FAILED: ${failure}`),
    ...verdicts
      .flatMap(({ findings }) => findings)
      .slice(0, MOST_FINDINGS)
      .map(({ what, id, lane, why }) => `  FAILED: ${what}: ${id} in ${lane}: ${why}`),
    ...report.histories.slice(0, MOST_HISTORY).map((line) => `    ${line}`),
  ];
  return lines;
}

/** The last line: all of it in one. */
export function summary(reports: readonly StageReport[], seed: number): string {
  const verdicts = reports.flatMap((report) => report.verdicts);
  const kills = reports
    .flatMap((report) => [...report.kills.values()])
    .reduce((sum, count) => sum + count, 0);
  const takeOver = reports.flatMap(({ takeOverMs = [] }) => takeOverMs);
  const told = (what: Counted, words: string): string =>
    `${numbers.format(countedOf(verdicts, what))} ${words}`;
  return [
    `torture: seed ${seed}: ${numbers.format(messagesOf(verdicts))} messages, ${failingsOf(verdicts, 'lost')} lost, ${failingsOf(verdicts, 'doubled')} doubled, ${failingsOf(verdicts, 'out of order')} out of order`,
    `${told('uncertain', 'uncertain')}, ${told('arrived twice', 'arrived twice')}, ${told('late, with its time', 'late')}, each said`,
    `${numbers.format(kills)} kills`,
    ...(takeOver.length > 0 ? [`take-over ${(quantile(takeOver, 0.5) / 1_000).toFixed(1)} s`] : []),
    reports.every(isClean) ? 'passed' : 'FAILED',
  ].join('; ');
}

const messagesOf = (verdicts: readonly Verdict[]): number =>
  verdicts.reduce((sum, { messages }) => sum + messages, 0);

const failingsOf = (verdicts: readonly Verdict[], what: Failing): number =>
  verdicts.flatMap(({ findings }) => findings).filter((finding) => finding.what === what).length;

const countedOf = (verdicts: readonly Verdict[], what: Counted): number =>
  verdicts.reduce((sum, { counted }) => sum + (counted.get(what) ?? 0), 0);

const row = (what: string, count: number): string =>
  `  ${what.padEnd(44)} ${numbers.format(count).padStart(7)}`;

function table(title: string, counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    row(title, total),
    ...[...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, count]) => `  ${row(what, count)}`),
  ];
}
