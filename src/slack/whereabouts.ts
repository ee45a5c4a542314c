import type { ChatMessageId, ChatThreadId } from '../bridge/people.ts';
import { type MessageParts, makeThreadId, parseMessageId, parseThreadId } from './ids.ts';

/** Where a thread is now: its channel may have got another id since it was mirrored. */
export type WhereIs = (thread: ChatThreadId) => Promise<ChatThreadId>;

/** The same of a message: by which names Slack knows it now. */
export async function whereMessageIs(message: ChatMessageId, whereIs: WhereIs): Promise<MessageParts> {
  return parseThreadId(await whereIs(makeThreadId(parseMessageId(message))));
}
