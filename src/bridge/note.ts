import type { PauseReason } from './gate.ts';
import type { Rest } from './mirror.ts';
import type { Report } from './notification.ts';
import type { ChatMessageId, ChatPersonId, ChatThreadId, DeliveryId } from './people.ts';

/** A delivery at one state: what a Retry or Discard button stands for. A press on an older version does nothing. */
export interface DeliveryRef {
  delivery: DeliveryId;
  version: number;
}

/** All messages of a person that have failed so far: what Retry all and Discard all stand for. */
export interface AllDead {
  count: number;
  /** Until when the last of them is kept: what fails later is kept longer, and is not meant. */
  untilMs: number;
}

/** How many parts of a text were sent, and of how many. */
export interface Partly {
  sent: number;
  of: number;
}

/** Whose words these are: a Chatter person's, or the reader's own, typed in Chatter's own pages. */
export interface Speaker {
  name: string;
  isReader?: true;
}

/** What is said to a person. The chat edge puts it into its own words and blocks; `text` is plain text. */
export type Say =
  | { words: 'sent'; people: readonly string[]; link: string }
  /** Root of the thread in which the conversation goes on. `link` is absent while nothing was delivered. */
  | { words: 'root'; people: readonly string[]; text: string; link?: string }
  /** A further message to the same people, shown in their thread as the sender's own line. */
  | { words: 'line'; text: string }
  /** What somebody wrote in Chatter, in the thread of its conversation. `sentAtMs`: when, if it is shown late. */
  | { words: 'answer'; from: Speaker; text: string; sentAtMs?: number }
  /** Root of the thread of a conversation that was begun in Chatter; `people` are all others in it. */
  | {
      words: 'opened';
      people: readonly string[];
      from: Speaker;
      text: string;
      sentAtMs?: number;
      link?: string;
    }
  | {
      words: 'failed';
      sentence: string;
      excerpt: string;
      retry: DeliveryRef;
      /** Where it was written, when that is not where this is said. */
      at?: ChatMessageId;
      /** Until when its text is kept. Absent in notes of a version that did not say so. */
      keptUntilMs?: number;
      /** When there are more of them than this one. */
      all?: AllDead;
      /** Of a text in parts, when the first of them were sent. */
      partly?: Partly;
    }
  /** Salesforce has not confirmed; sending again may make it arrive twice. */
  | {
      words: 'uncertain';
      sentence: string;
      excerpt: string;
      retry: DeliveryRef;
      /** Where it was written, when that is not where this is said. */
      at?: ChatMessageId;
      /** It has held the others for too long: they go first now. */
      isAside?: true;
    }
  /** It waits, and for how long it holds what comes after it. */
  | {
      words: 'waiting';
      sentence: string;
      excerpt: string;
      holdMinutes: number;
      retry: DeliveryRef;
      at?: ChatMessageId;
    }
  /** It has waited too long: later messages go first, this one goes later, with its time. */
  | { words: 'set-aside'; sentence: string; excerpt: string; retry: DeliveryRef; at?: ChatMessageId }
  | { words: 'sent-after-all'; excerpt: string; link?: string }
  | { words: 'trying-again'; excerpt: string }
  | { words: 'discarded'; excerpt: string; partly?: Partly }
  | { words: 'arrived-twice'; excerpt: string }
  /** How a command stands, answered where it was typed: the details and buttons are in the thread. */
  | { words: 'not-sent' | 'not-confirmed' | 'not-yet-sent'; sentence: string }
  /** Nothing of theirs goes for a while; `untilMs`: when it is tried next. */
  | { words: 'paused'; reason: PauseReason; untilMs: number }
  /** For all in a thread to see: it is mirrored, with whom, and how that is stopped. */
  | { words: 'mirrored'; thread: ChatThreadId; by: ChatPersonId; people: readonly string[]; link: string }
  /** In its place, when it is no longer. `by`: who has stopped it; `why`: it rests. */
  | { words: 'mirror-over'; people: readonly string[]; by?: ChatPersonId; why?: Rest }
  /** To whoever has started it: it rests. */
  | { words: 'mirror-rests'; thread: ChatThreadId; people: readonly string[]; why: Rest }
  /** To whoever wanted it. */
  | { words: 'not-mirrored'; thread: ChatThreadId; sentence: string }
  /** Once to everybody who writes in a mirrored thread and is not in its conversation: the bridge says it for them. */
  | { words: 'outsider'; thread: ChatThreadId; people: readonly string[] }
  /** Once to a guest, or to somebody of another company, who writes where their words may not travel. */
  | { words: 'does-not-travel'; thread: ChatThreadId; sentence: string }
  /** How far a notification is, and what became of it in the end. */
  | { words: 'notification'; report: Report }
  | { words: 'first-use' }
  | { words: 'ask-consent' }
  /** Something was written to the app outside any thread it knows. */
  | { words: 'no-thread' }
  /** A reply was not taken, because as much waits as the bridge takes: of one person, or in all. */
  | { words: 'not-taken'; of: 'person' | 'bridge'; excerpt: string }
  /** The text of a message was taken; its files were not. Versions said so that left files behind. */
  | { words: 'files-stay' }
  /** It was not sure whether a command was stored; now it is: it was not, and never will be. */
  | { words: 'withdrawn' };
