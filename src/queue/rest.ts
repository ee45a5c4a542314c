import type { Worker } from 'bullmq';

/** After Redis has refused a command of BullMQ's, no job is fetched for this long; what is in hand goes on. */
const REFUSED_MS = 1_000;

/**
 * BullMQ asks for the next job at once again when Redis has refused one, thousands of times a second. Redis is full, say, and
 * says so each time.
 */
export function restWhenRefused(worker: Worker, onError: (error: Error) => void): void {
  let rest: NodeJS.Timeout | undefined;
  worker.on('error', (error) => {
    if (error.name !== 'ReplyError' || rest !== undefined) return;
    worker.pause(true).catch(onError);
    rest = setTimeout(() => {
      rest = undefined;
      worker.resume().catch(onError);
    }, REFUSED_MS);
  });
  worker.on('closing', () => clearTimeout(rest));
}
