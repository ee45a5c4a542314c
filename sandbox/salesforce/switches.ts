import type { Refusal } from './api-error.ts';

/**
 * Everything about Salesforce that no public document settles. P1..P13 name the open questions; the first
 * live org answers them. All may be changed while the server runs.
 */
export interface Switches {
  /** P1: the answers to unusable input. */
  emptyText: Refusal;
  textTooLong: Refusal;
  recipientsAndReply: Refusal;
  neitherRecipientsNorReply: Refusal;
  tooManyRecipients: Refusal;

  /** P2: REST documents `read` in words that read inverted, Apex says true = read. */
  readMeansUnread: boolean;
  /** P2: what PATCH on a conversation answers. */
  patchAnswers: 'summary' | 'no-content';

  /** P3: order of messages, conversations and a conversation's messages. */
  order: 'newest-first' | 'oldest-first';
  /** P3: what "newest" goes by. */
  orderBy: 'commit' | 'sent-date';
  /** Up to this much is added to or taken from `sentDate`, so that it disagrees with the commit order. */
  sentDateJitterMs: number;

  /** P4: `inReplyTo` names a message that the sender cannot see. */
  replyToUnseen: Refusal;

  /** Deleting a message as a record without the permission for it: the object is said not to be visible then. */
  removalForbidden: Refusal;
  /** Deleting one that is gone. */
  removedBefore: Refusal;

  /** P5: recipients that cannot receive. */
  unknownRecipient: Refusal;
  inactiveRecipient: Refusal;
  recipientWithoutChatter: Refusal;
  externalRecipient: Refusal | null;

  /** P6: a message to nobody but oneself; null accepts it. */
  selfOnly: Refusal | null;
  /** P6: the same recipient twice; null merges them. */
  duplicateRecipients: Refusal | null;

  /** P7: sending to the same set of people again joins their conversation. */
  sameSetSameConversation: boolean;
  /** The recorded answer names the sender among the recipients. */
  recipientsIncludeSender: boolean;

  /** P8: what storing does to line breaks, outer white space and zero-width characters. */
  lineBreaks: 'kept' | 'unified' | 'spaces';
  trimsText: boolean;
  keepsZeroWidth: boolean;

  /** P10: whether a Chatter Free user (CsnOnly) may use the API at all. */
  chatterFreeHasApi: boolean;

  /** Requests that need Chatter, a user and hour; the real number is not published. null: no limit. */
  hourlyLimit: number | null;
  /** P11: body and header of the hourly 503. */
  hourlyLimitBody: 'array' | 'object' | 'page';
  hourlyLimitRetryAfterSeconds: number | null;
  /** The org's 24-hour allocation, drawn on by requests that do not need Chatter. null: no limit. */
  dailyLimit: number | null;
  dailyLimitCoversChatter: boolean;

  /** Records in one answer of SOQL: 2,000 or, as Salesforce sees fit, as few as 200 (REST API guide, Query). */
  queryBatchSize: number;

  /** The words of an Apex `before insert` trigger that vetoes messages; null: no trigger. */
  vetoText: string | null;
  /** The trigger vetoes only texts that contain this. */
  vetoWhenContains: string;
  /** The two features of `/connect/organization`. */
  orgHasChatter: boolean;
  orgHasMessages: boolean;

  /** OAuth's word for a wrong `aud`: both texts are on record. */
  audienceWords: 'Audience validation failed' | 'audience is invalid';
  /** OAuth's words for a pre-authorised user who is inactive (unverified). */
  inactiveUserGrant: { error: string; description: string };
  /** False: the app is not installed in the org. */
  appInstalled: boolean;
  /** Asking again may return the same token while it lives (jsforce issue 1780). */
  sameTokenWhileAlive: boolean;
  /** The id of another user, whose token every JWT grant then hands out; null: the right one. */
  wrongTokenUserId: string | null;

  /** The trigger of `salesforce/` is deployed: every message that is stored is told to the Pub/Sub API, if that runs. */
  publishesEvents: boolean;
  /** Whether the trigger finds the conversation of a new message, and who is in it (unverified). */
  eventsTellConversation: boolean;
  eventsTellMembers: boolean;

  /** The server's clock minus ours: for `Date`, `sentDate` and the check of `exp`. */
  clockSkewMs: number;
}

/** Fresh switches in their most likely position. */
export function defaultSwitches(): Switches {
  return {
    emptyText: { status: 400, errorCode: 'MISSING_ARGUMENT', message: 'Missing required argument: text' },
    textTooLong: {
      status: 400,
      errorCode: 'STRING_TOO_LONG',
      message: 'Text: data value too large (max length=10000)',
    },
    recipientsAndReply: {
      status: 400,
      errorCode: 'INVALID_INPUT',
      message: 'Specify either recipients or inReplyTo, not both',
    },
    neitherRecipientsNorReply: {
      status: 400,
      errorCode: 'MISSING_ARGUMENT',
      message: 'Missing required argument: recipients or inReplyTo',
    },
    tooManyRecipients: {
      status: 400,
      errorCode: 'INVALID_INPUT',
      message: 'At most 9 recipients are allowed',
    },
    readMeansUnread: false,
    patchAnswers: 'summary',
    order: 'newest-first',
    orderBy: 'commit',
    sentDateJitterMs: 0,
    replyToUnseen: {
      status: 403,
      errorCode: 'INSUFFICIENT_ACCESS',
      message: 'You do not have access to this message',
    },
    removalForbidden: {
      status: 404,
      errorCode: 'NOT_FOUND',
      message: 'The requested resource does not exist',
    },
    removedBefore: { status: 404, errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' },
    unknownRecipient: {
      status: 404,
      errorCode: 'NOT_FOUND',
      message: 'The requested resource does not exist',
    },
    inactiveRecipient: {
      status: 400,
      errorCode: 'INVALID_INPUT',
      message: 'You can’t send messages to inactive users',
    },
    recipientWithoutChatter: {
      status: 403,
      errorCode: 'FUNCTIONALITY_NOT_ENABLED',
      message: 'Chatter not enabled for this user',
    },
    externalRecipient: {
      status: 403,
      errorCode: 'INSUFFICIENT_ACCESS',
      message: 'You cannot message this user',
    },
    selfOnly: {
      status: 400,
      errorCode: 'INVALID_INPUT',
      message: 'You can’t send a message to yourself only',
    },
    duplicateRecipients: null,
    sameSetSameConversation: true,
    recipientsIncludeSender: true,
    lineBreaks: 'kept',
    trimsText: false,
    keepsZeroWidth: true,
    chatterFreeHasApi: true,
    hourlyLimit: null,
    hourlyLimitBody: 'array',
    hourlyLimitRetryAfterSeconds: null,
    dailyLimit: null,
    dailyLimitCoversChatter: false,
    queryBatchSize: 2_000,
    vetoText: null,
    vetoWhenContains: '',
    orgHasChatter: true,
    orgHasMessages: true,
    audienceWords: 'Audience validation failed',
    inactiveUserGrant: { error: 'invalid_grant', description: 'inactive user' },
    appInstalled: true,
    sameTokenWhileAlive: true,
    wrongTokenUserId: null,
    publishesEvents: true,
    eventsTellConversation: true,
    eventsTellMembers: true,
    clockSkewMs: 0,
  };
}
