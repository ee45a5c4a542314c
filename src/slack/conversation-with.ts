import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';

/** The id of somebody's own conversation with the app. @throws DeliveryError */
export async function conversationWith(client: WebClient, ask: Ask, user: string): Promise<string> {
  const { channel } = await ask(methodScope('conversations.open'), 'read', () =>
    client.conversations.open({ users: user }),
  );
  if (channel?.id === undefined)
    throw refusedForGood('slack-no-conversation', 'Slack gives no conversation.');
  return channel.id;
}
