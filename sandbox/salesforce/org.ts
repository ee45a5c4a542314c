import { keyPrefix, makeId, to18 } from './ids.ts';

/** A Salesforce user, as the setup pages and SOQL know it. */
export interface OrgUser {
  id: string;
  username: string;
  /** Not unique: several users of an org may share one. */
  email: string;
  name: string;
  firstName: string;
  lastName: string;
  isActive: boolean;
  /** `Standard`, `CsnOnly` (Chatter Free), `PowerPartner`, `CustomerSuccess`, `AutomatedProcess`, … */
  userType: string;
  licence: string;
  federationIdentifier: string | null;
  chatterEnabled: boolean;
  /** Has the permission *Manage Chatter Messages and Direct Messages*: sees and deletes everybody's messages as records. */
  managesMessages: boolean;
  /** The admin lets the app act as this user without asking them. */
  preAuthorised: boolean;
}

/** What `addUser` needs; the rest is filled in. */
export type NewUser = Partial<OrgUser> & { email: string; name: string };

export interface StoredMessage {
  id: string;
  conversationId: string;
  senderId: string;
  /** All members of the conversation but the sender; the sender alone when there is no one else. */
  recipientIds: readonly string[];
  inReplyTo: string | null;
  text: string;
  /** By the server's clock (skew and jitter included), ISO 8601 in UTC. */
  sentDate: string;
  /** When the request came in and when the message was stored, by our clock. */
  arrivedAt: number;
  committedAt: number;
  via: 'json' | 'query-form' | 'person';
}

export interface Conversation {
  id: string;
  memberIds: readonly string[];
  /** Members with a message they have not read. */
  unreadBy: Set<string>;
}

export type Change =
  | { kind: 'message'; message: StoredMessage }
  | { kind: 'removed'; messageId: string }
  | { kind: 'users' }
  | { kind: 'read' }
  | { kind: 'reset' };

/** The stored state of the org and nothing else: no rules, no shapes. */
export class Org {
  readonly id = makeId(keyPrefix.org, 1);
  readonly users: OrgUser[] = [];
  readonly messages: StoredMessage[] = [];
  readonly conversations: Conversation[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #byId = new Map<string, StoredMessage>();
  /** Of each user what they can see: a torture reads it thousands of times. */
  readonly #visible = new Map<string, StoredMessage[]>();
  /** Users get the same ids again after a reset; messages and conversations never do. */
  #lastUser = 0;
  /** Counts what changes about users: what was said of them before may be out of date. */
  usersVersion = 0;
  #lastId = 0;

  addUser(user: NewUser): OrgUser {
    const [firstName = '', ...rest] = user.name.split(' ');
    const added: OrgUser = {
      id: makeId(keyPrefix.user, ++this.#lastUser),
      username: user.email,
      firstName,
      lastName: rest.join(' ') || firstName,
      isActive: true,
      userType: 'Standard',
      licence: user.userType === 'CsnOnly' ? 'Chatter Free' : 'Salesforce',
      federationIdentifier: null,
      chatterEnabled: true,
      managesMessages: false,
      preAuthorised: true,
      ...user,
    };
    added.id = to18(added.id);
    const taken = this.users.some((one) => one.id === added.id || sameName(one.username, added.username));
    if (taken) throw new Error(`there is a user ${added.id} or ${added.username} already`);
    this.users.push(added);
    this.#tell({ kind: 'users' });
    return added;
  }

  /** Throws for an unknown user. */
  changeUser(userId: string, change: Partial<Omit<OrgUser, 'id'>>): void {
    const user = this.user(userId);
    if (!user) throw new Error(`no such user: ${userId}`);
    Object.assign(user, change);
    this.#tell({ kind: 'users' });
  }

  user(id: string): OrgUser | undefined {
    return this.users.find((user) => user.id === id);
  }

  userByUsername(username: string): OrgUser | undefined {
    return this.users.find((user) => sameName(user.username, username));
  }

  conversation(id: string): Conversation | undefined {
    return this.conversations.find((conversation) => conversation.id === id);
  }

  conversationsOf(userId: string): Conversation[] {
    return this.conversations.filter((conversation) => conversation.memberIds.includes(userId));
  }

  /** The message, when this user is in its conversation. */
  messageFor(userId: string, messageId: string): StoredMessage | undefined {
    const message = this.#byId.get(messageId);
    return message && this.conversation(message.conversationId)?.memberIds.includes(userId)
      ? message
      : undefined;
  }

  /** In commit order. */
  messagesOf(userId: string): StoredMessage[] {
    return [...(this.#visible.get(userId) ?? [])];
  }

  /** The latest conversation of exactly these people. */
  conversationAmong(memberIds: readonly string[]): Conversation | undefined {
    const wanted = new Set(memberIds);
    return this.conversations.findLast(
      ({ memberIds: members }) => members.length === wanted.size && members.every((id) => wanted.has(id)),
    );
  }

  openConversation(memberIds: readonly string[]): Conversation {
    const opened = {
      id: makeId(keyPrefix.conversation, ++this.#lastId),
      memberIds: [...new Set(memberIds)],
      unreadBy: new Set<string>(),
    };
    this.conversations.push(opened);
    return opened;
  }

  store(conversation: Conversation, draft: Omit<StoredMessage, 'id' | 'conversationId' | 'recipientIds'>) {
    const others = conversation.memberIds.filter((id) => id !== draft.senderId);
    const message: StoredMessage = {
      ...draft,
      id: makeId(keyPrefix.message, ++this.#lastId),
      conversationId: conversation.id,
      recipientIds: others.length > 0 ? others : [draft.senderId],
    };
    this.messages.push(message);
    this.#byId.set(message.id, message);
    for (const id of conversation.memberIds) {
      const visible = this.#visible.get(id);
      if (visible) visible.push(message);
      else this.#visible.set(id, [message]);
    }
    for (const id of others) conversation.unreadBy.add(id);
    conversation.unreadBy.delete(draft.senderId);
    this.#tell({ kind: 'message', message });
    return message;
  }

  /** Whether there was such a message. */
  remove(messageId: string): boolean {
    if (!this.#byId.delete(messageId)) return false;
    for (const list of [this.messages, ...this.#visible.values()]) {
      const at = list.findIndex(({ id }) => id === messageId);
      if (at >= 0) list.splice(at, 1);
    }
    this.#tell({ kind: 'removed', messageId });
    return true;
  }

  markRead(conversation: Conversation, userId: string, read: boolean): void {
    if (read) conversation.unreadBy.delete(userId);
    else conversation.unreadBy.add(userId);
    this.#tell({ kind: 'read' });
  }

  /** Calls the listener after every change; the answer stops it. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reset(users: readonly NewUser[]): void {
    for (const list of [this.users, this.messages, this.conversations]) list.length = 0;
    this.#byId.clear();
    this.#visible.clear();
    this.#lastUser = 0;
    for (const user of users) this.addUser(user);
    this.#tell({ kind: 'reset' });
  }

  #tell(change: Change): void {
    if (change.kind === 'users') this.usersVersion += 1;
    for (const listener of this.#listeners) listener(change);
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
