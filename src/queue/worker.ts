import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Run, Verdict } from '../bridge/deliver.ts';
import type { Delivery } from '../bridge/delivery.ts';
import { DeliveryError } from '../bridge/delivery-error.ts';
import type { Bell, DeliveryLog } from '../bridge/delivery-log.ts';
import type { Step } from '../bridge/steps.ts';
import type { Timing } from '../bridge/timing.ts';
import { type JobData, jobIdOf, QUEUE_NAMES } from './queues.ts';
import { restWhenRefused } from './rest.ts';

export interface WorkerOptions {
  to: Delivery['to'];
  deliver: (run: Run) => Promise<Verdict>;
  log: DeliveryLog;
  bell: Bell;
  connection: Redis;
  prefix: string;
  concurrency: number;
  timing: Timing;
  now: () => number;
  /** Unique at every call. */
  newToken: () => string;
  step: Step;
  onError: (error: Error, id?: string) => void;
}

/** A run that failed in a way nobody foresaw is tried again after this long; its delivery keeps its place. */
const UNFORESEEN_MS = 5_000;

/** Runs the jobs of one queue. The table from what the delivery protocol says to what BullMQ does is `settle`. */
export function createWorker(o: WorkerOptions): Worker<JobData> {
  const { timing } = o;
  const worker = new Worker<JobData>(QUEUE_NAMES[o.to], process, {
    connection: o.connection,
    prefix: o.prefix,
    concurrency: o.concurrency,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledCheckMs,
    // A stalled job is one whose worker died. It is taken over, however often that happens, and never failed for it.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  worker.on('error', (error) => o.onError(error));
  restWhenRefused(worker, o.onError);
  return worker;

  async function process(job: Job<JobData>, token = ''): Promise<void> {
    const { id } = job.data;
    // Made by hand from another: two jobs of one delivery would not keep each other out.
    if (job.id !== jobIdOf(id)) return o.bell.ring(o.to, id);
    let verdict: Verdict;
    try {
      verdict = await o.deliver(runOf(job, token));
    } catch (error) {
      o.onError(error instanceof Error ? error : new Error('unforeseen', { cause: error }), id);
      verdict = { kind: 'wait', forMs: UNFORESEEN_MS };
    }
    await settle(job, token, verdict);
  }

  async function settle(job: Job<JobData>, token: string, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case 'done':
        return;
      case 'failed':
        throw new UnrecoverableError(verdict.code);
      case 'park':
        await job.moveToDelayed(o.now() + timing.parkMs, token);
        await o.step('park.done');
        await wakeIfHead(job.data);
        throw new DelayedError();
      case 'wait':
        await job.moveToDelayed(o.now() + Math.max(verdict.forMs, 1), token);
        await wakeIfMoved(job.data, verdict.version);
        throw new DelayedError();
    }
  }

  /** Whoever left the lane while we were parking found our job active and could not wake it. */
  async function wakeIfHead({ id }: JobData): Promise<void> {
    const read = await o.log.read(id);
    if (read && (await o.log.head(read.delivery)) === id) await o.bell.ring(o.to, id);
  }

  /** The same for a button pressed meanwhile. */
  async function wakeIfMoved({ id }: JobData, version: number | undefined): Promise<void> {
    if (version === undefined) return;
    const read = await o.log.read(id);
    if (read && read.delivery.version !== version) await o.bell.ring(o.to, id);
  }

  function runOf(job: Job<JobData>, token: string): Run {
    let heldAtMs = job.processedOn ?? o.now();
    async function hold(): Promise<boolean> {
      if (o.now() - heldAtMs < timing.lockMs / 6) return true;
      const askedMs = o.now();
      const held = await job.extendLock(token, timing.lockMs);
      if (held) heldAtMs = askedMs;
      return Boolean(held);
    }
    return {
      id: job.data.id,
      token: o.newToken(),
      hold,
      async guard() {
        // Connecting may have taken its time. Without Redis what was proven before still counts, for as long as it does.
        await hold().catch((error: Error) => o.onError(error, job.data.id));
        if (o.now() - heldAtMs <= timing.lockMs / 3) return;
        throw new DeliveryError({
          retry: { kind: 'later' },
          certain: true,
          code: 'lock-stale',
          sentence: 'The bridge was too busy to send it in time.',
        });
      },
    };
  }
}
