import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NotificationId } from '../bridge/people.ts';
import type { RateLimit } from '../bridge/rate-limit.ts';
import { type Answer, give } from './answer.ts';
import { createBearerCheck } from './bearer.ts';
import { createHandlers, type Handlers, type HandlersOptions } from './notifications.ts';
import { problem } from './problem.ts';

export interface NotificationsApiOptions extends HandlersOptions {
  /** API_TOKEN */
  token: string;
  /** Of `limits.requests`, shared by all processes. */
  rate: RateLimit;
}

type Handler = (request: IncomingMessage, query: URLSearchParams) => Promise<Answer>;
type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const ROOT = '/api/notifications';
const ONE = new RegExp(`^${ROOT}/([A-Za-z0-9-]{1,100})$`);

/** What the HTTP server answers under `/api/notifications` (docs/openapi.yaml). */
export function createNotificationsApi(o: NotificationsApiOptions): Readonly<Record<string, Route>> {
  const flawOf = createBearerCheck(o.token);
  const handlers = createHandlers(o);

  const route: Route = async (request, response) => {
    try {
      give(response, await answer(request));
    } catch (err) {
      // The client has hung up, or was too slow for the server.
      if (request.readableAborted || response.headersSent) return;
      o.log.error({ err }, 'a request to the API failed');
      give(response, problem(isOurMistake(err) ? 'failed' : 'no-store'));
    }
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const [path = '', search] = (request.url ?? '').split('?', 2);
    const methods = methodsAt(path, handlers);
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    if (method === 'OPTIONS' && methods) return { status: 204, headers: { allow: allowed(methods) } };
    const flaw = flawOf(request.headers.authorization);
    if (flaw !== undefined) {
      if (flaw === 'wrong-token') o.log.warn('request to the API refused: not the API token');
      return problem(flaw);
    }
    // After the token, so that nobody else can use it up.
    const freeInMs = await o.rate.take();
    if (freeInMs > 0) {
      return problem('too-many-requests', { headers: { 'retry-after': `${Math.ceil(freeInMs / 1_000)}` } });
    }
    if (!methods) return problem('not-found');
    const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!handler) return problem('wrong-method', { headers: { allow: allowed(methods) } });
    return handler(request, new URLSearchParams(search));
  }

  return { [ROOT]: route, [`${ROOT}/*`]: route };
}

function methodsAt(path: string, handlers: Handlers): Readonly<Record<string, Handler>> | undefined {
  if (path === ROOT) return { GET: handlers.list, POST: handlers.create };
  const id = ONE.exec(path)?.[1] as NotificationId | undefined;
  if (id === undefined) return undefined;
  return { GET: () => handlers.show(id), DELETE: () => handlers.remove(id) };
}

const allowed = (methods: Readonly<Record<string, Handler>>): string =>
  ['HEAD', 'OPTIONS', ...Object.keys(methods)].sort().join(', ');

/** All else is Redis, which does not answer. */
const isOurMistake = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
