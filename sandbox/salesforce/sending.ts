import { ApiError, refuse } from './api-error.ts';
import { idOf } from './identifiers.ts';
import type { MessageInput } from './message-input.ts';
import type { Conversation, OrgUser, StoredMessage } from './org.ts';
import type { Switches } from './switches.ts';
import type { World } from './world.ts';

/** Both limits from the Connect guide, "User Messages, General". The text is measured in UTF-16 units. */
const maxTextLength = 10_000;
const maxRecipients = 9;

const externalTypes = ['PowerPartner', 'PowerCustomerSuccess', 'CustomerSuccess', 'CspLitePortal', 'Guest'];

/** Whether this user is outside the company: a partner, a customer, a guest of a site. */
export function isExternal(user: OrgUser): boolean {
  return externalTypes.includes(user.userType);
}

/**
 * Stores a message after all of Salesforce's rules, the org's trigger last. Gives the stored message; throws
 * ApiError.
 */
export function send(world: World, sender: OrgUser, input: MessageInput, arrivedAt: number): StoredMessage {
  const { switches, org } = world;
  if (input.text === '') throw new ApiError(switches.emptyText);
  if (input.text.length > maxTextLength) throw new ApiError(switches.textTooLong);
  if (input.recipients && input.inReplyTo !== null) throw new ApiError(switches.recipientsAndReply);
  const find =
    input.inReplyTo === null
      ? recipients(world, sender, input.recipients ?? [])
      : repliedTo(world, sender, input.inReplyTo);
  checkTrigger(switches, input.text);
  const committedAt = world.now();
  const jitterMs = Math.round((world.random() * 2 - 1) * switches.sentDateJitterMs);
  return org.store(find(), {
    senderId: sender.id,
    inReplyTo: input.inReplyTo,
    text: asStored(switches, input.text),
    sentDate: new Date(world.serverNow() + jitterMs).toISOString(),
    arrivedAt,
    committedAt,
    via: input.via,
  });
}

/** Checks the recipients; gives a function, because a vetoed message must not open a conversation. */
function recipients({ org, switches }: World, sender: OrgUser, sent: string[]): () => Conversation {
  if (sent.length === 0) throw new ApiError(switches.neitherRecipientsNorReply);
  if (sent.length > maxRecipients) throw new ApiError(switches.tooManyRecipients);
  const ids = sent.map((id) => idOf('user', id));
  const people = new Set(ids);
  if (people.size < ids.length && switches.duplicateRecipients)
    throw new ApiError(switches.duplicateRecipients);
  people.delete(sender.id);
  if (people.size === 0 && switches.selfOnly) throw new ApiError(switches.selfOnly);
  for (const id of people) checkRecipient(switches, org.user(id));
  const memberIds = [sender.id, ...people];
  return () =>
    (switches.sameSetSameConversation ? org.conversationAmong(memberIds) : undefined) ??
    org.openConversation(memberIds);
}

function checkRecipient(switches: Switches, user: OrgUser | undefined): void {
  if (!user) throw new ApiError(switches.unknownRecipient);
  if (!user.isActive) throw new ApiError(switches.inactiveRecipient);
  if (!user.chatterEnabled) throw new ApiError(switches.recipientWithoutChatter);
  if (isExternal(user) && switches.externalRecipient) throw new ApiError(switches.externalRecipient);
}

function repliedTo({ org, switches }: World, sender: OrgUser, messageId: string): () => Conversation {
  const message = org.messageFor(sender.id, idOf('message', messageId));
  const conversation = message && org.conversation(message.conversationId);
  if (!conversation) throw new ApiError(switches.replyToUnseen);
  return () => conversation;
}

function checkTrigger({ vetoText, vetoWhenContains }: Switches, text: string): void {
  if (vetoText === null || !text.includes(vetoWhenContains)) return;
  throw refuse(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', vetoText);
}

function asStored(switches: Switches, text: string): string {
  let stored = text;
  if (switches.lineBreaks === 'unified') stored = stored.replaceAll(/\r\n?/g, '\n');
  if (switches.lineBreaks === 'spaces') stored = stored.replaceAll(/\r\n?|\n/g, ' ');
  if (!switches.keepsZeroWidth) stored = stored.replaceAll(/\u200b|\u200c|\u200d|\u2060|\ufeff/g, '');
  return switches.trimsText ? stored.trim() : stored;
}
