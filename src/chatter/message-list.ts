import type { Connection } from 'jsforce';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatterMessageId, SalesforceUser } from '../bridge/people.ts';
import type { PrivateMessage } from '../bridge/ports.ts';
import { type MessagePage, parsePage } from './chatter-message.ts';

/** No document says how Connect orders messages; `unknown` reads them all. */
export type ListOrder = 'newest-first' | 'unknown';

/** `me` is whoever the token is for; Connect takes no other user. */
export const messagesPath = '/chatter/users/me/messages';

/** Connect's largest. */
const pageSize = 100;

/** 2,000 messages: a third of the hourly budget, spent on one look. */
const mostPages = 20;

/** How far `sentDate` may disagree with the order of the list before a look stops too early. */
const orderSlackMs = 10 * 60 * 1000;

/** Without the header `' " < > & \` come back as HTML entities (Connect guide, encoding). */
export const chatterHeaders = { 'X-Chatter-Entity-Encoding': 'false' } as const;

export interface Listing {
  messages: readonly PrivateMessage[];
  pages: number;
  isWhole: boolean;
}

/**
 * The messages that the connection's user can see and that were sent at `sinceMs` or later, each once. Throws what the
 * connection throws, and an Error for a page that cannot be read. `isWhole`: false when the list is longer than is read.
 * @param beforePage called before each request; what it throws is thrown.
 */
export async function readSince(
  connection: Connection,
  reader: SalesforceUser,
  sinceMs: number,
  order: ListOrder,
  beforePage: () => Promise<void>,
): Promise<Listing> {
  const found = new Map<ChatterMessageId, PrivateMessage>();
  let url: string | undefined = `${messagesPath}?pageSize=${pageSize}`;
  let pages = 0;
  for (; url !== undefined; pages++) {
    if (pages === mostPages) return { messages: [...found.values()], pages, isWhole: false };
    await beforePage();
    const page = parsePage(await connection.request({ method: 'GET', url, headers: { ...chatterHeaders } }));
    for (const message of page.messages) if (message.sentAtMs >= sinceMs) found.set(message.id, message);
    url =
      order === 'newest-first' && reachesBack(page.messages, sinceMs)
        ? undefined
        : nextUrl(page, connection, reader);
  }
  return { messages: [...found.values()], pages, isWhole: true };
}

/** Whether older pages hold nothing of interest. A list that runs the other way never says so. */
function reachesBack(messages: readonly PrivateMessage[], sinceMs: number): boolean {
  const first = messages[0];
  const last = messages.at(-1);
  if (!first || !last) return false;
  return last.sentAtMs < sinceMs - orderSlackMs && last.sentAtMs < first.sentAtMs;
}

/** The token where there is one, as URLs in answers are encoded in a way that cannot be switched off. */
function nextUrl(page: MessagePage, connection: Connection, reader: SalesforceUser): string | undefined {
  if (page.nextPageToken) {
    return `${messagesPath}?${new URLSearchParams({ page: page.nextPageToken, pageSize: String(pageSize) })}`;
  }
  if (!page.nextPageUrl) return undefined;
  const base = new URL(connection._baseUrl());
  const next = new URL(page.nextPageUrl, base);
  const expected = [messagesPath, `/chatter/users/${reader.id}/messages`].map((path) => base.pathname + path);
  if (next.origin !== base.origin || !expected.includes(next.pathname)) {
    throw new Error('the next page is somewhere else'); // not with somebody's token
  }
  return next.href;
}

export function tooLong() {
  return refusedForGood(
    'list-too-long',
    `The bridge looked through your last ${mostPages * pageSize} Chatter messages and could not read the list to its end, so it does not know whether the message is there.`,
  );
}
