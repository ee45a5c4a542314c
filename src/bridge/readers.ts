import type { ChatPersonId, ConversationId, SalesforceUser, SalesforceUserId } from './people.ts';

/** Somebody whose Chatter messages are read for answers, as claimed by one worker. */
export interface Reader {
  person: ChatPersonId;
  /** Of this claim: what another has claimed since is not written any more. */
  token: string;
  /** Redis's clock. */
  nowMs: number;
  /** Salesforce's clock: up to here everything that was to be seen is stored. undefined: never read. */
  cursorMs?: number;
  /** When something last went either way, by Redis's clock; 0: never. */
  trafficMs: number;
  /** A conversation has turned out to have begun here, behind the cursor: it is read from there once more. */
  fromMs?: number;
  /** Who they are in Salesforce, by which e-mail, and until when that is believed. */
  user?: SalesforceUser & { email: string; untilMs: number };
  /** Readings that failed in a row. */
  failures: number;
}

/** What a reading comes down to. `dueInMs`: until the next one, unless somebody hurries it. */
export type Read = Pick<Reader, 'cursorMs' | 'user' | 'failures'> & {
  /** What was behind the cursor was read as well. */
  readFrom?: true;
  dueInMs: number;
  hadTraffic: boolean;
};

/** Who is read, how far, and when next. Each method is one script. */
export interface Readers {
  /** The one that is due longest. Nobody else gets it for `leaseMs`. */
  claim(token: string, leaseMs: number): Promise<Reader | undefined>;
  /** @returns false when it was lost meanwhile. */
  renew(reader: Reader, leaseMs: number): Promise<boolean>;
  /** @returns false when it was lost meanwhile: nothing was written. */
  release(reader: Reader, read: Read): Promise<boolean>;
  /**
   * Is not read any more, until something is sent again; what was read is forgotten, so that nothing from between is shown
   * then. Does nothing when they were hurried or added since the claim.
   */
  forget(reader: Reader): Promise<void>;
  /** Reads somebody again who was read before they opted out. */
  resume(person: ChatPersonId): Promise<void>;
  /** Reads somebody from now on who may never have sent anything. */
  add(person: ChatPersonId): Promise<void>;
  /** Those of them that are read are due in so long, unless they are due earlier. */
  hurry(people: readonly ChatPersonId[], inMs: number): Promise<void>;
  hurryAll(inMs: number): Promise<void>;
  readingAs(user: SalesforceUserId): Promise<ChatPersonId[]>;
  /** Those who have sent something in a conversation. */
  usersIn(conversation: ConversationId): Promise<SalesforceUserId[]>;
}
