import type { PauseReason } from './gate.ts';
import type { ChatPersonId, NotificationId, SalesforceUserId } from './people.ts';
import type { Taken } from './taken.ts';

/** Whom a notification names, before anybody was looked up. Groups and places are as their edge names them. */
export type Named =
  | { kind: 'person'; id: ChatPersonId }
  | { kind: 'email'; email: string }
  /** Opaque here (Slack: a user group by id or `@handle`, or a channel's id). */
  | { kind: 'group' | 'place'; name: string };

/** Somebody who is to be told, each once however often they were named. */
export interface Audience {
  people: readonly AudienceMember[];
  /** Named, or a member of what was named, and not told anything: with the reason. */
  leftOut: readonly LeftOut[];
}

export interface AudienceMember {
  /** Absent: named by e-mail alone. */
  id?: ChatPersonId;
  name: string;
  email: string;
}

/**
 * sender        whoever sends it
 * bot, guest, other-company, deactivated, no-email   as the chat platform knows them
 * no-user, several-users, inactive, no-chatter       as Salesforce knows them
 * opted-out     does not want the bridge to act for them
 * unknown       nobody and nothing is called that
 */
export type LeftOutReason =
  | 'sender'
  | 'bot'
  | 'guest'
  | 'other-company'
  | 'deactivated'
  | 'no-email'
  | 'no-user'
  | 'several-users'
  | 'inactive'
  | 'no-chatter'
  | 'opted-out'
  | 'unknown';

export interface LeftOut {
  name: string;
  why: LeftOutReason;
  /** Of whom there is one. */
  email?: string;
}

/** Somebody who can be told. */
export interface Reachable extends AudienceMember {
  user: SalesforceUserId;
}

/** Who would be told, and who would not: what a sender confirms. */
export interface Preview {
  reachable: readonly Reachable[];
  leftOut: readonly LeftOut[];
}

/**
 * waiting     taken, and on its way, or waits for its turn
 * delivered   Salesforce has it
 * failed      refused for good, or tried for long enough
 * uncertain   not confirmed: it may have arrived
 * stopped     its sender has stopped it before it went
 */
export type Outcome = 'waiting' | 'delivered' | 'failed' | 'uncertain' | 'stopped';

/** What became of one person's message. `sentence`: why, in words for the sender. */
export interface PersonOutcome {
  name: string;
  email: string;
  outcome: Outcome;
  code?: string;
  sentence?: string;
}

/** Until when nothing of it goes, by itself, and why. */
export interface Paused {
  reason: PauseReason;
  untilMs: number;
}

export interface Report {
  id: NotificationId;
  /** Whoever has sent it; BRIDGE: somebody through the API. */
  by: ChatPersonId;
  createdAtMs: number;
  /** Looking people up, sending, at an end, or stopped on the way. */
  state: 'looking-up' | 'sending' | 'done' | 'stopped';
  people: readonly PersonOutcome[];
  leftOut: readonly LeftOut[];
  /** Why nobody could be looked up: then that was all. */
  failure?: { code: string; sentence: string };
  /** When it will be done as far as can be foreseen: absent while nothing is known. */
  foreseenEndMs?: number;
  /** While it is so. */
  paused?: Paused;
}

export interface NotificationRequest {
  by: ChatPersonId;
  /** In the chat platform's own mark-up for people, plain through the API. */
  text: string;
  beyondText?: unknown;
  /** As confirmed; or names, which the worker looks up. */
  to: { confirmed: Preview } | { named: readonly Named[] };
}

/** When it is sent: at once, at a time, or again and again. */
export type When = { atMs: number } | { cron: string; timeZone: string };

/** One that has not been sent yet, or is sent again. */
export interface Scheduled {
  id: NotificationId;
  by: ChatPersonId;
  when: When;
  nextAtMs: number;
  /** What was sent of it last: each run of one that recurs is a notification of its own. */
  lastRun?: NotificationId;
}

/** What is done about notifications. Each throws when Redis does not answer in time. */
export interface Notifications {
  /**
   * Stored before it answers; sent by a worker. The same id is the same notification.
   * @param comesAgain whether it is asked for again under this id when it could not be stored. If not, it is cancelled, so
   * that "nothing was sent" stays true.
   */
  send(id: NotificationId, request: NotificationRequest, comesAgain?: boolean): Promise<Taken>;
  /** Sent later. @throws RangeError for a `cron` or a time zone that cannot be understood, or a time that has passed. */
  schedule(id: NotificationId, request: NotificationRequest, when: When): Promise<Taken>;
  /** Those of one sender. */
  scheduled(by: ChatPersonId): Promise<readonly Scheduled[]>;
  /** @returns false: there is no such one, or not of theirs. */
  cancel(id: NotificationId, by: ChatPersonId): Promise<boolean>;
  report(id: NotificationId): Promise<Report | undefined>;
  /** What has not gone yet does not go. @returns false: there is nothing to stop, or not of theirs. */
  stop(id: NotificationId, by: ChatPersonId): Promise<boolean>;
  /** Sends what was stopped. */
  resume(id: NotificationId, by: ChatPersonId): Promise<boolean>;
  /** Sends again what failed. @returns how many. */
  retryFailed(id: NotificationId, by: ChatPersonId): Promise<number>;
}

/** Finds out who is meant. */
export interface Previews {
  /** @throws DeliveryError where asking again may help, and when the sender cannot send at all. */
  preview(by: ChatPersonId, named: readonly Named[]): Promise<Preview>;
}
