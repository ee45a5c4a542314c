import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealth } from '../../src/ops/health.ts';
import { createQueues, QUEUE_NAMES } from '../../src/queue/queues.ts';
import { connectProducer, connectState, connectWorker, whenReady } from '../../src/store/redis.ts';
import { privateRedis } from '../setup/redis.ts';

const redisServer = await privateRedis();

/** The two routes on a port of their own, with the connections that production uses. */
async function startHealth() {
  const prefix = `{${randomUUID()}}`;
  const state = connectState(redisServer.url, () => {});
  const producer = connectProducer(redisServer.url, () => {});
  await Promise.all([whenReady(state, 5_000), whenReady(producer, 5_000)]);
  const queues = createQueues({ connection: producer, prefix, failedKeepMs: 60_000, onError: () => {} });
  const health = createHealth({ redis: state, queue: queues.chatter });
  const server = createServer((request, response) => {
    if (request.url === '/healthz') health.lives(request, response);
    else void health.ready(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.close();
    await Promise.all([queues.chatter.close(), queues.chat.close()]);
    state.disconnect();
    producer.disconnect();
  });
  const ask = async (path: string) => {
    const startedMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, tookMs: performance.now() - startedMs };
  };
  const startWorker = async () => {
    const connection = connectWorker(redisServer.url, () => {});
    const worker = new Worker(QUEUE_NAMES.chatter, async () => {}, { connection, prefix });
    worker.on('error', () => {});
    onTestFinished(async () => {
      await worker.close(true);
      connection.disconnect();
    });
    await worker.waitUntilReady();
  };
  return { health, ask, startWorker };
}

describe('/readyz', () => {
  it('is 503 while nobody works the queue, 200 when somebody does', async () => {
    const { ask, startWorker } = await startHealth();
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'no worker is connected' } });
    await startWorker();
    await expect
      .poll(() => ask('/readyz'))
      .toMatchObject({ status: 200, body: { status: 'ok', workers: 1 } });
  });

  it('is 503 within about a second while Redis is frozen, and 200 when it is back', async () => {
    const { ask, startWorker } = await startHealth();
    await startWorker();
    await expect.poll(() => ask('/readyz')).toMatchObject({ status: 200 });
    const { pid } = redisServer;
    if (pid === undefined) throw new Error('Redis is not running');
    process.kill(pid, 'SIGSTOP');
    try {
      const answer = await ask('/readyz');
      expect(answer).toMatchObject({ status: 503, body: { status: 'redis does not answer' } });
      expect(answer.tookMs).toBeLessThan(1_600);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expect.poll(() => ask('/readyz'), { timeout: 10_000 }).toMatchObject({ status: 200 });
  });

  it('is 503 at once when Redis is gone, and the process lives', async () => {
    const { ask, startWorker } = await startHealth();
    await startWorker();
    await redisServer.kill();
    const answer = await ask('/readyz');
    expect(answer).toMatchObject({ status: 503, body: { status: 'redis does not answer' } });
    expect(answer.tookMs).toBeLessThan(1_600);
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    await redisServer.restart();
    await expect.poll(() => ask('/readyz'), { timeout: 10_000 }).toMatchObject({ status: 200 });
  });

  it('is 503 from the moment the process is told to stop', async () => {
    const { ask, health, startWorker } = await startHealth();
    await startWorker();
    health.stopping();
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });
});
