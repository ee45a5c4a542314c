import type { ServerResponse } from 'node:http';

/** What a request is answered with. A `body` is JSON. */
export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** Answers are about people and for one client: nobody in between keeps them. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Node leaves the body of an answer to HEAD out by itself. */
export function give(response: ServerResponse, { status, headers, body }: Answer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...ALWAYS, ...type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
