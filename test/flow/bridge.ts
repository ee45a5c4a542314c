import type { Logger } from 'pino';
import { timing } from '../../src/bridge/timing.ts';
import { composeWeb, composeWorker, type Overrides } from '../../src/compose.ts';
import { createLogger } from '../../src/ops/log.ts';
import { createWorld, freshNamespace, type World, type WorldOptions } from './world.ts';

export interface RunningBridge extends World {
  /** Address of the web process. */
  webUrl: string;
  namespace: string;
  stopBridge(): Promise<void>;
  /** The same processes once more, as after a deployment. */
  startAgain(): Promise<void>;
}

/** The protocol's waits, small enough for a test. What they are in production: src/bridge/timing.ts. */
export const quickTiming: NonNullable<Overrides['timing']> = {
  gatherMs: 30,
  quietMs: 600,
  lookAfterMs: { broken: [100, 250, 500], silent: [100, 250, 500, 900] },
  watchEveryMs: [200, 400, 800, 2_000, 4_000],
  slowLookMs: { first: 200, most: 400, forMs: 60_000 },
  backOffMs: { first: 50, most: 400 },
  gates: {
    limitMs: { first: 300, most: 1_200 },
    awayMs: { first: 50, most: 400 },
    awayFailures: 5,
    probeMs: 2_000,
    probeLookMs: 50,
    spreadMs: 200,
    tellAfterMs: 60_000,
  },
  // No test of something else runs out of it.
  reads: { mostInWindow: 100_000, reserve: 20, windowMs: 3_600_000, shareMs: 5_000 },
};

/** The same for reading what is answered in Chatter. */
export const quickReading = {
  ...timing.reading,
  pollMs: 300,
  leaseMs: 1_500,
  lookEveryMs: 50,
  heldMs: { first: 50, most: 200 },
};

/** Web and worker, for real, in this process, against a world of their own. */
export async function startBridge(
  options: WorldOptions & Omit<Overrides, 'salesforce'> & { log?: Logger } = {},
): Promise<RunningBridge> {
  const world = await createWorld(options);
  const namespace = freshNamespace();
  const overrides: Overrides = {
    ...options,
    namespace,
    timing: { ...quickTiming, ...options.timing },
    salesforce: { timeouts: { sendMs: 700, readMs: 700, tokenMs: 700 } },
  };
  const log = options.log ?? createLogger(world.config.logLevel, 'bridge');
  let webUrl = '';
  let stop: (() => Promise<void>) | undefined;
  const start = async (): Promise<void> => {
    const worker = await composeWorker(world.config, log, overrides);
    const web = await composeWeb(world.config, log, overrides);
    webUrl = `http://127.0.0.1:${web.port}`;
    world.slack.pointAt(`${webUrl}/slack/events`);
    stop = async () => {
      await web.stop();
      await worker.stop();
    };
  };
  const stopBridge = async (): Promise<void> => {
    const stopping = stop?.();
    stop = undefined;
    await stopping;
  };
  await start();
  return {
    ...world,
    get webUrl() {
      return webUrl;
    },
    namespace,
    stopBridge,
    startAgain: start,
    async close() {
      await stopBridge();
      await world.close();
    },
  };
}
