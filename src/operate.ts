import { composeOperator } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './ops/log.ts';

const USAGE = `Usage: npm run operate -- <command>
  status   what waits, what failed, whether sending is paused
  review   what waits from before the last restart of Redis, and what may be missing since
  pause    stop sending to Salesforce; messages are taken in and wait
  resume   go on sending`;

/** The operator's command. Needs the same environment as web and worker. */
const [command] = process.argv.slice(2);
try {
  if (command !== 'status' && command !== 'review' && command !== 'pause' && command !== 'resume') {
    console.error(USAGE);
    process.exit(2);
  }
  const config = readConfig(process.env);
  const operator = await composeOperator(config, createLogger('silent', 'operate'));
  if (command === 'pause') await operator.pause();
  if (command === 'resume') await operator.resume();
  const lines = command === 'review' ? operator.review() : await operator.status();
  for await (const line of lines) console.log(line);
  await operator.stop();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : `It did not work: ${String(error)}`);
  process.exit(1);
}
