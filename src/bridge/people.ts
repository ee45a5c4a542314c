declare const brand: unique symbol;
type Brand<T, Name> = T & { readonly [brand]: Name };

/** A person on the chat side. Opaque here: only the chat edge makes or reads one (Slack: team and user id). */
export type ChatPersonId = Brand<string, 'ChatPersonId'>;
/** A thread on the chat side. Opaque here (Slack: team, channel and `thread_ts`). */
export type ChatThreadId = Brand<string, 'ChatThreadId'>;
/** Where threads are on the chat side. Opaque here (Slack: team and channel). */
export type ChatPlaceId = Brand<string, 'ChatPlaceId'>;
/** One message on the chat side. Opaque here (Slack: team, channel and `ts`). */
export type ChatMessageId = Brand<string, 'ChatMessageId'>;
/** Where a command can be answered for a short while. Opaque and secret (Slack: `response_url`). */
export type AnswerHandle = Brand<string, 'AnswerHandle'>;

/** Salesforce ids, always in their 18-character form. */
export type SalesforceUserId = Brand<string, 'SalesforceUserId'>;
export type ChatterMessageId = Brand<string, 'ChatterMessageId'>;
export type ConversationId = Brand<string, 'ConversationId'>;

/** A place in a stream of events, to go on from. Opaque here: only Salesforce makes one. */
export type ReplayId = Brand<string, 'ReplayId'>;

/** One delivery: the natural key of what caused it, so that the same event always has the same id. */
export type DeliveryId = Brand<string, 'DeliveryId'>;
/** One message to many, and what became of it for each. */
export type NotificationId = Brand<string, 'NotificationId'>;
/** A Salesforce sender and a set of people: what once-only is kept for. It never changes. */
export type PairKey = Brand<string, 'PairKey'>;
/** What must stay in order: one thread, or one person's messages to one set of addressees. */
export type LaneKey = Brand<string, 'LaneKey'>;

/** What one limit or outage concerns: a person's requests, an org, a channel. Opaque here: only edges make one. */
export type Scope = Brand<string, 'Scope'>;

/** A chat person as the bridge may act for them: checked, with the e-mail that counts. */
export interface ChatPerson {
  id: ChatPersonId;
  name: string;
  email: string;
  /** IANA name, for the times that late messages carry. */
  timeZone: string;
}

/** One active Salesforce user. `username` is what a token is asked for; it is not the e-mail. */
export interface SalesforceUser {
  id: SalesforceUserId;
  username: string;
  name: string;
}

/**
 * Stands where a person in chat would for what the bridge's own Salesforce user reads, and for what is said in threads that
 * everybody reads. No platform has such a person.
 */
export const BRIDGE = 'bridge' as ChatPersonId;

/** Somebody named as a recipient, before anybody was looked up; `user`: picked by name among Salesforce's users. */
export type Addressee =
  | { kind: 'person'; id: ChatPersonId }
  | { kind: 'email'; email: string }
  /** `isFound`: looked up just before, with many others. */
  | { kind: 'user'; id: SalesforceUserId; name: string; isFound?: true };
