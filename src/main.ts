import type { Logger } from 'pino';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createLogger } from './ops/log.ts';
import { run } from './ops/run.ts';

/**
 * One process of the bridge: reads the configuration, or says what is wrong with it on standard error and ends; then
 * runs until it is told to stop.
 */
export async function main(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  compose: (config: Config, log: Logger) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  const config = readConfigOrExit(env);
  const log = createLogger(config.logLevel, name);
  await run(log, () => compose(config, log));
}

function readConfigOrExit(env: Readonly<Record<string, string | undefined>>): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
