import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StepName } from '../../src/bridge/steps.ts';
import type { Order, Report } from './bridge-process.ts';

const entry = fileURLToPath(new URL('./bridge-process.ts', import.meta.url));

/** A web or worker process of the bridge. */
export interface BridgeProcess {
  port: number;
  /** Resolves when it has reached the step that it was to end or stand still at. */
  reached: Promise<StepName>;
  exited: Promise<unknown>;
  resume(): void;
  kill(): Promise<void>;
}

/** Keeps one process loaded in advance. */
export class Processes {
  #spare: ChildProcess[] = [];
  #running = new Set<ChildProcess>();

  constructor(spares = 1) {
    for (let i = 0; i < spares; i += 1) this.#spare.push(this.#load());
  }

  #load(): ChildProcess {
    const child = fork(entry, {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return child;
  }

  async start(order: Order): Promise<BridgeProcess> {
    const child = this.#spare.shift() ?? this.#load();
    this.#spare.push(this.#load());
    let port = 0;
    const exited = once(child, 'exit');
    const up = new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the ${order.role} process ended with ${code}`)));
      child.on('message', (report: Report) => {
        if (report.kind !== 'up') return;
        port = report.port;
        resolve();
      });
    });
    const reached = new Promise<StepName>((resolve) => {
      child.on('message', (report: Report) => {
        if (report.kind === 'step') resolve(report.step);
      });
    });
    child.send(order);
    // A process that is to end while it starts is up when it has ended.
    await Promise.race([up, reached]);
    up.catch(() => 'told by exited');
    return {
      port,
      reached,
      exited,
      resume: () => void child.kill('SIGCONT'),
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}
