import type { Logger } from 'pino';
import { composeWeb, composeWorker, type Overrides } from '../../src/compose.ts';
import { createLogger } from '../../src/ops/log.ts';
import { createWorld, freshNamespace, type World, type WorldOptions } from './world.ts';

export interface RunningBridge extends World {
  /** Address of the web process. */
  webUrl: string;
  namespace: string;
  stopBridge(): Promise<void>;
}

/** The protocol's waits, small enough for a test. What they are in production: src/bridge/timing.ts. */
export const quickTiming: NonNullable<Overrides['timing']> = {
  gatherMs: 30,
  lookAfterMs: { broken: [100, 250, 500], silent: [100, 250, 500, 900] },
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
  const worker = await composeWorker(world.config, log, overrides);
  const web = await composeWeb(world.config, log, overrides);
  const webUrl = `http://127.0.0.1:${web.port}`;
  world.slack.pointAt(`${webUrl}/slack/events`);
  let isRunning = true;
  const stopBridge = async (): Promise<void> => {
    if (!isRunning) return;
    isRunning = false;
    await web.stop();
    await worker.stop();
  };
  return {
    ...world,
    webUrl,
    namespace,
    stopBridge,
    async close() {
      await stopBridge();
      await world.close();
    },
  };
}
