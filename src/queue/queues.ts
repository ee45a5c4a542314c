import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Delivery } from '../bridge/delivery.ts';
import type { DeliveryId, NotificationId } from '../bridge/people.ts';

/** A job's payload: which delivery. What is delivered stays in the delivery log, encrypted; a job holds no text. */
export interface JobData {
  v: 1;
  id: DeliveryId;
}

/** A job bears the id of what it is for. BullMQ splits its keys at colons, and those ids are whatever a platform has. */
export const jobIdOf = (id: DeliveryId | NotificationId): string =>
  id.replaceAll('%', '%25').replaceAll(':', '%3A');

/** The two queues, one a direction. A job is named after its queue. */
export const QUEUE_NAMES: Record<Delivery['to'], string> = { chatter: 'to-chatter', chat: 'to-slack' };

export type Queues = Record<Delivery['to'], Queue<JobData>>;

export interface QueuesOptions {
  connection: Redis;
  prefix: string;
  /** FAILED_KEEP_DAYS: how long a failed job stays to be seen and retried. */
  failedKeepMs: number;
  onError: (error: Error) => void;
}

export function createQueues(o: QueuesOptions): Queues {
  const create = (to: Delivery['to']): Queue<JobData> => {
    const queue = new Queue<JobData>(QUEUE_NAMES[to], {
      connection: o.connection,
      prefix: o.prefix,
      defaultJobOptions: {
        // Trying again is the delivery protocol's: a job is delayed, never failed, while there is hope.
        attempts: 1,
        // The delivery log remembers what is done.
        removeOnComplete: true,
        removeOnFail: { age: o.failedKeepMs / 1_000 },
      },
    });
    queue.on('error', o.onError);
    return queue;
  };
  return { chatter: create('chatter'), chat: create('chat') };
}
