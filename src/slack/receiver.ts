import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { isSslCheck, readBody } from './payload.ts';
import { readRawBody } from './raw-body.ts';
import { signatureFlaw } from './signature.ts';
import { sortOut } from './sort-out.ts';
import { words } from './words.ts';

/** Events, commands and buttons all come here (manifest.yml). */
export const EVENTS_PATH = '/slack/events';

/**
 * About Bolt's own limit (5.1, defaultBodyLimit). Slack's payloads are some kilobytes; but 40,000 characters, each word in
 * another style, are 800 KB of rich text beside up to 600 KB of text, and a broadcast reply has its root's as well.
 */
const BODY_LIMIT_BYTES = 4_000_000;
/** Requests in hand may take this long when the process is asked to stop. */
const STOP_WITHIN_MS = 10_000;
/** Slack's requests arrive at once; what drips in is no friend's. */
const REQUEST_WITHIN_MS = 10_000;
/** Longer than load balancers keep theirs (60 s), so that none sends into a connection that just closed. */
const KEEP_ALIVE_MS = 65_000;
/** `server.close()` alone waits seconds for clients that merely keep their connection. */
const IDLE_CHECK_MS = 100;

export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpEdgeOptions {
  signingSecret: string | undefined;
  /** By path; a path that ends in `/*` takes everything below it. */
  routes: Readonly<Record<string, Route>>;
  log: Logger;
  now?: () => number;
  requestWithinMs?: number;
}

export interface HttpEdge {
  /** From now on usable requests go to Bolt's own listener. Before, Slack is asked to come again. */
  deliverTo(bolt: RequestListener): void;
  start(port: number, host?: string): Promise<{ port: number }>;
  /** Finishes what is in hand, within ten seconds. */
  stop(): Promise<void>;
}

/**
 * The HTTP server in front of Bolt's HTTPReceiver. It checks and sorts out every request itself, because Bolt
 * lets future timestamps pass, takes only two exact content types, leaves what it does not know unanswered for
 * three seconds and answers 404, which Slack takes for a failure and sends again.
 */
export function createHttpEdge(options: HttpEdgeOptions): HttpEdge {
  const { signingSecret, routes, log, now = Date.now, requestWithinMs = REQUEST_WITHIN_MS } = options;
  let bolt: RequestListener | undefined;

  // Node looks for slow requests every 30 seconds unless told.
  const patience = { requestTimeout: requestWithinMs, connectionsCheckingInterval: requestWithinMs / 10 };
  const server = createServer(patience, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.readableAborted) return; // The other side has hung up: nobody waits for an answer.
      log.error({ err: error }, 'request failed');
      if (!response.headersSent) end(response, 500);
      else response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (signingSecret !== undefined && path === EVENTS_PATH)
      return fromSlack(request, response, signingSecret);
    const route = routeOf(routes, path);
    return route === undefined ? end(response, 404) : route(request, response);
  }

  async function fromSlack(
    request: IncomingMessage,
    response: ServerResponse,
    secret: string,
  ): Promise<void> {
    if (request.method !== 'POST') return end(response, 405, { allow: 'POST' });
    const raw = await readRawBody(request, BODY_LIMIT_BYTES);
    if (raw === undefined) return end(response, 413, { connection: 'close' });
    const contentType = request.headers['content-type'];
    if (isSslCheck(raw, contentType)) return end(response, 200);
    const flaw = signatureFlaw(
      {
        timestamp: header(request, 'x-slack-request-timestamp'),
        signature: header(request, 'x-slack-signature'),
        body: raw,
      },
      secret,
      now(),
    );
    if (flaw !== undefined) {
      log.warn({ flaw }, 'request refused: not signed by Slack');
      return end(response, 401);
    }
    answer(request, response, readBody(raw, contentType));
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const payload = sortOut(body);
    switch (payload.kind) {
      case 'usable':
        handOn(request, response, payload.body);
        break;
      case 'challenge':
        json(response, { challenge: payload.challenge });
        break;
      case 'rate-limited':
        log.error({ minute: payload.minute }, 'Slack has dropped events: more than 30,000 an hour');
        end(response, 200);
        break;
      case 'unneeded':
        log.debug({ what: payload.what }, 'nothing listens to this');
        end(response, 200);
        break;
      case 'unknown-command':
        json(response, { response_type: 'ephemeral', text: words.unknownCommand(payload.command) });
        break;
      case 'junk':
        log.warn({ why: payload.why }, 'signed request cannot be used');
        // It will not become usable: without the header Slack would send it three more times.
        end(response, 400, { 'x-slack-no-retry': '1' });
        break;
    }
  }

  function handOn(request: IncomingMessage, response: ServerResponse, body: object): void {
    if (bolt === undefined) {
      end(response, 503);
      return;
    }
    // Bolt knows two exact content types; everything that got here is handed on as the plainer one.
    request.headers['content-type'] = 'application/json';
    Object.assign(request, { rawBody: Buffer.from(JSON.stringify(body, withoutNull)) });
    bolt(request, response);
  }

  return {
    deliverTo: (listener) => {
      bolt = listener;
    },
    start: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          server.off('error', reject);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    stop: async () => {
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      const late = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}

function routeOf(routes: Readonly<Record<string, Route>>, path: string): Route | undefined {
  if (Object.hasOwn(routes, path)) return routes[path];
  const above = Object.keys(routes).find((key) => key.endsWith('/*') && path.startsWith(key.slice(0, -1)));
  return above === undefined ? undefined : routes[above];
}

/** Slack says null for what is not there; Bolt looks into `event.user` and `channel` without asking. */
function withoutNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : value;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
