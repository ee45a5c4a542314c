import type { Incoming, WrittenMessage } from './message.ts';
import type { MirrorRequest, Rest } from './mirror.ts';
import type { Say } from './note.ts';
import type { Audience, Named } from './notification.ts';
import type {
  AnswerHandle,
  ChatMessageId,
  ChatPerson,
  ChatPersonId,
  ChatPlaceId,
  ChatThreadId,
  ChatterMessageId,
  ConversationId,
  DeliveryId,
  LaneKey,
  ReplayId,
  SalesforceUser,
  SalesforceUserId,
} from './people.ts';
import type { StepName } from './steps.ts';

/** Watches one POST leave, so that bytes of a stale owner never do. */
export interface SendWatch {
  /** Throws when this process may no longer hold the delivery; called inside the body, before each chunk. */
  guard(): void | Promise<void>;
  step(name: StepName): void | Promise<void>;
}

export interface PrivateMessageDraft {
  body: string;
  /** Chatter takes one of the two, never both. A reply names a message (03J), not the conversation. */
  to: { recipients: readonly SalesforceUserId[] } | { inReplyTo: ChatterMessageId };
}

/** A Chatter private message as Salesforce has stored it. */
export interface PrivateMessage {
  id: ChatterMessageId;
  conversationId: ConversationId;
  sender: SalesforceUserId;
  /** Everybody in it, the sender included, each once. */
  people: readonly SalesforceUserId[];
  /** Their names, as far as Salesforce told them. */
  names: ReadonlyMap<SalesforceUserId, string>;
  text: string;
  /** Salesforce's clock. */
  sentAtMs: number;
}

/** `look`: before anything is sent, or sent again; a part of the budget is kept for it. */
export type ReadUse = 'look' | 'poll';

/** How often one person's messages may be read in an hour, by all workers together (Timing.reads). */
export interface ReadBudget {
  /**
   * To be called before each request; counts it.
   * @throws DeliveryError with `held` and the time when the next one is free. Then nothing was counted.
   */
  take(reader: SalesforceUserId, use: ReadUse): Promise<void>;
}

/** Private messages, always with a token of the user named as sender. Every method throws DeliveryError. */
export interface PrivateMessages {
  send(sender: SalesforceUser, draft: PrivateMessageDraft, watch: SendWatch): Promise<PrivateMessage>;
  /** Throws when a gate keeps this person's requests back now. Asks nobody. */
  ready(sender: SalesforceUser): Promise<void>;
  /** The messages that `reader` can see with `sentAtMs >= sinceMs`, all pages, in no promised order. */
  since(reader: SalesforceUser, sinceMs: number, use: ReadUse): Promise<readonly PrivateMessage[]>;
  /**
   * The same for whoever wants to know what is new: as far back as one reading goes, with what it took.
   * `isWhole`: it went back to `sinceMs`.
   */
  newsSince(
    reader: SalesforceUser,
    sinceMs: number,
  ): Promise<{ messages: readonly PrivateMessage[]; pages: number; isWhole: boolean }>;
  /**
   * The same, but only those that `sender` has sent.
   * @param newEnoughMs a reading that began at that time or later is used again, by this process's clock.
   */
  sentSince(
    sender: SalesforceUser,
    sinceMs: number,
    newEnoughMs: number,
    use: ReadUse,
  ): Promise<readonly PrivateMessage[]>;
  /** Marks a conversation as read by that person. Harmless to repeat. */
  markRead(reader: SalesforceUser, conversation: ConversationId): Promise<void>;
  /** Salesforce's clock now, estimated from its last answers' Date headers; undefined before the first. */
  serverNowMs(): number | undefined;
}

/** Says that there is a message to read. What it says is never in an event: it is read with a participant's token. */
export interface MessageEvent {
  message: ChatterMessageId;
  conversation: ConversationId;
  sender: SalesforceUserId;
  /** Everybody in the conversation; empty: not told. */
  members: readonly SalesforceUserId[];
}

/** What comes on a subscription. `at`: where to go on after it. */
export type Sign =
  /** What happens from now on will come. */
  | { kind: 'open' }
  | { kind: 'event'; event: MessageEvent; at: ReplayId }
  /** An event that nothing can be read from. `why` is a word of ours. */
  | { kind: 'unreadable'; why: string; at: ReplayId }
  /** Nothing has happened, and the subscription lives. */
  | { kind: 'idle'; at: ReplayId };

/** What happens in Chatter, told by Salesforce itself. At least once, in the order of the stream. */
export interface MessageEvents {
  /**
   * Goes on after `from`; undefined: from now on. Ends when it is told to stop, and throws a DeliveryError when it
   * ends otherwise: with the code REPLAY_LOST when that place is not kept any more.
   */
  listen(from: ReplayId | undefined, stop: AbortSignal): AsyncIterable<Sign>;
}

