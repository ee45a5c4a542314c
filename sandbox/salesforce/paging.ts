import { refuse } from './api-error.ts';

const maxPageSize = 100;
const defaultPageSize = 25;

export interface Page<T> {
  items: T[];
  links: {
    currentPageToken: string;
    currentPageUrl: string;
    nextPageToken: string | null;
    nextPageUrl: string | null;
  };
}

/**
 * The page that `page` (an opaque token) and `pageSize` ask for. A token remembers the last item already
 * seen, so messages that arrive between two pages shift nothing. Throws for a bad size or token and, as
 * Apex documents it, for a page past the end.
 */
export function pageOf<T extends { id: string }>(items: T[], query: URLSearchParams, path: string): Page<T> {
  const size = pageSize(query);
  const seenId = seenIdIn(query.get('page'));
  const start = seenId === '' ? 0 : items.findIndex((item) => item.id === seenId) + 1;
  if (seenId !== '' && start === 0) throw badParameter('page');
  const page = items.slice(start, start + size);
  if (seenId !== '' && page.length === 0) throw refuse(404, 'NOT_FOUND', 'The requested page does not exist');
  const last = page.at(-1);
  const next = last && start + size < items.length ? tokenAfter(last.id) : null;
  const current = tokenAfter(seenId);
  const urlOf = (token: string) => `${path}?${new URLSearchParams({ ...rest(query), page: token })}`;
  return {
    items: page,
    links: {
      currentPageToken: current,
      currentPageUrl: urlOf(current),
      nextPageToken: next,
      nextPageUrl: next === null ? null : urlOf(next),
    },
  };
}

/** The search words in `q`, lower case, or null; at least two characters besides wildcards. */
export function searchWords(query: URLSearchParams): string | null {
  const q = query.get('q');
  if (q === null) return null;
  const words = q.replaceAll(/[*?]/g, '').trim().toLowerCase();
  if (words.length < 2) throw badParameter('q');
  return words;
}

function pageSize(query: URLSearchParams): number {
  const asked = query.get('pageSize');
  if (asked === null) return defaultPageSize;
  const size = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (size < 1 || size > maxPageSize) throw badParameter('pageSize');
  return size;
}

function tokenAfter(id: string): string {
  return Buffer.from(`after:${id}`).toString('base64url');
}

function seenIdIn(token: string | null): string {
  if (token === null) return '';
  const match = /^after:(\w*)$/.exec(Buffer.from(token, 'base64url').toString());
  if (match?.[1] === undefined) throw badParameter('page');
  return match[1];
}

function rest(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => ['pageSize', 'q', 'filterGroup'].includes(name)));
}

function badParameter(name: string) {
  return refuse(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', `Illegal value for query parameter: ${name}`);
}
