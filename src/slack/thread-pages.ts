import type { WebClient } from '@slack/web-api';
import { type Ask, methodScope } from './asking.ts';
import { MessageEvent } from './payload.ts';

/** Slack's advice for its lists; an app that gets fewer has more pages (docs.slack.dev, "Rate limits", 2025). */
const PAGE_SIZE = 200;

export interface ThreadPart {
  channel: string;
  /** `ts` of its root. */
  root: string;
  /** Only what was written after that, the root perhaps with it; undefined: from the beginning. */
  after?: string;
  /** Where an earlier reading stopped. */
  from?: string | undefined;
  /** How many messages a page has at most, and that one page is enough. */
  only?: number;
}

export interface ThreadPage {
  messages: readonly MessageEvent[];
  /** Where to go on; undefined: that was all. */
  next: string | undefined;
}

/**
 * Reads a thread page by page, each as it would come in events; what is no message is left out. Slack does not promise an
 * order, and may show the root on every page.
 * @throws DeliveryError, also in the middle.
 */
export async function* threadPages(
  client: WebClient,
  ask: Ask,
  { channel, root, after, from, only }: ThreadPart,
): AsyncGenerator<ThreadPage> {
  let cursor = from;
  do {
    const at = {
      ...{ channel, ts: root, limit: only ?? PAGE_SIZE, include_all_metadata: true },
      ...(after !== undefined && { oldest: after }),
      ...(cursor !== undefined && { cursor }),
    };
    const page = await ask(methodScope('conversations.replies'), 'read', () =>
      client.conversations.replies(at),
    );
    cursor = page.response_metadata?.next_cursor || undefined;
    const messages = (page.messages ?? []).flatMap((message) => {
      const read = MessageEvent.safeParse({ ...message, channel });
      return read.success ? [read.data] : [];
    });
    yield { messages, next: cursor };
  } while (cursor !== undefined && only === undefined);
}