/** Takes messages back that were sent. Throws DeliveryError where asking again may help. */
export interface MessageRemoval {
  /**
   * Deletes a message for everybody. Harmless to repeat.
   * @returns false: the bridge may not, or cannot find it.
   */
  remove(message: ChatterMessageId): Promise<boolean>;
}

/** Finds Salesforce users. Throws DeliveryError with a sentence that says which person and why. */
export interface SalesforceDirectory {
  /**
   * Exactly one active user with that e-mail and Chatter.
   * @param called how the sender knows this person, for the sentence; undefined: it is the sender.
   */
  findByEmail(email: string, called: string | undefined): Promise<SalesforceUser>;
  /** The e-mail address of a user, if they have one. */
  emailOf(user: SalesforceUserId): Promise<string | undefined>;
  /** An active user with Chatter, who was picked before. Never the bridge's own. */
  findById(user: SalesforceUserId): Promise<SalesforceUser>;
  /** Those whom `findById` would find whose name has words that begin like these; a handful. */
  search(name: string): Promise<readonly (SalesforceUser & { email: string | undefined })[]>;
  /** The bridge's own user. */
  own(): Promise<SalesforceUser>;
  /** As `findByEmail`, for many at once: in as few questions as fit. Addresses in lower case. */
  findAll(emails: readonly string[]): Promise<ReadonlyMap<string, SalesforceUser | UserUnfit>>;
}

/** Why there is nobody to write to at an address. */
export type UserUnfit = 'no-user' | 'several-users' | 'inactive' | 'other-company' | 'no-chatter';

/** People and text of a chat platform. Every method throws DeliveryError. */
export interface ChatPeople {
  /** The person, if the bridge may act for them (sender) or write to them (recipient). */
  find(id: ChatPersonId, as: 'sender' | 'recipient'): Promise<ChatPerson>;
  /**
   * Somebody who writes where everybody reads. `person`: as in `find`, if the bridge may act for them.
   * @throws DeliveryError `person-guest` or `person-stranger`, never, when their words may not travel from there.
   */
  author(id: ChatPersonId, place: ChatPlaceId): Promise<ThreadAuthor>;
  /** What was written as plain text, with names for mentions and a line for each file. */
  plainText(message: WrittenMessage): Promise<string>;
  /**
   * What somebody is called who is there too, found by exactly that address; undefined: nobody whom the bridge may
   * write to. A name is no reason to wait long: throws only where asking again soon may help.
   */
  nameByEmail(email: string): Promise<string | undefined>;
}

export interface ThreadAuthor {
  name: string;
  timeZone: string;
  person: ChatPerson | undefined;
}

/** Who is meant by names. Throws DeliveryError. */
export interface ChatAudience {
  /**
   * Members of groups and places, each once however often named. `sender` is left out, and so are those whom nobody may
   * write to, with the reason. E-mail addresses are taken as they are.
   */
  expand(named: readonly Named[], sender: ChatPersonId | undefined): Promise<Audience>;
}

/** Threads of a chat platform that everybody in a place reads. Every method throws DeliveryError. */
export interface ChatThreads {
  /**
   * What people have written in a thread, the root first, in order: of what was written before `request.sinceUs` as much as
   * is brought along (then with `isBrought`), and all that was written since. Ready to be taken in.
   */
  written(request: MirrorRequest, lane: LaneKey): Promise<readonly Incoming[]>;
  /** What readers elsewhere are told: `#general`, or `a private channel`; `link`: to the thread, for who may see it. */
  describe(thread: ChatThreadId): Promise<{ place: string; link: string | undefined }>;
  /** What the code of a refusal by this edge means for a mirrored thread; undefined: nothing. */
  restAfter(code: string): Rest | undefined;
}

/** What the bridge says to chat people. `marker` is readable again, so that an unknown outcome can be looked up. */
export interface ChatNotes {
  /**
   * Posts once: in the person's conversation with the app, in a thread of it when one is given. To BRIDGE: in that thread,
   * for all who can read it.
   */
  say(to: NotePlace, say: Say, marker: DeliveryId): Promise<PostedNote>;
  /** Looks for a note posted with that marker. */
  find(to: NotePlace, marker: DeliveryId): Promise<PostedNote | undefined>;
  /** Harmless to repeat. @param thread that it is in: its place may have got another id since. */
  change(note: ChatMessageId, say: Say, thread?: ChatThreadId): Promise<void>;
  /** Harmless to repeat. */
  answer(handle: AnswerHandle, say: Say): Promise<void>;
  /** A text from Chatter in pieces, each short enough for one `answer` or `opened`: see splitText. */
  pieces(text: string): readonly string[];
  /** Marks a person's message as delivered. Harmless to repeat. @param thread as above. */
  markDelivered(message: ChatMessageId, thread?: ChatThreadId): Promise<void>;
}

export interface NotePlace {
  person: ChatPersonId;
  thread?: ChatThreadId;
}

export interface PostedNote {
  message: ChatMessageId;
  /** The thread that this note is in, or is the root of. */
  thread: ChatThreadId;
}
