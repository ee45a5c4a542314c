import { ErrorCode } from 'bullmq';
import type { Delivery } from '../bridge/delivery.ts';
import type { Bell } from '../bridge/delivery-log.ts';
import type { DeliveryId } from '../bridge/people.ts';
import { type JobData, jobIdOf, type Queues } from './queues.ts';

/** How jobs are added and woken. Everything here may be done twice. */
export function createBell(queues: Queues, timing: { parkMs: number; gatherMs: number }): Bell {
  async function addJob(to: Delivery['to'], id: DeliveryId, delay: number): Promise<void> {
    const data: JobData = { v: 1, id };
    // The job's id is the delivery's: adding what is there already changes nothing.
    await queues[to].add(queues[to].name, data, { jobId: jobIdOf(id), delay });
  }

  return {
    add: (to, id, isHead) => addJob(to, id, isHead ? gatherMs(to) : timing.parkMs),

    async ring(to, id) {
      await addJob(to, id, 0);
      const job = await queues[to].getJob(jobIdOf(id));
      const state = await job?.getState();
      try {
        if (state === 'delayed') await job?.promote();
        if (state === 'failed') await job?.retry('failed');
      } catch (error) {
        // Somebody woke it first, or it runs: a run looks again before it sleeps.
        if (!isElsewhere(error)) throw error;
      }
    },
  };

  function gatherMs(to: Delivery['to']): number {
    return to === 'chatter' ? timing.gatherMs : 0;
  }
}

function isElsewhere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === ErrorCode.JobNotInState || code === ErrorCode.JobNotExist;
}
