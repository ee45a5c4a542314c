import type { Bell } from '../bridge/delivery-log.ts';
import { jobIdOf, type Queues } from './queues.ts';

/** The head of a lane in which nothing happened for a while; see store/sweep.ts. */
interface QuietHead {
  id: Parameters<Bell['ring']>[1];
  to: Parameters<Bell['ring']>[0];
  sleeps: boolean;
}

export interface SweeperOptions {
  sweep: () => Promise<QuietHead[]>;
  bell: Bell;
  queues: Queues;
  everyMs: number;
  onError: (error: Error) => void;
}

/**
 * Gives lanes back the job that a crash left out. One pass about every second in each worker; passes of several
 * workers share the lanes out among themselves, as each pass marks what it has seen.
 */
export function startSweeper(o: SweeperOptions): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(pass);
  }, o.everyMs);

  async function pass(): Promise<void> {
    if (stopped) return;
    try {
      // One head that cannot be mended must not keep the others, which this pass has marked as seen, waiting.
      for (const head of await o.sweep()) await mend(head).catch(report);
    } catch (error) {
      report(error);
    }
  }

  function report(error: unknown): void {
    o.onError(error instanceof Error ? error : new Error('sweeping failed', { cause: error }));
  }

  /** One that sleeps does so for a reason; only when its job is gone or failed is something wrong. */
  async function mend({ id, to, sleeps }: QuietHead): Promise<void> {
    const job = sleeps ? await o.queues[to].getJob(jobIdOf(id)) : undefined;
    const state = await job?.getState();
    if (state === 'delayed' || state === 'active' || state === 'waiting') return;
    await o.bell.ring(to, id);
  }

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
