import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

export interface RealProcess {
  /** Where a web listens. */
  port: number;
  pid: number;
  /** SIGTERM; gives code and signal of its end, and how long that took. */
  stop(): Promise<{ end: unknown[]; ms: number }>;
  kill(): void;
}

/**
 * `src/web.ts` or `src/worker.ts` as the Procfile starts it, with production's waits. `LOG_LEVEL` has to be `info`:
 * resolves with the log line that says that it is up.
 */
export async function startProcess(
  role: 'web' | 'worker',
  env: Readonly<Record<string, string>>,
  entry = `src/${role}.ts`,
): Promise<RealProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      if (text.includes(`${role} is up`)) resolve((JSON.parse(text) as { port?: number }).port ?? 0);
    });
    child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)));
  });
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      const fromMs = performance.now();
      child.kill('SIGTERM');
      return { end: await exited, ms: performance.now() - fromMs };
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
