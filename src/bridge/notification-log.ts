import type { LeftOut, Outcome, Paused, Reachable } from './notification.ts';
import type { ChatPersonId, NotificationId, SalesforceUserId } from './people.ts';

/** Which message of a notification a delivery is. */
export interface NotificationRef {
  id: NotificationId;
  user: SalesforceUserId;
}

/** What became of one person's message, stored in the script in which it became so. */
export interface Told extends NotificationRef {
  outcome: Outcome;
  code?: string;
  /** Sealed: it may have names in it. */
  sentence?: string;
}

/** A notification as it is stored, without what became of it for each. */
export interface StoredNotification {
  v: 1;
  id: NotificationId;
  by: ChatPersonId;
  createdAtMs: number;
  /** Absent: they are still being looked up. */
  people?: readonly Reachable[];
  leftOut: readonly LeftOut[];
}

/** Since when its messages go, and how many had gone before that: what is foreseen is reckoned from there. */
export interface Stretch {
  atMs: number;
  gone: number;
}

export interface Progress {
  isStopped: boolean;
  /** Counts what has changed about it. */
  version: number;
  /** The version that its report shows, -1 before that. */
  shown: number;
  /** The minute (since 1970) of the end that its report foresees. */
  endMinute?: number;
  since?: Stretch;
  /** The last time that it was. */
  paused?: Paused;
}

/** Notifications, for as long as failed messages are kept. Each method is one script, or one command. */
export interface NotificationLog {
  /** Does nothing when it is there. From now on its report is due. */
  create(notification: StoredNotification): Promise<void>;
  /** Who is told, once: what was stored first stays. */
  setPeople(
    id: NotificationId,
    people: readonly Reachable[],
    leftOut: readonly LeftOut[],
  ): Promise<StoredNotification>;
  find(id: NotificationId): Promise<StoredNotification | undefined>;
  /** What became of it so far; whoever is not in it waits. */
  outcomes(id: NotificationId): Promise<ReadonlyMap<SalesforceUserId, Omit<Told, 'id' | 'user'>>>;
  /** From then on nothing more of it is begun. */
  setStopped(id: NotificationId, isStopped: boolean): Promise<void>;
  /** It begins, or goes on after a stop or with what had failed. */
  goesOn(id: NotificationId, since: Stretch): Promise<void>;
  /** A limit or an outage keeps its messages back. */
  setPaused(id: NotificationId, paused: Paused): Promise<void>;
  progress(id: NotificationId): Promise<Progress>;
  /** Notifications whose report may be shown now, each not again for `everyMs`, whoever asks. */
  dueReports(everyMs: number, most: number): Promise<readonly NotificationId[]>;
  /**
   * The report shows `version`, and an end in that minute; `isLast`: nothing more is to come, unless something changes.
   */
  setShown(id: NotificationId, version: number, isLast: boolean, endMinute?: number): Promise<void>;
}
