import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { act } from './actions.ts';
import { emojiByName } from './emoji.ts';
import { FAULT_MENUS } from './faults.ts';
import { Live } from './live.ts';
import type { Stage } from './stage.ts';

const BROWSER_FILES = new URL('browser/', import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Everything the page needs comes from here, and no other page may put it in a frame. */
const CONTENT_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const LONGEST_BODY = 200_000;

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the sandbox page on 127.0.0.1; when the port is taken, on a free one. */
export async function startPage(stage: Stage, port: number): Promise<Page> {
  const live = new Live(stage);
  const server = createServer((request, response) => {
    handle(request, response, stage, live).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
      else response.destroy();
    });
  });
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(on, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(0);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      live.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, stage: Stage, live: Live) {
  const { host = '', origin } = request.headers;
  // A name of somebody's own that leads to 127.0.0.1 (DNS rebinding), or a form on another site: neither is us.
  if (!LOOPBACK_HOST.test(host) || (origin !== undefined && origin !== `http://${host}`)) {
    return sendJson(response, 403, { error: 'The sandbox answers to its own page only.' });
  }
  const url = new URL(request.url ?? '/', `http://${host}`);
  if (request.method === 'POST' && url.pathname === '/act') return doAct(request, response, stage, live);
  if (request.method !== 'GET') return sendJson(response, 405, { error: 'GET, or POST to /act.' });
  switch (url.pathname) {
    case '/live':
      return watch(url, response, stage, live);
    case '/fixed.json':
      return sendJson(response, 200, { emoji: emojiByName(), faultMenus: FAULT_MENUS });
    default:
      return sendFile(response, url.pathname === '/' ? 'index.html' : url.pathname.slice(1));
  }
}

async function doAct(request: IncomingMessage, response: ServerResponse, stage: Stage, live: Live) {
  // A form of another site can say text/plain, and JSON only after asking; we say no by not answering OPTIONS.
  if (request.headers['content-type'] !== 'application/json') {
    return sendJson(response, 415, { error: 'Only application/json.' });
  }
  const body = await bodyOf(request);
  if (body === undefined) return sendJson(response, 413, { error: 'Too long.' });
  try {
    sendJson(response, 200, await act(stage, JSON.parse(body)));
  } catch (error) {
    sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
  live.changed();
}

function watch(url: URL, response: ServerResponse, stage: Stage, live: Live): void {
  const slack = url.searchParams.get('slack') ?? '';
  const chatter = url.searchParams.get('chatter') ?? '';
  const { users } = stage.slack.workspace;
  const asked = {
    slack: users.has(slack) ? slack : idNamed([...users.values()], 'real_name', 'Ada Lovelace'),
    chatter: stage.salesforce.users.some(({ id }) => id === chatter)
      ? chatter
      : idNamed(stage.salesforce.users, 'name', 'Grace Hopper'),
  };
  live.show(response, asked);
}

function idNamed<Key extends string>(
  people: readonly (Record<Key, string> & { id: string })[],
  key: Key,
  name: string,
): string {
  return people.find((person) => person[key] === name)?.id ?? '';
}

async function sendFile(response: ServerResponse, name: string): Promise<void> {
  const type = CONTENT_TYPES[extname(name)];
  // One flat folder: no name with a slash, or a dot at its start, is in it.
  if (!type || !/^\w[\w-]*\.\w+$/.test(name)) return sendJson(response, 404, { error: 'Not found.' });
  try {
    const content = await readFile(new URL(name, BROWSER_FILES));
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': CONTENT_POLICY,
      'cache-control': 'no-store',
    });
    response.end(content);
  } catch {
    sendJson(response, 404, { error: 'Not found.' });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
