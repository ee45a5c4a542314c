import { isFields } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Channel, Fields, User } from '../shapes.ts';

/** One Web API method: the scope it needs, and what it does with its arguments. */
export interface Method {
  /** A scope, or how to tell it from the arguments (conversations.* want one per kind of channel). */
  readonly scope?: string | ((args: Fields, parts: Parts) => string | undefined);
  /** The kind of token it takes; a bot token unless said. */
  readonly token?: 'app';
  run(args: Fields, parts: Parts): Fields;
}

export type Methods = Readonly<Record<string, Method>>;

/** An answer with `ok: false` and Slack's short error code. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Fields;

  constructor(code: string, details: Fields = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** HTTP 429: the method may be called again after so many seconds. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('ratelimited');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A refusal with Slack's list of what is wrong. */
export function refusal(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, { errors: messages, response_metadata: { messages } });
}

/** A text argument; `invalid_arguments` when it is missing. */
export function requiredText(args: Fields, name: string): string {
  const value = optionalText(args, name);
  if (value === undefined) throw refusal('invalid_arguments', [`[ERROR] missing required field: ${name}`]);
  return value;
}

export function optionalText(args: Fields, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function flag(args: Fields, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1';
}

export function optionalObject(args: Fields, name: string): Fields | undefined {
  const value = args[name];
  return isFields(value) ? value : undefined;
}

/** A conversation the bot can see: public ones, and those that it is in. */
export function visibleChannel(id: string | undefined, { workspace }: Parts): Channel {
  const channel = workspace.channels.get(id ?? '');
  if (!channel) throw new SlackError('channel_not_found');
  if (channel.type !== 'channel' && !channel.members.has(workspace.app.user_id)) {
    throw new SlackError('channel_not_found');
  }
  return channel;
}

/** A conversation the bot is a member of. */
export function joinedChannel(id: string | undefined, parts: Parts): Channel {
  const channel = visibleChannel(id, parts);
  if (!channel.members.has(parts.workspace.app.user_id)) throw new SlackError('not_in_channel');
  return channel;
}

export function knownUser(id: string | undefined, { workspace }: Parts, error = 'user_not_found'): User {
  const user = workspace.users.get(id ?? '');
  if (!user) throw new SlackError(error);
  return user;
}

/** A scope of the family that a channel's kind asks for: `channels:read`, `groups:history`, `im:read`. */
export function scopeByChannel(right: 'read' | 'history') {
  return (args: Fields, { workspace }: Parts): string => {
    const type = workspace.channels.get(String(args.channel))?.type ?? 'channel';
    return `${{ channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' }[type]}:${right}`;
  };
}

/** A page of a list and the cursor to the next one; cursors are opaque to the caller. */
export function paged<T>(items: readonly T[], args: Fields, defaultLimit: number) {
  const limit = Math.min(Math.max(Number(args.limit) || defaultLimit, 1), 1_000);
  const cursor = optionalText(args, 'cursor');
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('next:', '')) : 0;
  if (!Number.isSafeInteger(start)) throw new SlackError('invalid_cursor');
  const end = start + limit;
  const more = end < items.length;
  return {
    page: items.slice(start, end),
    has_more: more,
    response_metadata: { next_cursor: more ? Buffer.from(`next:${end}`).toString('base64') : '' },
  };
}
