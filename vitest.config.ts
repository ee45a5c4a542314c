import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/setup/summary-reporter.ts';

const all = ['test/**/*.test.ts'];
const torture = ['test/torture/**/*.test.ts'];

export default defineConfig({
  test: {
    // Processes, not threads: a private Redis dies with the thread that started it, and tests kill processes.
    pool: 'forks',
    // A busy machine takes its time; a poll ends as soon as what it waits for is there.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 15_000,
    hookTimeout: 30_000,
    globalSetup: ['test/setup/global-setup.ts'],
    reporters: ['default', new SummaryReporter()],
    projects: [
      // Mostly these wait for something: three at once keep two cores at work.
      {
        extends: true,
        test: {
          name: 'bridge',
          include: all,
          exclude: torture,
          maxWorkers: 3,
          // Nothing is mocked and nothing global is set: a process may go on to the next file with what it has imported.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      // Takes the whole machine: by itself, when the others are done.
      {
        extends: true,
        test: { name: 'torture', include: torture, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
