import { type Explored, explore } from './checker/explore.ts';
import { type Finding, tellFinding } from './checker/system.ts';
import { type Walked, walk } from './checker/walk.ts';
import { judgesOf } from './judges/judges.ts';
import { modelOf } from './protocol/model.ts';
import type { Scenario } from './protocol/scenario.ts';
import { atRandom, scenarios } from './scenarios.ts';

/**
 * Plays every scenario of the protocol's model: each at its large bounds, whole, then random ways through what is
 * larger. Prints what was seen, and how it was judged; ends with 1 when something is broken.
 *
 *     npm run model [seed]
 */
const MOST_STATES = 5_000_000;
const WALKS = { runs: 10_000, seed: Number(process.argv[2] ?? 1), mostSteps: 400 };

const count = (value: number): string => value.toLocaleString('en').padStart(10);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function timed<T extends { findings: readonly Finding[] }>(
  { name }: Scenario,
  play: () => T,
  tell: (played: T) => string,
): boolean {
  const startedMs = performance.now();
  const played = play();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0).padStart(5);
  const verdict = played.findings.length === 0 ? 'all hold' : 'BROKEN';
  print(`${name.padEnd(30)}${tell(played)}${seconds} s   ${verdict}`);
  for (const finding of played.findings) print(tellFinding(finding));
  return played.findings.length === 0;
}

const tellExplored = ({ states, transitions, depth, ends, complete }: Explored): string =>
  `${[states, transitions, ends].map(count).join('')}${String(depth).padStart(7)}${complete ? '' : ' (not whole)'}`;
const tellWalked = ({ runs, steps, ends }: Walked): string => [runs, steps, ends].map(count).join('');

print(`${'scenario'.padEnd(30)}    states  transitions    ends  depth`);
const explored = scenarios.map(({ large }) =>
  timed(large, () => explore(modelOf(large), judgesOf(large), { mostStates: MOST_STATES }), tellExplored),
);
print(`\n${`at random, seed ${WALKS.seed}`.padEnd(30)}      runs     steps      ends`);
const walked = atRandom.map((scenario) =>
  timed(scenario, () => walk(modelOf(scenario), judgesOf(scenario), WALKS), tellWalked),
);
const isWhole = [...explored, ...walked].every(Boolean);
print(isWhole ? 'all hold' : 'something is broken');
process.exit(isWhole ? 0 : 1);
