import { asShown } from '../events.ts';
import type { Parts } from '../parts.ts';
import { DISTRIBUTED } from '../rate-limits.ts';
import type { Channel, Fields, Message } from '../shapes.ts';
import {
  flag,
  joinedChannel,
  knownUser,
  type Methods,
  optionalText,
  paged,
  RateLimited,
  requiredText,
  SlackError,
  scopeByChannel,
  visibleChannel,
} from './method.ts';

export const CONVERSATIONS: Methods = {
  'conversations.open': {
    scope: 'im:write',
    run(args, parts) {
      const users = (optionalText(args, 'users') ?? '').split(',').filter((id) => id !== '');
      if (users.length === 0) return opened(joinedChannel(optionalText(args, 'channel'), parts), args, parts);
      // Group DMs are not played here: the bridge opens none.
      if (users.length > 1) throw new SlackError('method_not_supported_for_channel_type');
      const user = knownUser(users[0], parts);
      if (user.deleted) throw new SlackError('user_disabled');
      if (user.is_bot) throw new SlackError('cannot_dm_bot');
      return opened(parts.workspace.dmOf(user.id), args, parts);
    },
  },
  'conversations.info': {
    scope: scopeByChannel('read'),
    run(args, parts) {
      const channel = visibleChannel(optionalText(args, 'channel'), parts);
      const members = flag(args, 'include_num_members') ? { num_members: channel.members.size } : {};
      return { channel: { ...shownChannel(channel, parts), ...members } };
    },
  },
  'conversations.members': {
    scope: scopeByChannel('read'),
    run(args, parts) {
      const channel = visibleChannel(optionalText(args, 'channel'), parts);
      const { page, response_metadata } = paged([...channel.members], args, 100);
      return { members: page, response_metadata };
    },
  },
  'conversations.history': {
    scope: scopeByChannel('history'),
    run(asked, parts) {
      const args = limited('conversations.history', asked, parts);
      const channel = joinedChannel(optionalText(args, 'channel'), parts);
      const roots = parts.workspace
        .messages(channel.id)
        .filter(
          ({ ts, thread_ts, subtype }) => !thread_ts || thread_ts === ts || subtype === 'thread_broadcast',
        );
      const newestFirst = inWindow(roots, args).reverse();
      return messagePage(newestFirst, args, 100);
    },
  },
  'conversations.replies': {
    scope: scopeByChannel('history'),
    run(asked, parts) {
      const args = limited('conversations.replies', asked, parts);
      const channel = joinedChannel(optionalText(args, 'channel'), parts);
      if (channel.type !== 'im' && !parts.switches.botsReadChannelThreads) {
        throw new SlackError('not_allowed_token_type');
      }
      const message = parts.workspace.find(channel.id, requiredText(args, 'ts'));
      if (!message) throw new SlackError('thread_not_found');
      const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts;
      const [root, ...replies] = isReply ? [message] : parts.workspace.thread(channel.id, message.ts);
      if (!root) throw new SlackError('thread_not_found');
      if (!parts.switches.repliesBeginWithRoot)
        return messagePage(inWindow([root, ...replies], args), args, 1_000);
      const answer = messagePage(inWindow(replies, args), args, 1_000);
      return { ...answer, messages: [shownMessage(root, args), ...answer.messages] };
    },
  },
};

/** The arguments, with as many messages as the app may ask for. @throws RateLimited when it has asked just now. */
function limited(method: string, args: Fields, { switches, rateLimits }: Parts): Fields {
  if (switches.readingThreads === 'internal') return args;
  const waitSeconds = rateLimits.take(method, DISTRIBUTED.everyMs);
  if (waitSeconds > 0) throw new RateLimited(waitSeconds);
  return { ...args, limit: Math.min(Number(args.limit) || DISTRIBUTED.items, DISTRIBUTED.items) };
}

/** The messages between `oldest` and `latest`, whose own times count only with `inclusive`. */
function inWindow(messages: readonly Message[], args: Fields): Message[] {
  const oldest = Number(args.oldest ?? 0);
  const latest =
    args.latest === undefined || args.latest === '' ? Number.POSITIVE_INFINITY : Number(args.latest);
  const inclusive = flag(args, 'inclusive');
  return messages.filter(({ ts }) => {
    const time = Number(ts);
    return (time > oldest && time < latest) || (inclusive && (time === oldest || time === latest));
  });
}

function messagePage(messages: readonly Message[], args: Fields, defaultLimit: number) {
  const { page, has_more, response_metadata } = paged(messages, args, defaultLimit);
  return {
    messages: page.map((message) => shownMessage(message, args)),
    has_more,
    ...(has_more ? { response_metadata } : {}),
  };
}

/** Metadata is shown only on request, and the event-only `hidden` never. */
function shownMessage(message: Message, args: Fields): Fields {
  const { metadata, ...shown } = asShown(message);
  return { ...shown, ...(metadata && flag(args, 'include_all_metadata') ? { metadata } : {}) };
}

function opened(channel: Channel, args: Fields, parts: Parts): Fields {
  const already = channel.opened;
  channel.opened = true;
  return {
    ...(already ? { no_op: true, already_open: true } : {}),
    channel: flag(args, 'return_im') ? shownChannel(channel, parts) : { id: channel.id },
  };
}

function shownChannel(channel: Channel, { workspace }: Parts): Fields {
  const { team, app } = workspace;
  const common = {
    id: channel.id,
    created: 1_700_000_000,
    is_archived: channel.is_archived,
    is_im: channel.type === 'im',
    is_org_shared: false,
    context_team_id: team.id,
  };
  if (channel.type === 'im') {
    const person = [...channel.members].find((id) => id !== app.user_id);
    return { ...common, user: person, is_user_deleted: false, is_open: channel.opened, priority: 0 };
  }
  const strangers = [...channel.members].map((id) => workspace.users.get(id)?.team_id ?? team.id);
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.type === 'channel',
    is_group: channel.type !== 'channel',
    is_mpim: channel.type === 'mpim',
    is_private: channel.type !== 'channel',
    is_general: channel.name === 'general',
    is_shared: channel.is_ext_shared,
    is_ext_shared: channel.is_ext_shared,
    is_pending_ext_shared: channel.is_pending_ext_shared,
    is_member: channel.members.has(app.user_id),
    creator: 'USLACKBOT',
    unlinked: 0,
    shared_team_ids: [...new Set([team.id, ...strangers])],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}
