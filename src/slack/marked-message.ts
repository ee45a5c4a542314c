import type { WebClient } from '@slack/web-api';
import { type Ask, methodScope } from './asking.ts';
import { NOTE_EVENT } from './note-event.ts';

/** How far back a note is looked for: longer than any message waits for its outcome. */
const WINDOW_MS = 7 * 24 * 60 * 60_000;
const PAGE_SIZE = 200;
/** A conversation with the app of 4,000 messages in a week is no person's. */
const MAX_PAGES = 20;

export interface Marked {
  channel: string;
  /** Looked for among this thread's replies; undefined: among the messages outside of threads. */
  thread: string | undefined;
  marker: string;
  nowMs: number;
}

interface Page {
  messages?: { ts?: string; metadata?: { event_type?: string; event_payload?: { marker?: unknown } } }[];
  response_metadata?: { next_cursor?: string };
}

/** Reads the conversation, once, for the note with that marker. @returns its `ts`. Throws DeliveryError. */
export async function findMarked(client: WebClient, ask: Ask, marked: Marked): Promise<string | undefined> {
  const { channel, thread, marker, nowMs } = marked;
  const window = {
    channel,
    include_all_metadata: true,
    oldest: String((nowMs - WINDOW_MS) / 1000),
    limit: PAGE_SIZE,
  };
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const at = { ...window, ...(cursor === '' ? {} : { cursor }) };
    const [method, read] =
      thread === undefined
        ? (['conversations.history', () => client.conversations.history(at)] as const)
        : (['conversations.replies', () => client.conversations.replies({ ...at, ts: thread })] as const);
    const { messages = [], response_metadata } = await ask(
      methodScope(method),
      'read',
      read as () => Promise<Page>,
    );
    const found = messages.find(
      ({ metadata }) => metadata?.event_type === NOTE_EVENT && metadata.event_payload?.marker === marker,
    );
    if (found !== undefined) return found.ts;
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') return undefined;
  }
  return undefined;
}
