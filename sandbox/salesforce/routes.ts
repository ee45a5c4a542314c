import type { Answer } from './answer.ts';
import { type ApiError, refuse } from './api-error.ts';
import { getConversation, listConversations, patchConversation, unreadCount } from './conversations.ts';
import type { RequestKind } from './faults.ts';
import { getMessage, listMessages, postMessage } from './messages.ts';
import { getLimits, getOrganization } from './organization.ts';
import { deleteRecord } from './records.ts';
import { queryMore, queryUsers } from './user-query.ts';
import type { ApiCall } from './world.ts';

/** What clients of this age may still use: 7–30 are retired; `page` tokens as we give them came with 37. */
const oldestVersion = 37;
const newestVersion = 68;
const lastRetiredVersion = 30;

type Handler = (call: ApiCall) => Answer;

interface Route {
  path: RegExp;
  kind: (method: string) => RequestKind;
  methods: Record<string, Handler>;
}

const users = '^/chatter/users/([^/]+)';
const listing = () => 'list' as const;

/** The resources; those under `/chatter/` "require Chatter" and count against the hourly limit. */
const routes: Route[] = [
  {
    path: new RegExp(`${users}/messages$`),
    kind: (method) => (method === 'POST' ? 'post' : 'list'),
    methods: { GET: listMessages, POST: postMessage },
  },
  { path: new RegExp(`${users}/messages/([^/]+)$`), kind: listing, methods: { GET: getMessage } },
  { path: new RegExp(`${users}/conversations$`), kind: listing, methods: { GET: listConversations } },
  { path: new RegExp(`${users}/conversations/unread-count$`), kind: listing, methods: { GET: unreadCount } },
  {
    path: new RegExp(`${users}/conversations/([^/]+)$`),
    kind: (method) => (method === 'PATCH' ? 'other' : 'list'),
    methods: { GET: getConversation, PATCH: patchConversation },
  },
  { path: /^\/connect\/organization$/, kind: () => 'other', methods: { GET: getOrganization } },
  { path: /^\/query\/?$/, kind: () => 'query', methods: { GET: queryUsers } },
  { path: /^\/query\/([^/]+)$/, kind: () => 'query', methods: { GET: queryMore } },
  { path: /^\/sobjects\/ChatterMessage\/([^/]+)$/, kind: () => 'other', methods: { DELETE: deleteRecord } },
  { path: /^\/limits\/?$/, kind: () => 'other', methods: { GET: getLimits } },
];

/** A resource found for a request, ready to run. */
export interface Found {
  kind: RequestKind;
  /** Connect resources encode entities in their answers; SOQL's do not. */
  isConnect: boolean;
  needsChatter: boolean;
  ids: string[];
  handle: Handler;
}

/** The path below the version, or throws: 404 for what is unknown, 410 for what is retired. */
export function belowVersion(path: string): { base: string; rest: string } {
  const [, base = '', number] = /^(\/services\/data\/v(\d+)\.0)(?=\/)/.exec(path) ?? [];
  const version = Number(number ?? 0);
  if (version >= 1 && version <= lastRetiredVersion) {
    throw refuse(410, 'GONE', 'The requested resource is no longer available');
  }
  if (version < oldestVersion || version > newestVersion) throw notFound();
  return { base, rest: path.slice(base.length) };
}

/** `GET /services/data/`: needs no token and counts nowhere. */
export function versions(): Answer {
  const body = [];
  for (let version = oldestVersion; version <= newestVersion; version += 1) {
    body.push({ label: `v${version}`, url: `/services/data/v${version}.0`, version: `${version}.0` });
  }
  return { status: 200, body };
}

/** Finds the resource; throws 404 NOT_FOUND or 405 METHOD_NOT_ALLOWED. */
export function find(rest: string, method: string): Found {
  for (const { path, kind, methods } of routes) {
    const match = path.exec(rest);
    if (!match) continue;
    const handle = methods[method === 'HEAD' ? 'GET' : method];
    if (!handle) {
      throw refuse(
        405,
        'METHOD_NOT_ALLOWED',
        `HTTP Method '${method}' not allowed. Allowed are ${Object.keys(methods)}`,
      );
    }
    const needsChatter = rest.startsWith('/chatter/');
    return {
      kind: kind(method),
      isConnect: needsChatter || rest.startsWith('/connect/'),
      needsChatter,
      ids: match.slice(1),
      handle,
    };
  }
  throw notFound();
}

function notFound(): ApiError {
  return refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
}
