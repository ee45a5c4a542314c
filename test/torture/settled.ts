import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';

const LOOK_MS = 100;

/** Waits until all that was acknowledged has arrived or was explained; gives up when nothing moves any more. */
export async function settled(ledger: Ledger, patienceMs: number): Promise<boolean> {
  let open = ledger.open.size;
  let movedMs = performance.now();
  while (ledger.open.size > 0) {
    if (performance.now() - movedMs > patienceMs) return false;
    await pause(LOOK_MS);
    if (ledger.open.size === open) continue;
    open = ledger.open.size;
    movedMs = performance.now();
  }
  return true;
}

/** Waits until this holds. @returns whether it did in time. */
export async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadlineMs) return false;
    await pause(LOOK_MS / 4);
  }
  return true;
}
