import { type Logger, pino } from 'pino';
import { type Delivery, ended } from '../bridge/delivery.ts';

/** JSON lines on standard output. Lines about a message carry its delivery id as `delivery`, from intake to end. */
export function createLogger(level: string, name: string): Logger {
  return pino({
    name,
    level,
    // Error objects of clients carry requests; only what we know to be harmless is written.
    serializers: { err: describeError },
  });
}

/** Causes of causes beyond this are left out; an error may even be its own cause. */
const MOST_CAUSES = 4;

/** An error as it may be logged: names, codes and our own words; never a request, a header or a body. */
export function describeError(error: unknown, causes = MOST_CAUSES): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const cause =
    error.cause === undefined || causes === 0 ? undefined : describeError(error.cause, causes - 1);
  // JSON.parse quotes what it could not read.
  const message = error instanceof SyntaxError ? undefined : error.message.split('\n')[0]?.slice(0, 300);
  // A message of several lines stands in the stack as well.
  const frames = error.stack?.split('\n').filter((line) => /^\s+at \S/.test(line));
  return {
    type: error.name,
    ...(message !== undefined && { message }),
    ...(code !== undefined && { code }),
    ...(cause && { cause }),
    ...(frames && { stack: frames.slice(0, 7).join('\n') }),
  };
}

/** Logs every stored change of a delivery: what state it is in now and why, and who sent to how many (the audit). */
export function logChanges(log: Logger): (before: Delivery, after: Delivery) => void {
  return (before, after) => {
    const line = {
      delivery: after.id,
      to: after.to,
      author: after.author,
      from: before.phase,
      phase: after.phase,
      part: after.parts > 1 ? `${after.part + 1}/${after.parts}` : undefined,
      posts: after.posts || undefined,
      tries: after.tries || undefined,
      code: after.failure?.code ?? after.waiting?.code ?? after.refusal?.code,
      lost: after.lost,
      aside: after.aside || undefined,
      arrived: after.arrived?.id,
    };
    const isTrouble = after.phase === 'failed' || after.phase === 'uncertain';
    const isNews = before.phase !== after.phase || !ended(after.phase);
    log[isTrouble ? 'warn' : isNews ? 'info' : 'debug'](line, `delivery ${after.phase}`);
  };
}
