import { createSalesforce } from '../../src/chatter/salesforce.ts';
import { createLogger } from '../../src/ops/log.ts';
import { startPush } from '../../src/pushing.ts';
import { createKeys } from '../../src/store/keys.ts';
import { connectState, whenReady } from '../../src/store/redis.ts';
import { endlessReads, openGates } from '../setup/open-gates.ts';
import { quick } from './pushing-waits.ts';

/** A worker's part in push as a process of its own, which can be killed. */
export interface Order {
  redisUrl: string;
  namespace: string;
  loginUrl: string;
  pubSubUrl: string;
  clientId: string;
  privateKey: string;
}

export type Report = { kind: 'heard'; message: string } | { kind: 'missed' };

const report = (message: Report): void => {
  process.send?.(message);
};

process.once('message', async (order: Order) => {
  const state = connectState(order.redisUrl, () => {});
  await whenReady(state, 5_000);
  const salesforce = createSalesforce({
    ...order,
    username: 'bridge@corp.com',
    apiVersion: '66.0',
    timeouts: { openMs: 50 },
    gates: openGates,
    reads: endlessReads,
    shareReadsMs: 1_000,
    now: Date.now,
  });
  const log = createLogger('silent', 'push');
  const listener = {
    heard: async ({ message }: { message: string }) => report({ kind: 'heard', message }),
    missed: async () => report({ kind: 'missed' }),
  };
  startPush({ state, keys: createKeys(order.namespace), log }, salesforce.events, listener, quick);
});
process.once('disconnect', () => process.exit(0));
