import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';

/** What is in hand gets this long to finish after SIGTERM; platforms kill after 30 seconds. */
const STOP_WITHIN_MS = 25_000;

/** What is still starting has nothing in hand: it is not waited for longer. */
const START_PATIENCE_MS = 2_000;

const afterPatience = (): Promise<undefined> => setTimeout(START_PATIENCE_MS, undefined, { ref: false });

/**
 * Runs a process until it is told to stop: starts it, says in one line why it cannot, and stops it in order, also
 * when it is told so while it starts. A rejection that nobody handled is logged and ends the process, so that its
 * supervisor starts a sound one.
 */
export async function run(log: Logger, start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  process.on('unhandledRejection', (err) => {
    log.fatal({ err }, 'unhandled rejection');
    process.exit(1);
  });
  const starting = start();
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    void setTimeout(STOP_WITHIN_MS, undefined, { ref: false }).then(() => {
      log.error('did not stop in time');
      process.exit(1);
    });
    const started = await Promise.race([starting, afterPatience()]);
    await started?.stop();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void stop(signal));
  }
  try {
    await starting;
  } catch (err) {
    log.fatal({ err }, 'cannot start');
    process.exit(1);
  }
}
