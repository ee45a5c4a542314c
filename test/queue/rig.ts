import { randomUUID } from 'node:crypto';
import type { Worker } from 'bullmq';
import { onTestFinished } from 'vitest';
import type { RedisServer } from '../../sandbox/redis/server.ts';
import type { Run, Verdict } from '../../src/bridge/deliver.ts';
import type { Bell } from '../../src/bridge/delivery-log.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { noStep, type Step } from '../../src/bridge/steps.ts';
import { timing as production, type Timing } from '../../src/bridge/timing.ts';
import { createBell } from '../../src/queue/bell.ts';
import { createQueues, type JobData, jobIdOf, type Queues } from '../../src/queue/queues.ts';
import { createWorker } from '../../src/queue/worker.ts';
import { connectProducer, connectWorker, whenReady } from '../../src/store/redis.ts';
import { type OpenedLog, openLog } from '../store/delivery-log/log.ts';

export interface Rig extends OpenedLog {
  queues: Queues;
  bell: Bell;
  prefix: string;
  timing: Timing;
  /** What went wrong in workers, with the delivery it went wrong for. */
  errors: { message: string; id: string | undefined }[];
  /** State of a delivery's job: `waiting`, `delayed`, `active`, `failed`, or `unknown` when there is none. */
  stateOf(id: string): Promise<string>;
  jobOf(id: string): ReturnType<Queues['chatter']['getJob']>;
  /** Works the queue to Chatter until the test ends. */
  work(
    deliver: (run: Run) => Promise<Verdict>,
    o?: { now?: () => number; step?: Step },
  ): Promise<Worker<JobData>>;
}

/** A delivery log and the queues on a test's Redis; what is delivered is the test's affair. */
export async function openRig(server: RedisServer, changed: Partial<Timing> = {}): Promise<Rig> {
  const opened = await openLog(server);
  const timing: Timing = { ...production, gatherMs: 0, ...changed };
  const prefix = `{${randomUUID()}-jobs}`;
  const errors: Rig['errors'] = [];
  const onError = (error: Error, id?: string) => void errors.push({ message: error.message, id });
  const connection = connectProducer(server.url, () => {});
  await whenReady(connection, 5_000);
  const queues = createQueues({ connection, prefix, failedKeepMs: 60_000, onError: () => {} });
  onTestFinished(async () => {
    await Promise.all([queues.chatter.close(), queues.chat.close()]);
    connection.disconnect();
  });
  const bell = createBell(queues, timing);
  const jobOf = (id: string) => queues.chatter.getJob(jobIdOf(id as DeliveryId));
  return {
    ...opened,
    queues,
    bell,
    prefix,
    timing,
    errors,
    jobOf,
    stateOf: async (id) => (await (await jobOf(id))?.getState()) ?? 'unknown',
    async work(deliver, { now = Date.now, step = noStep } = {}) {
      const patient = connectWorker(server.url, () => {});
      const worker = createWorker({
        to: 'chatter',
        deliver,
        log: opened.log,
        bell,
        connection: patient,
        prefix,
        concurrency: 5,
        timing,
        now,
        newToken: randomUUID,
        step,
        onError,
      });
      onTestFinished(async () => {
        await worker.close(true);
        patient.disconnect();
      });
      await worker.waitUntilReady();
      return worker;
    },
  };
}

/** Ends a delivery as its own run would, or as a person. */
export async function end({ log }: OpenedLog, id: string): Promise<void> {
  const read = await log.read(id as DeliveryId);
  if (!read) throw new Error(`${id} is not there`);
  const { delivery } = read;
  await log.commit({ before: delivery, after: { ...delivery, phase: 'discarded' }, erase: true, outbox: [] });
}
