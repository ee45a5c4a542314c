import { composeOperator, type OperatorCommands } from './compose-operator.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './ops/log.ts';

const USAGE = `Usage: npm run operate -- <command>
  status               what waits, what failed, whether sending is paused
  review               what waits from before the last restart of Redis, and what may be missing since
  pause                stop sending to Salesforce; messages are taken in and wait
  resume               go on sending
  failed               messages that failed, or that only a person can decide any more, a line each:
                       id, reason, person, thread of a reply, age, until when it is kept
  retry <id>|all       try one again, even if it may have arrived; or all that failed
  discard <id>|all     give up one, or all`;

const NAMED_ONE = new Set(['retry', 'discard']);
const ALONE = new Set(['status', 'review', 'pause', 'resume', 'failed']);

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
  for await (const line of linesOf(operator)) console.log(line);
  await operator.stop();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : `It did not work: ${String(error)}`);
  process.exit(1);
}

/** Does what was asked, and says what to print. */
async function* linesOf(operator: OperatorCommands): AsyncGenerator<string> {
  if (command === 'failed') yield* operator.failed();
  else if (command === 'review') yield* operator.review();
  else if (which !== undefined) yield* operator.decide(command === 'retry' ? 'retry' : 'discard', which);
  else {
    if (command === 'pause') await operator.pause();
    if (command === 'resume') await operator.resume();
    yield* await operator.status();
  }
}
