import type { StoredMessage } from './org.ts';
import { send } from './sending.ts';
import type { World } from './world.ts';

/** The people to write to, or the conversation to go on with. */
export type Whereto = { to: readonly string[] } | { conversationId: string };

/** A person writes in Chatter's own pages: the same rules as over the API, without a request. */
export function typeMessage(world: World, senderId: string, whereto: Whereto, text: string): StoredMessage {
  const sender = world.org.user(senderId);
  if (!sender) throw new Error(`no such user: ${senderId}`);
  const target =
    'to' in whereto
      ? { recipients: [...whereto.to], inReplyTo: null }
      : { recipients: null, inReplyTo: lastMessageId(world, whereto.conversationId) };
  return send(world, sender, { text, ...target, via: 'person' }, world.now());
}

function lastMessageId({ org }: World, conversationId: string): string {
  const last = org.messages.findLast((message) => message.conversationId === conversationId);
  if (!last) throw new Error(`no such conversation: ${conversationId}`);
  return last.id;
}
