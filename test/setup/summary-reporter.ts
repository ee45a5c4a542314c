import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the output on one line that is easy to find: `N passed, N failed, N skipped`.
 * A file that could not run and an error outside any test count as one failure each.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      Array.from(module.children.allTests(), (test) => test.result().state),
    );
    const count = (state: string) => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = count('failed') + broken + unhandledErrors.length;
    const skipped = states.length - count('passed') - count('failed');
    // At exit, because vitest's own reporter and the teardown still write after this event.
    process.once('exit', () => {
      process.stdout.write(`${count('passed')} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
