/** The things a workspace is made of, under Slack's own field names. */

export type Fields = Record<string, unknown>;

/** Ids: team T…, enterprise E…, user U… (W… in an enterprise), bot B…, app A…, channel C…, DM D…, user group S…. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly enterprise_id?: string;
}

/** The app under test, as it is installed in the workspace. */
export interface AppIdentity {
  readonly app_id: string;
  readonly bot_id: string;
  /** The app's bot user; one of the workspace's users. */
  readonly user_id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  /** The handle: what people type after `@`. */
  readonly name: string;
  readonly real_name: string;
  readonly team_id: string;
  readonly tz: string;
  readonly email?: string;
  readonly is_admin: boolean;
  readonly is_owner: boolean;
  readonly is_bot: boolean;
  /** A guest of several channels, or (`is_ultra_restricted`) of one. */
  readonly is_restricted: boolean;
  readonly is_ultra_restricted: boolean;
  /** Somebody of another company, seen through Slack Connect. */
  readonly is_stranger: boolean;
  readonly deleted: boolean;
}

export type UserSeed = Pick<User, 'id' | 'name' | 'real_name'> & Partial<User>;

/** Public, private, a conversation with the app, or one of several people. */
export type ChannelType = 'channel' | 'group' | 'im' | 'mpim';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly type: ChannelType;
  readonly members: Set<string>;
  is_archived: boolean;
  /** Another company reads and writes there, through Slack Connect. */
  is_ext_shared: boolean;
  /** Another company has been asked to. */
  is_pending_ext_shared: boolean;
  /** When the app last asked for the DM: conversations.open answers `already_open` from then on. */
  opened: boolean;
}

export interface ChannelSeed {
  readonly id: string;
  readonly name: string;
  readonly is_private?: boolean;
  readonly is_mpim?: boolean;
  readonly is_archived?: boolean;
  readonly is_ext_shared?: boolean;
  readonly members: readonly string[];
}

export interface UserGroup {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
  readonly users: readonly string[];
  /** Switched off: nobody can mention it any more. */
  readonly is_disabled?: boolean;
}

export interface Reaction {
  readonly name: string;
  readonly users: string[];
}

/** A message as conversations.history shows it, with the channel that it is in. */
export interface Message {
  /** Another one when the channel's id changes. */
  channel: string;
  readonly type: 'message';
  readonly ts: string;
  /** Its author's. */
  readonly team: string;
  /** In channels that are shared with another company: whose its author is. */
  readonly user_team?: string;
  readonly source_team?: string;
  subtype?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  client_msg_id?: string;
  /** What stands in place of the app's name. */
  username?: string;
  text: string;
  blocks?: readonly Fields[];
  attachments?: readonly Fields[];
  files?: readonly Fields[];
  metadata?: Fields;
  edited?: { readonly user: string; readonly ts: string };
  reactions?: Reaction[];
  /** Of a root: its own ts, once it has replies. Of a reply: the root's. */
  thread_ts?: string;
  parent_user_id?: string;
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  inviter?: string;
  hidden?: boolean;
}

/** A message that one person sees until they reload: no history has it, chat.update cannot reach it. */
export interface Ephemeral {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  /** How it came about; `slackbot` is Slack's own word that a command has failed. */
  readonly via: 'answer' | 'response_url' | 'chat.postEphemeral' | 'slackbot';
  text: string;
  blocks?: readonly Fields[];
  thread_ts?: string;
  /** How often it has been replaced by way of a response_url. */
  replaced: number;
}

/** A modal or Home tab as Slack shows it back to the app. */
export interface View extends Fields {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly hash: string;
  readonly blocks: readonly Fields[];
}

/** A shortcut as the app's manifest declares it: on messages, or from anywhere. */
export interface Shortcut {
  readonly name: string;
  readonly type: 'message' | 'global';
  readonly callback_id: string;
}

/** Everything a stand-in Slack begins with. */
export interface WorkspaceSeed {
  readonly team: Team;
  readonly app: AppIdentity;
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly userGroups: readonly UserGroup[];
}
