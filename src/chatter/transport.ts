import { PassThrough, type Readable } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { Agent, type Dispatcher, request as httpRequest } from 'undici';
import type { SendWatch } from '../bridge/ports.ts';
import { BrokenExchange, RefusedAnswer } from './http-failure.ts';
import { WatchedBody } from './watched-body.ts';

export interface TransportOptions {
  /** The pool; shared by all transports. */
  agent: Dispatcher;
  /** For the whole exchange: connecting, headers and the answer's body. */
  timeoutMs: number;
  /** Watches the body leave. Without it the body is sent as it is. */
  watch?: SendWatch;
  /** Hears the Date header of every answer. */
  heardDate?: (date: string | undefined) => void;
}

/**
 * jsforce's way to the network, replaced: its own waits for 30 minutes, never for a stalled body, repeats GETs by
 * itself, follows redirects with the token, and drops status and headers of errors.
 * Throws RefusedAnswer for anything but a 2xx (a redirect too), BrokenExchange when no complete answer came.
 */
export class PooledTransport extends Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    super();
    this.#options = options;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    // Nothing reads the stream; jsforce only wants to pipe it.
    return StreamPromise.create(() => ({
      stream: new PassThrough(),
      promise: exchange(request, this.#options),
    }));
  }
}

/** The pool of kept-alive connections, for each origin its own. Close it when everything is done. */
export function createAgent(): Agent {
  return new Agent({
    connections: 64,
    // One request on a connection at a time: the loss of one says nothing about others.
    pipelining: 1,
    allowH2: false,
    // The time-out of the exchange is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A page of 100 messages of 10,000 characters to ten people is some 5 MB.
    maxResponseSize: 32 * 1024 * 1024,
  });
}

async function exchange(request: HttpRequest, options: TransportOptions): Promise<HttpResponse> {
  const { agent, timeoutMs, watch, heardDate } = options;
  const text = typeof request.body === 'string' ? request.body : undefined;
  const watched = watch && text !== undefined ? new WatchedBody(text, watch) : undefined;
  const signal = AbortSignal.timeout(timeoutMs);
  let answerBegan = false;
  try {
    const response = await httpRequest(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: headersFor(request, watched),
      // undici takes any async iterable as it comes; its types name only streams, which would read ahead.
      body: (watched as unknown as Readable | undefined) ?? text ?? null,
      signal,
    });
    answerBegan = true;
    const headers = plainHeaders(response.headers);
    heardDate?.(headers.date);
    const body = await response.body.text();
    const { statusCode } = response;
    if (statusCode < 200 || statusCode > 299) throw new RefusedAnswer(statusCode, headers, body);
    await watch?.step('post.answered');
    return { statusCode, headers, body };
  } catch (error) {
    if (error instanceof RefusedAnswer) throw error;
    throw new BrokenExchange({
      bytesOut: watched?.bytesOut ?? 0,
      answerBegan,
      timedOut: signal.aborted,
      stoppedByWatch: watched?.stoppedBy !== undefined,
      cause: watched?.stoppedBy?.error ?? error,
    });
  } finally {
    watched?.seal();
  }
}

function headersFor(request: HttpRequest, watched: WatchedBody | undefined): Record<string, string> {
  const { 'content-length': _counted, ...headers } = request.headers ?? {};
  return watched ? { ...headers, 'content-length': String(watched.length) } : headers;
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
