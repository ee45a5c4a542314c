import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallFault } from './faults.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Answers a request, as far as a fault lets it.
 * Gives what was answered; undefined when nothing was: the connection was cut, or hangs until the server closes.
 */
export async function answerWithFault(
  response: ServerResponse,
  fault: CallFault | undefined,
  perform: () => HttpAnswer,
): Promise<HttpAnswer | undefined> {
  switch (fault?.kind) {
    case 'drop-before':
      response.destroy();
      return undefined;
    case 'drop-after':
      perform();
      response.destroy();
      return undefined;
    case 'late-commit':
      response.destroy();
      await pause(fault.afterMs, undefined, { ref: false });
      perform();
      return undefined;
    case 'hang':
      if (fault.commit) perform();
      return undefined;
    case 'delay':
      await pause(fault.ms, undefined, { ref: false });
      return send(response, perform());
    case 'status':
      if (fault.commit) perform();
      return send(response, {
        status: fault.status,
        headers: { 'content-type': 'text/html' },
        body: fault.body ?? '',
      });
    case 'rate-limited':
      return send(response, {
        status: 429,
        headers: { 'content-type': 'application/json', 'retry-after': String(fault.retryAfterSeconds) },
        body: JSON.stringify({ ok: false, error: 'ratelimited' }),
      });
    case 'error':
      if (fault.commit) perform();
      return send(response, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ok: false, error: fault.error }),
      });
    default:
      return send(response, perform());
  }
}

function send(response: ServerResponse, answer: HttpAnswer): HttpAnswer {
  response.writeHead(answer.status, answer.headers).end(answer.body);
  return answer;
}
