import { z } from 'zod';
import type { MessageEvent } from '../../bridge/ports.ts';
import { toConversationId, toMessageId, toUserId } from '../ids.ts';

/** The fields of Chatter_Message__e (salesforce/force-app/main/default/objects) that are read. */
const fields = z.object({
  MessageId__c: z.string(),
  ConversationId__c: z.string(),
  SenderId__c: z.string(),
  /** Empty or absent when the trigger could not tell. */
  MemberIds__c: z.string().nullish(),
});

/** @throws when it is not one. */
export function messageEvent(record: unknown): MessageEvent {
  const { MessageId__c, ConversationId__c, SenderId__c, MemberIds__c } = fields.parse(record);
  const members = (MemberIds__c ?? '').split(',').filter((id) => id !== '');
  return {
    message: toMessageId(MessageId__c),
    conversation: toConversationId(ConversationId__c),
    sender: toUserId(SenderId__c),
    members: members.map(toUserId),
  };
}
