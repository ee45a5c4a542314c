import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import type { StandInPubSub } from '../../sandbox/salesforce/pubsub/server.ts';
import type { MessageEvent } from '../../src/bridge/ports.ts';
import type { SalesforceOptions } from '../../src/chatter/salesforce.ts';
import { type Pushing, startPush } from '../../src/pushing.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { connectState, whenReady } from '../../src/store/redis.ts';
import { startOrg, type TestOrg } from '../chatter/org.ts';
import { collectLog, type LogLine } from '../collect-log.ts';
import { quick } from './pushing-waits.ts';

export interface PushWorld {
  org: TestOrg;
  pubSub: StandInPubSub;
  namespace: string;
  keys: Keys;
  lines: LogLine[];
  /** One worker's part in push, and what it heard. */
  join(): Promise<Worker>;
  /** Grace writes to Ada in Chatter. @returns the message's id. */
  write(text?: string): string;
}

export interface Worker {
  push: Pushing;
  /** Ids of messages, in the order in which they were told. */
  heard: string[];
  events: MessageEvent[];
  missed: number;
  /** Where it would go on. */
  place(): Promise<string | null>;
  /** Called before what is heard counts. */
  onHeard: (event: MessageEvent) => Promise<void>;
}

/** An org with a Pub/Sub API and any number of workers that listen to it, on a real Redis. */
export async function startPushWorld(
  redisUrl: string,
  timeouts: SalesforceOptions['timeouts'] = {},
): Promise<PushWorld> {
  const org = await startOrg({ pubSub: true });
  const { pubSub } = org.server;
  if (!pubSub) throw new Error('there is no Pub/Sub API');
  onTestFinished(() => org.close());
  const namespace = `test-${randomUUID()}`;
  const keys = createKeys(namespace);
  const { log, lines } = collectLog();
  return {
    org,
    pubSub,
    namespace,
    keys,
    lines,
    write: (text = 'hello') => org.server.type(org.grace.id, { to: [org.ada.id] }, text).id,
    async join() {
      const state = connectState(redisUrl, () => {});
      await whenReady(state, 5_000);
      const edge = org.edge({
        timeouts: { readMs: 2_000, tokenMs: 2_000, openMs: 50, silentMs: 5_000, ...timeouts },
      });
      const told: Omit<Worker, 'push'> = {
        heard: [],
        events: [],
        missed: 0,
        place: () => state.hget(keys.push, 'replayId'),
        onHeard: async () => {},
      };
      const listener = {
        async heard(event: MessageEvent) {
          await told.onHeard(event);
          told.heard.push(event.message);
          told.events.push(event);
        },
        async missed() {
          told.missed += 1;
        },
      };
      const push = startPush({ state, keys, log }, edge.events, listener, quick);
      onTestFinished(async () => {
        await push.stop();
        state.disconnect();
      });
      return Object.assign(told, { push });
    },
  };
}

/** Resolves when the stream of that worker is open, and what happens comes. */
export async function isListening(world: PushWorld, worker: Worker): Promise<void> {
  await expect.poll(() => world.pubSub.streams()).toBe(1);
  await expect.poll(() => worker.missed).toBe(1);
}

export async function isAlive(worker: Worker): Promise<boolean> {
  return (await worker.push.aliveUntilMs()) > 0;
}

export const warnings = (world: PushWorld): string[] =>
  world.lines.filter(({ level }) => level >= 40).map(({ msg }) => msg);
