import { createHash } from 'node:crypto';
import avsc from 'avsc';
import type { StoredMessage } from '../org.ts';

export const TOPIC = '/event/Chatter_Message__e';

const text = (name: string) => ({
  name,
  type: ['null', 'string'],
  doc: 'Data:Text:00NxX0000000001',
  default: null,
});

/** As Salesforce describes a platform event: custom fields may be null, and are followed by nothing of ours. */
const schema = {
  type: 'record',
  name: 'Chatter_Message__e',
  namespace: 'com.sforce.eventbus',
  fields: [
    { name: 'CreatedDate', type: 'long', doc: 'CreatedDate:DateTime' },
    { name: 'CreatedById', type: 'string', doc: 'CreatedBy:EntityId' },
    text('MessageId__c'),
    text('ConversationId__c'),
    text('SenderId__c'),
    { name: 'SentDate__c', type: ['null', 'long'], doc: 'Data:DateTime:00NxX0000000002', default: null },
    text('MemberIds__c'),
  ],
};

export const schemaJson = JSON.stringify(schema);
/** A fingerprint of the schema, as 22 characters. */
export const schemaId = createHash('md5').update(schemaJson).digest('base64url');
const type = avsc.Type.forSchema(JSON.parse(schemaJson));

/** What the trigger was able to find out. */
export interface Told {
  conversation: boolean;
  members: boolean;
}

/** The event that the trigger publishes for a message. */
export function payloadOf(message: StoredMessage, told: Told): Buffer {
  const { id, conversationId, senderId, recipientIds, sentDate, committedAt } = message;
  const members = [...new Set([senderId, ...recipientIds])].join(',');
  return type.toBuffer({
    CreatedDate: committedAt,
    CreatedById: senderId,
    MessageId__c: id,
    ConversationId__c: told.conversation ? conversationId : null,
    SenderId__c: senderId,
    SentDate__c: Date.parse(sentDate),
    MemberIds__c: told.conversation && told.members ? members : null,
  });
}
