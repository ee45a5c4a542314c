import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/setup/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: a private Redis dies with the thread that started it, and tests kill processes.
    pool: 'forks',
    maxWorkers: 2,
    // A busy machine takes its time; a poll ends as soon as what it waits for is there.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 15_000,
    hookTimeout: 30_000,
    globalSetup: ['test/setup/global-setup.ts'],
    reporters: ['default', new SummaryReporter()],
  },
});
