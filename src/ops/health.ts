import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export interface HealthOptions {
  redis: Redis;
  queue: Pick<Queue, 'getJobCounts' | 'getWorkersCount'>;
}

/** Redis must answer within this to count as there. */
const ANSWER_MS = 1_000;

/** `/healthz`: the process lives. `/readyz`: Redis answers and somebody works the queue. */
export function createHealth({ redis, queue }: HealthOptions) {
  let isStopping = false;
  return {
    stopping(): void {
      isStopping = true;
    },
    lives(_request: IncomingMessage, response: ServerResponse): void {
      answer(response, 200, { status: 'ok' });
    },
    async ready(_request: IncomingMessage, response: ServerResponse): Promise<void> {
      if (isStopping) return answer(response, 503, { status: 'stopping' });
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new Error('late')), ANSWER_MS).unref();
      });
      try {
        const work = Promise.all([
          redis.ping(),
          queue.getWorkersCount(),
          queue.getJobCounts('active', 'wait'),
        ]);
        const [, workers, jobs] = await Promise.race([work, late]);
        if (workers === 0) return answer(response, 503, { status: 'no worker is connected', jobs });
        return answer(response, 200, { status: 'ok', workers, jobs });
      } catch {
        // Whatever it was, it is logged where the connection is watched.
        return answer(response, 503, { status: 'redis does not answer' });
      }
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
