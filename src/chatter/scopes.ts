import type { SalesforceUserId, Scope } from '../bridge/people.ts';

/** All of Salesforce. */
export const orgScope = 'chatter-org' as Scope;

/**
 * What the bridge's own user asks. Its requests draw on the daily allocation, from which Chatter's are thought to be
 * exempt; so its refusals say nothing about messages.
 */
export const lookUpScope = 'salesforce-look-ups' as Scope;

/** Chatter's hourly limit counts each user for itself (Connect guide, rate limits). */
export const personScope = (id: SalesforceUserId): Scope => `chatter-person:${id}` as Scope;
