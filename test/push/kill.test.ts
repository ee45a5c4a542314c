import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { clientId, privateKeyPem } from '../chatter/org.ts';
import { privateRedis } from '../setup/redis.ts';
import type { Order, Report } from './push-process.ts';
import { isAlive, startPushWorld } from './pushing.ts';

const redis = await privateRedis();
const entry = fileURLToPath(new URL('./push-process.ts', import.meta.url));

function start(order: Order): { child: ChildProcess; heard: string[]; missed: () => number } {
  const child = fork(entry, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const heard: string[] = [];
  let missed = 0;
  child.on('message', (report: Report) => {
    if (report.kind === 'heard') heard.push(report.message);
    else missed += 1;
  });
  child.send(order);
  return { child, heard, missed: () => missed };
}

it('another worker takes over from one that was killed, and misses nothing', async () => {
  const world = await startPushWorld(redis.url);
  const killed = start({
    redisUrl: redis.url,
    namespace: world.namespace,
    loginUrl: world.org.server.url,
    pubSubUrl: world.pubSub.url,
    clientId,
    privateKey: privateKeyPem,
  });
  await expect.poll(killed.missed).toBe(1);
  const other = await world.join();
  const first = world.write();
  await expect.poll(() => killed.heard).toEqual([first]);
  await expect.poll(() => isAlive(other)).toBe(true);

  killed.child.kill('SIGKILL');
  const second = world.write();
  // A holder that says nothing any more is not believed for longer than its lease.
  await expect.poll(() => other.heard).toContain(second);
  expect(other.heard.filter((id) => id !== first)).toEqual([second]);
  expect(other.missed).toBe(0);
  await expect.poll(() => isAlive(other)).toBe(true);
});
