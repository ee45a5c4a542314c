import type { ChatMessageId, ChatThreadId } from '../bridge/people.ts';
import { type MessageParts, makeThreadId, parseMessageId, parseThreadId } from './ids.ts';

/** Where a thread is now: its channel may have got another id since it was mirrored. */
export type WhereIs = (thread: ChatThreadId) => Promise<ChatThreadId>;

/** The same of a message: by which names Slack knows it now. @param thread that it is in; undefined: it begins one. */
export async function whereMessageIs(
  message: ChatMessageId,
  thread: ChatThreadId | undefined,
  whereIs: WhereIs,
): Promise<MessageParts> {
  const named = parseMessageId(message);
  const { channel } = parseThreadId(await whereIs(thread ?? makeThreadId(named)));
  return { ...named, channel };
}
