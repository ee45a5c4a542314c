import type { StepName } from '../../src/bridge/steps.ts';
import { composeWeb, composeWorker, type Overrides } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/ops/log.ts';
import { run } from '../../src/ops/run.ts';

/**
 * The real web or worker as a process of its own, which ends (or stands still) at a named step. It loads first and
 * composes when it is told what to be, so that a test does not wait for imports.
 */
export interface Order {
  role: 'web' | 'worker';
  env: Record<string, string>;
  overrides: Omit<Overrides, 'step'>;
  at: { step: StepName; signal: 'SIGKILL' | 'SIGSTOP'; nth: number };
}

export type Report = { kind: 'loaded' } | { kind: 'up'; port: number } | { kind: 'step'; step: StepName };

const report = (message: Report): void => {
  process.send?.(message);
};

process.once('message', (order: Order) => {
  let left = order.at.nth;
  const step = async (name: StepName): Promise<void> => {
    if (name !== order.at.step) return;
    left -= 1;
    if (left !== 0) return;
    await new Promise((resolve) => process.send?.({ kind: 'step', step: name } satisfies Report, resolve));
    process.kill(process.pid, order.at.signal);
    // A signal to oneself takes hold before the next turn of the event loop; nothing may happen in between.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const config = readConfig(order.env);
  const log = createLogger(config.logLevel, order.role);
  void run(log, async () => {
    const overrides: Overrides = { ...order.overrides, step };
    if (order.role === 'web') {
      const web = await composeWeb(config, log, overrides);
      report({ kind: 'up', port: web.port });
      return web;
    }
    const worker = await composeWorker(config, log, overrides);
    report({ kind: 'up', port: 0 });
    return worker;
  });
});
process.once('disconnect', () => process.exit(0));
report({ kind: 'loaded' });
