import type { IncomingMessage } from 'node:http';
import type { RequestKind } from './faults.ts';

/** A request as it came off the wire, body complete. */
export interface IncomingCall {
  method: string;
  path: string;
  query: URLSearchParams;
  search: string;
  /** Without parameters such as the charset, in lower case; '' when there is none. */
  contentType: string;
  headers: IncomingMessage['headers'];
  /** Bytes of the URI alone, and with all headers. */
  uriBytes: number;
  headBytes: number;
  body: string;
  arrivedAt: number;
}

/** One line of the log that tests look at. */
export interface LoggedRequest {
  /** By our clock. */
  at: number;
  method: string;
  path: string;
  /** The raw query string, with its question mark; '' when there is none. */
  search: string;
  kind: RequestKind;
  /** The user whose token came along (for `token`: who is asked for), where known. */
  userId: string | null;
  /** Null until there is an answer, and for ever when there is none. */
  status: number | null;
}

/** Reads a request to its end. Rejects when the client goes away before that: then nothing may happen. */
export async function readRequest(request: IncomingMessage, now: () => number): Promise<IncomingCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const target = request.url ?? '/';
  const [path = '/'] = target.split('?', 1);
  const search = target.slice(path.length);
  const headers = request.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
  const query = new URLSearchParams(search);
  const override = query.get('_HttpMethod');
  return {
    // Connect lets clients that cannot PATCH say so in a POST (Connect REST API Architecture).
    method: request.method === 'POST' && override === 'PATCH' ? override : (request.method ?? 'GET'),
    path,
    query,
    search,
    contentType: (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    headers: request.headers,
    uriBytes: target.length,
    headBytes: target.length + headers,
    body: Buffer.concat(chunks).toString('utf8'),
    arrivedAt: now(),
  };
}
