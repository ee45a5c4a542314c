import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { StepName } from '../../src/bridge/steps.ts';
import type { Overrides } from '../../src/compose.ts';

/**
 * The built web or worker as a process of its own, which dies or stands still at named steps when it is told to.
 * Everything of the bridge is loaded from a build folder: so it is the built program, or a copy of it with a mistake.
 */
export type Order =
  | {
      kind: 'compose';
      role: Role;
      env: Record<string, string>;
      overrides: Omit<Overrides, 'step'>;
    }
  | { kind: 'arm'; fate: Fate }
  | { kind: 'disarm' };

export type Role = 'web' | 'worker';

/** `before`: as the step is reached. `after`: it has returned, and what follows is cut off. `stop`: stands still there. */
export type Mode = 'before' | 'after' | 'stop';
export interface Fate {
  step: StepName;
  mode: Mode;
  /** With `after`: how long what follows may run. */
  afterMs: number;
}

export type Report =
  | { kind: 'loaded' }
  | { kind: 'up'; port: number }
  | { kind: 'struck'; step: StepName; mode: Mode };

const [build = ''] = process.argv.slice(2);
const from = (file: string) => import(pathToFileURL(`${build}/${file}`).href);
const { composeWeb, composeWorker } = (await from('compose.js')) as typeof import('../../src/compose.ts');
const { readConfig } = (await from('config.js')) as typeof import('../../src/config.ts');
const { createLogger } = (await from('ops/log.js')) as typeof import('../../src/ops/log.ts');
const { run } = (await from('ops/run.js')) as typeof import('../../src/ops/run.ts');

let fate: Fate | undefined;

const report = (message: Report): Promise<unknown> =>
  new Promise((resolve) => {
    if (!process.send?.(message, resolve)) resolve(undefined);
  });

async function step(name: StepName): Promise<void> {
  if (fate?.step !== name) return;
  const { mode, afterMs } = fate;
  fate = undefined;
  await report({ kind: 'struck', step: name, mode });
  if (mode === 'after') {
    void pause(afterMs).then(() => process.kill(process.pid, 'SIGKILL'));
    return;
  }
  process.kill(process.pid, mode === 'before' ? 'SIGKILL' : 'SIGSTOP');
  // A signal to oneself takes hold before the next turn of the event loop; nothing may happen in between.
  await new Promise((resolve) => setImmediate(resolve));
}

function compose(order: Order & { kind: 'compose' }): void {
  const config = readConfig(order.env);
  const log = createLogger(config.logLevel, order.role);
  const overrides: Overrides = { ...order.overrides, step };
  void run(log, async () => {
    const composed =
      order.role === 'web'
        ? await composeWeb(config, log, overrides)
        : { ...(await composeWorker(config, log, overrides)), port: 0 };
    void report({ kind: 'up', port: composed.port });
    return composed;
  });
}

process.on('message', (order: Order) => {
  if (order.kind === 'compose') compose(order);
  if (order.kind === 'arm') fate = order.fate;
  if (order.kind === 'disarm') fate = undefined;
});
process.once('disconnect', () => process.exit(0));
void report({ kind: 'loaded' });
