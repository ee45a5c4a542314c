import { z } from 'zod';
import type { PrivateMessage } from '../bridge/ports.ts';
import { toConversationId, toMessageId, toUserId } from './ids.ts';

/**
 * What we read of Connect's answers; fields we do not know are none of our business. Only `body.text` counts: in the
 * recorded answer `messageSegments` is empty and `isRichText` null while `text` holds everything.
 */
const userSummary = z.object({ id: z.string().transform(checked(toUserId)), name: z.string().nullish() });

const chatterMessage = z
  .object({
    id: z.string().transform(checked(toMessageId)),
    conversationId: z.string().transform(checked(toConversationId)),
    body: z.object({ text: z.string() }),
    sender: userSummary,
    /** May name the sender too, as the recorded answer does. */
    recipients: z.array(userSummary),
    sentDate: z.string().transform(checked(toMs)),
  })
  .transform(
    ({ id, conversationId, body, sender, recipients, sentDate }): PrivateMessage => ({
      id,
      conversationId,
      sender: sender.id,
      people: [...new Set([sender.id, ...recipients.map((recipient) => recipient.id)])],
      names: new Map([sender, ...recipients].flatMap(({ id, name }) => (name ? [[id, name] as const] : []))),
      text: body.text,
      sentAtMs: sentDate,
    }),
  );

const messagePage = z.object({
  messages: z.array(chatterMessage),
  nextPageToken: z.string().nullish(),
  nextPageUrl: z.string().nullish(),
});

export type MessagePage = z.infer<typeof messagePage>;

/** @throws ZodError when it is not a message as Connect describes it. */
export function parseMessage(answer: unknown): PrivateMessage {
  return chatterMessage.parse(answer);
}

/** @throws ZodError when it is not a page of messages, or one of them is none. */
export function parsePage(answer: unknown): MessagePage {
  return messagePage.parse(answer);
}

function toMs(date: string): number {
  const ms = Date.parse(date);
  if (Number.isNaN(ms)) throw new RangeError('not a date');
  return ms;
}

/** Turns a parser that throws RangeError into one that zod reports. */
function checked<Parsed>(parse: (text: string) => Parsed) {
  return (text: string, context: z.RefinementCtx): Parsed => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'unreadable' });
      return z.NEVER;
    }
  };
}
