import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs `work` while no other process holds the lock on `file`, waiting for its turn.
 * The kernel's lock is held by a child that lives as long as its stdin is open, so a killed Node
 * leaves no stale lock. Rejects when `flock` (util-linux, on every Debian and Ubuntu) is not there.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; read _'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(holder, 'close');
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      closed.then(() => Promise.reject(new Error(`flock could not lock ${file}`))),
    ]);
    return await work();
  } finally {
    holder.stdin.end();
    await closed.catch(() => undefined);
  }
}
