import { Ids } from './ids.ts';
import type {
  AppIdentity,
  Channel,
  ChannelSeed,
  Ephemeral,
  Message,
  Team,
  User,
  UserGroup,
  WorkspaceSeed,
} from './shapes.ts';

/** What has changed, for whoever shows it: the sandbox page. */
export type Change =
  | { readonly what: 'message'; readonly channel: string; readonly ts: string }
  | { readonly what: 'ephemeral' | 'view' | 'home'; readonly user: string }
  | { readonly what: 'members'; readonly channel: string }
  | { readonly what: 'delivery' | 'call' };

export type MessageDraft = Omit<Message, 'type' | 'ts' | 'team'>;

/** The state of one Slack workspace: who there is, and what has been said where. */
export class Workspace {
  readonly team: Team;
  readonly app: AppIdentity;
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly userGroups = new Map<string, UserGroup>();
  readonly ids = new Ids();
  readonly now: () => number;
  readonly #messages = new Map<string, Message[]>();
  readonly #listeners = new Set<(change: Change) => void>();
  #ephemerals: Ephemeral[] = [];
  #lastTsMicros = 0;

  constructor(seed: WorkspaceSeed, now: () => number) {
    this.team = seed.team;
    this.app = seed.app;
    this.now = now;
    for (const user of seed.users) {
      this.users.set(user.id, { ...ORDINARY_USER, team_id: seed.team.id, ...user });
    }
    for (const channel of seed.channels) this.addChannel(channel);
    for (const group of seed.userGroups) this.userGroups.set(group.id, group);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Times of messages are unique and grow, in the whole workspace: more than Slack promises (per channel). */
  nextTs(): string {
    this.#lastTsMicros = Math.max(this.now() * 1_000, this.#lastTsMicros + 1);
    const seconds = Math.floor(this.#lastTsMicros / 1_000_000);
    return `${seconds}.${String(this.#lastTsMicros % 1_000_000).padStart(6, '0')}`;
  }

  /** @throws when there is no such user: a mistake of the test, not of the app. */
  user(id: string): User {
    const user = this.users.get(id);
    if (!user) throw new Error(`no user ${id} in the workspace`);
    return user;
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw new Error(`no channel ${id} in the workspace`);
    return channel;
  }

  addChannel({ is_private, is_mpim, members, ...channel }: ChannelSeed): Channel {
    const added: Channel = {
      is_archived: false,
      is_ext_shared: false,
      is_pending_ext_shared: false,
      ...channel,
      type: is_mpim ? 'mpim' : is_private ? 'group' : 'channel',
      members: new Set(members),
      opened: false,
    };
    this.channels.set(added.id, added);
    return added;
  }

  /** The channel goes on under another id, with all that was said in it; nobody finds it under the old one. */
  renumber(channel: Channel, id: string): Channel {
    const messages = this.messages(channel.id);
    for (const message of messages) message.channel = id;
    this.removeChannel(channel.id);
    const renumbered = { ...channel, id };
    this.channels.set(id, renumbered);
    this.#messages.set(id, messages);
    return renumbered;
  }

  removeChannel(id: string): void {
    this.channels.delete(id);
    this.#messages.delete(id);
    this.changed({ what: 'members', channel: id });
  }

  /** The DM between the app and a person, made when it is first asked for. */
  dmOf(userId: string): Channel {
    const id = `D${this.user(userId).id.slice(1)}`;
    const existing = this.channels.get(id);
    if (existing) return existing;
    const dm: Channel = {
      id,
      name: 'directmessage',
      type: 'im',
      members: new Set([userId, this.app.user_id]),
      is_archived: false,
      is_ext_shared: false,
      is_pending_ext_shared: false,
      opened: false,
    };
    this.channels.set(id, dm);
    return dm;
  }

  isMember(channelId: string, userId: string): boolean {
    return this.channels.get(channelId)?.members.has(userId) ?? false;
  }

  /** Stores a message; as a reply it also counts at its root, which must exist. */
  add(draft: MessageDraft): Message {
    const team = this.users.get(draft.user ?? '')?.team_id ?? this.team.id;
    const shared = this.channels.get(draft.channel)?.is_ext_shared
      ? { user_team: team, source_team: team }
      : {};
    const message: Message = { ...draft, ...shared, type: 'message', team, ts: this.nextTs() };
    if (message.thread_ts) this.#addToThread(message, message.thread_ts);
    this.messages(message.channel).push(message);
    this.touch(message);
    return message;
  }

  messages(channelId: string): Message[] {
    const existing = this.#messages.get(channelId);
    if (existing) return existing;
    const empty: Message[] = [];
    this.#messages.set(channelId, empty);
    return empty;
  }

  find(channelId: string, ts: string): Message | undefined {
    return this.messages(channelId).find((message) => message.ts === ts);
  }

  /** A root and its replies, oldest first. */
  thread(channelId: string, rootTs: string): Message[] {
    return this.messages(channelId).filter(({ ts, thread_ts }) => ts === rootTs || thread_ts === rootTs);
  }

  remove(message: Message): void {
    const messages = this.messages(message.channel);
    messages.splice(messages.indexOf(message), 1);
    const root = message.thread_ts ? this.find(message.channel, message.thread_ts) : undefined;
    if (root?.reply_count) root.reply_count -= 1;
    this.touch(message);
  }

  /** Tells listeners that a message is new, different or gone. */
  touch({ channel, ts }: Message): void {
    this.changed({ what: 'message', channel, ts });
  }

  addEphemeral(draft: Omit<Ephemeral, 'ts' | 'replaced'>): Ephemeral {
    const ephemeral: Ephemeral = { ...draft, ts: this.nextTs(), replaced: 0 };
    this.#ephemerals.push(ephemeral);
    this.changed({ what: 'ephemeral', user: ephemeral.user });
    return ephemeral;
  }

  removeEphemeral(ephemeral: Ephemeral): void {
    this.#ephemerals = this.#ephemerals.filter((other) => other !== ephemeral);
    this.changed({ what: 'ephemeral', user: ephemeral.user });
  }

  /** What only this person sees, oldest first. */
  ephemeralsOf(userId: string): readonly Ephemeral[] {
    return this.#ephemerals.filter(({ user }) => user === userId);
  }

  #addToThread(reply: Message, rootTs: string): void {
    const root = this.find(reply.channel, rootTs);
    if (!root) throw new Error(`no message ${rootTs} in ${reply.channel} to reply to`);
    const author = reply.user ?? this.app.user_id;
    root.thread_ts = root.ts;
    root.reply_count = (root.reply_count ?? 0) + 1;
    root.reply_users = [...new Set([...(root.reply_users ?? []), author])];
    root.latest_reply = reply.ts;
    if (root.user) reply.parent_user_id = root.user;
  }
}

const ORDINARY_USER: Omit<User, 'id' | 'name' | 'real_name' | 'team_id'> = {
  tz: 'Europe/Berlin',
  is_admin: false,
  is_owner: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_stranger: false,
  deleted: false,
};
