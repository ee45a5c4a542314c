import type { WebClient } from '@slack/web-api';
import type { ChatMessageId } from '../bridge/people.ts';
import { type Ask, methodScope } from './asking.ts';
import { parseMessageId } from './ids.ts';
import { rememberedLookup } from './lookup.ts';

/** Addresses of messages, for whoever may see them; undefined: Slack gives none. Throws DeliveryError. */
export function createPermalinks(
  client: WebClient,
  ask: Ask,
): (message: ChatMessageId) => Promise<string | undefined> {
  const permalinkOf = rememberedLookup(async (message) => {
    const { channel, ts: message_ts } = parseMessageId(message as ChatMessageId);
    const { permalink } = await ask(methodScope('chat.getPermalink'), 'read', () =>
      client.chat.getPermalink({ channel, message_ts }),
    );
    return permalink;
  });
  return (message) => permalinkOf(message);
}
