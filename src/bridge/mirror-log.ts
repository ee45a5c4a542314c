import type { Mirror, MirrorState } from './mirror.ts';
import type { ChatPersonId, ChatPlaceId, ChatThreadId, DeliveryId, LaneKey, PairKey } from './people.ts';

/** `opened` also when it was opened by the same request before; `over`: what that has opened was stopped, or rests. */
export type Opened = 'opened' | 'thread-taken' | 'people-taken' | 'over';

/** Which of the older messages go along: the root, if it has one, and all from some time on. */
export interface Brought {
  rootMs?: number;
  fromMs?: number;
}

/** How one ends: nothing that is written from then on travels. */
export type Ending = { state: Exclude<MirrorState, 'live'> } & Pick<
  Mirror,
  'stoppedBy' | 'rest' | 'endedAtMs'
>;

/** Mirrors, kept as long as threads are. Each method is one script, or one command. */
export interface MirrorLog {
  /** From now on replies in its thread are taken, if neither the thread nor just these people have another. */
  open(mirror: Mirror): Promise<Opened>;
  find(thread: ChatThreadId): Promise<Mirror | undefined>;
  /** The one that what is in such a lane was written in, also when its thread has another by now. */
  findOf(thread: ChatThreadId, lane: LaneKey): Promise<Mirror | undefined>;
  /** The one that is tied to the conversation of just these people, or was the last to be. */
  lastOf(pair: PairKey): Promise<Mirror | undefined>;
  /** The thread that is tied to the conversation of just these people. */
  threadOf(pair: PairKey): Promise<ChatThreadId | undefined>;
  /**
   * @param openedBy which of the thread's mirrors is meant; another is left as it is.
   * @returns the mirror as it is then; undefined: it was not live.
   */
  end(thread: ChatThreadId, ending: Ending, openedBy: DeliveryId): Promise<Mirror | undefined>;
  /** Its place has got another id: the thread is called `to` there. */
  move(thread: ChatThreadId, to: ChatThreadId, place: ChatPlaceId): Promise<void>;
  /** What goes along with a live one was read: by when it was written, whole milliseconds. */
  setBrought(thread: ChatThreadId, brought: Brought): Promise<void>;
  brought(thread: ChatThreadId): Promise<Brought | undefined>;
  /** Somebody's words travel: it counts among theirs, and they may stop it. */
  addWriter(thread: ChatThreadId, person: ChatPersonId): Promise<void>;
  writers(thread: ChatThreadId): Promise<readonly ChatPersonId[]>;
  /** Whether somebody was told how their words travel, or that they do not. */
  wasTold(thread: ChatThreadId, person: ChatPersonId): Promise<boolean>;
  setTold(thread: ChatThreadId, person: ChatPersonId): Promise<void>;
  /** Live ones, the newest first. */
  of(person: ChatPersonId): Promise<readonly Mirror[]>;
  /** Threads of live ones. */
  in(place: ChatPlaceId): Promise<readonly ChatThreadId[]>;
  /** For `forMs` somebody's words are sent by the bridge, as no token of theirs was to be had. */
  relayFor(thread: ChatThreadId, person: ChatPersonId, forMs: number): Promise<void>;
  isRelayed(thread: ChatThreadId, person: ChatPersonId): Promise<boolean>;
}
