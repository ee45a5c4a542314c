import { composeOperator } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './ops/log.ts';

const USAGE = `Usage: npm run operate -- <command>
  status               what waits, what failed, whether sending is paused
  pause                stop sending to Salesforce; messages are taken in and wait
  resume               go on sending
  failed               messages that failed, or that only a person can decide any more, a line each:
                       id, reason, person, thread of a reply, age, until when it is kept
  retry <id>|all       try one again, even if it may have arrived; or all that failed
  discard <id>|all     give up one, or all`;

const NAMED_ONE = new Set(['retry', 'discard']);
const ALONE = new Set(['status', 'pause', 'resume', 'failed']);

/** The operator's command. Needs the same environment as web and worker. */
const [command = '', which, ...rest] = process.argv.slice(2);
try {
  const isKnown = which === undefined ? ALONE.has(command) : NAMED_ONE.has(command) && rest.length === 0;
  if (!isKnown) {
    console.error(USAGE);
    process.exit(2);
  }
  const config = readConfig(process.env);
  const operator = await composeOperator(config, createLogger('silent', 'operate'));
  if (command === 'failed') {
    for await (const line of operator.failed()) console.log(line);
  } else if (which !== undefined) {
    for await (const line of operator.decide(command === 'retry' ? 'retry' : 'discard', which))
      console.log(line);
  } else {
    if (command === 'pause') await operator.pause();
    if (command === 'resume') await operator.resume();
    for (const line of await operator.status()) console.log(line);
  }
  await operator.stop();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : `It did not work: ${String(error)}`);
  process.exit(1);
}
