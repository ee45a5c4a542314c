import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOptions, USAGE } from './options.ts';
import { buildProgram, DATA } from './program.ts';
import { isClean, linesOf, summary } from './report.ts';
import type { StageReport } from './stage.ts';
import { STAGES } from './stages.ts';

/**
 * The built bridge under fire: stage after stage, each judged from outside. Prints what it has found, and one line at
 * the end; ends with 1 when anything was lost, doubled, out of order or not said.
 *
 *     npm run torture -- --messages 10000 --seed 7
 *
 * Everything random comes from the seed: what is written, what fails and when, who dies where. When a real process
 * comes to a step is not repeatable, so two runs of one seed differ in their interleaving.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(
    process.argv.slice(2),
    STAGES.map(({ name }) => name),
  );
  const { entry } = await buildProgram(join(DATA, 'built'));
  const program = { entry, src: join(import.meta.dirname, '../../dist') };
  const reports: StageReport[] = [];
  for (const stage of STAGES) {
    if (options.only.length > 0 && !options.only.includes(stage.name)) continue;
    const startMs = performance.now();
    const report = await stage.run(options, program);
    reports.push(report);
    for (const line of linesOf(report)) say(line);
    await writeFile(join(DATA, `${stage.name}.histories`), report.histories.join('\n'));
    say(`  ${((performance.now() - startMs) / 1_000).toFixed(0)} s\n`);
  }
  say(summary(reports, options.seed));
  process.exit(reports.every(isClean) ? 0 : 1);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  say(USAGE);
  process.exit(1);
}
