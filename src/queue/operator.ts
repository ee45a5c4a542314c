import type { Queues } from './queues.ts';

export interface Operator {
  /** Sending to Salesforce stops after what is in hand; everything else goes on. Outlasts restarts. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** How things stand, a line each. Holds no text and nobody's name. */
  status(): Promise<string[]>;
}

/** Pausing is BullMQ's own: it holds for all workers at once. */
export function createOperator(
  queues: Queues,
  epoch: () => Promise<{ number: number; sinceMs: number } | undefined>,
): Operator {
  return {
    pause: () => queues.chatter.pause(),
    resume: () => queues.chatter.resume(),
    async status() {
      const lines: string[] = [];
      const isPaused = await queues.chatter.isPaused();
      lines.push(`sending to Salesforce: ${isPaused ? 'paused' : 'on'}`);
      lines.push(`workers: ${await queues.chatter.getWorkersCount()}`);
      for (const queue of [queues.chatter, queues.chat]) {
        const jobs = await queue.getJobCounts('active', 'wait', 'delayed', 'failed');
        const counts = Object.entries(jobs).map(([state, count]) => `${count} ${state}`);
        lines.push(`${queue.name}: ${counts.join(', ')}`);
      }
      const now = await epoch();
      if (now && now.number > 1) {
        lines.push(
          `Redis was restarted, restored or failed over ${now.number - 1} time(s), last at ${new Date(now.sinceMs).toISOString()}: what waited then is looked for in Salesforce before it is sent.`,
        );
      }
      return lines;
    },
  };
}
