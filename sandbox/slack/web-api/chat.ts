import { appMessage } from '../app-messages.ts';
import { checkBlocks } from '../block-check.ts';
import { withIds } from '../block-ids.ts';
import { asShown } from '../events.ts';
import type { Parts } from '../parts.ts';
import type { Channel, Fields, Message } from '../shapes.ts';
import {
  joinedChannel,
  knownUser,
  type Methods,
  optionalObject,
  optionalText,
  refusal,
  requiredText,
  SlackError,
  visibleChannel,
} from './method.ts';

/** Slack cuts off, or refuses, longer text (Slack docs, chat.postMessage). */
const MAX_TEXT = 40_000;
const TS = /^\d{10}\.\d{6}$/;

export const CHAT: Methods = {
  'chat.postMessage': {
    scope: 'chat:write',
    run(args, parts) {
      const channel = postable(args, parts);
      const thread_ts = threadOf(args, channel, parts);
      const metadata = metadataOf(args);
      const message = parts.workspace.add(
        appMessage(parts.workspace, channel.id, {
          ...contentOf(args, parts, MAX_TEXT),
          ...(thread_ts ? { thread_ts } : {}),
          ...(metadata ? { metadata } : {}),
          ...usernameOf(args, parts),
        }),
      );
      void parts.feed.posted(message);
      return { channel: channel.id, ts: message.ts, message: asShown(message) };
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run(args, parts) {
      const message = ownMessage(args, parts, 'cant_update_message');
      // The words of the method page: "within a frozen, archived or deleted channel".
      if (parts.workspace.channel(message.channel).is_archived) throw new SlackError('is_inactive');
      const { text, blocks } = contentOf(args, parts, parts.switches.updateTextLimit);
      const metadata = metadataOf(args);
      void parts.feed.change(message, (changed) => {
        changed.text = text;
        // Blocks that are not sent again are gone; an empty text keeps none either.
        if (blocks) changed.blocks = withIds(blocks, () => parts.workspace.ids.next('b'));
        else delete changed.blocks;
        if (metadata) changed.metadata = metadata;
        changed.edited = { user: parts.workspace.app.user_id, ts: parts.workspace.nextTs() };
      });
      return { channel: message.channel, ts: message.ts, text, message: asShown(message) };
    },
  },
  'chat.delete': {
    scope: 'chat:write',
    run(args, parts) {
      const message = ownMessage(args, parts, 'cant_delete_message');
      // Said under another name (chat.postMessage, "Authorship").
      if (message.username) throw new SlackError('cant_delete_message');
      void parts.feed.remove(message);
      return { channel: message.channel, ts: message.ts };
    },
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run(args, parts) {
      const channel = joinedChannel(requiredText(args, 'channel'), parts);
      if (channel.is_archived) throw new SlackError('is_archived');
      const user = knownUser(requiredText(args, 'user'), parts);
      if (!channel.members.has(user.id)) throw new SlackError('user_not_in_channel');
      const { text, blocks } = contentOf(args, parts, MAX_TEXT);
      const thread_ts = threadOf(args, channel, parts);
      const ephemeral = parts.workspace.addEphemeral({
        channel: channel.id,
        user: user.id,
        via: 'chat.postEphemeral',
        text,
        ...(blocks ? { blocks: withIds(blocks, () => parts.workspace.ids.next('b')) } : {}),
        ...(thread_ts ? { thread_ts } : {}),
      });
      return { message_ts: ephemeral.ts };
    },
  },
  'chat.getPermalink': {
    run(args, parts) {
      const { id } = visibleChannel(requiredText(args, 'channel'), parts);
      const message = parts.workspace.find(id, requiredText(args, 'message_ts'));
      if (!message) throw new SlackError('message_not_found');
      const inThread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${id}` : '';
      const path = `/archives/${id}/p${message.ts.replace('.', '')}${inThread}`;
      return { channel: id, permalink: `https://${parts.workspace.team.domain}.slack.com${path}` };
    },
  },
};

/** Where a message goes: a channel, a DM with the app, or a person, who stands for that DM. */
function postable(args: Fields, parts: Parts): Channel {
  const { workspace, scopes } = parts;
  const target = optionalText(args, 'channel') ?? '';
  const user = workspace.users.get(target);
  if (user) {
    if (user.deleted || user.is_bot) throw new SlackError('channel_not_found');
    return workspace.dmOf(user.id);
  }
  const channel = visibleChannel(target, parts);
  const mayPost =
    workspace.isMember(channel.id, workspace.app.user_id) || scopes.includes('chat:write.public');
  if (!mayPost) throw new SlackError('not_in_channel');
  if (channel.is_archived) throw new SlackError('is_archived');
  return channel;
}

function contentOf(
  args: Fields,
  parts: Parts,
  maxText: number,
): { text: string; blocks?: readonly unknown[] } {
  const text = optionalText(args, 'text') ?? '';
  const { blocks, attachments } = args;
  if (blocks !== undefined && blocks !== '') {
    const problems = checkBlocks(blocks, { uniqueIds: parts.switches.idsMustBeUnique });
    if (problems.length > 0) throw refusal('invalid_blocks', problems);
  }
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if (text === '' && !hasBlocks && !hasAttachments) throw new SlackError('no_text');
  const tooLong = text.length > maxText;
  if (tooLong && parts.switches.longText === 'msg_too_long') throw new SlackError('msg_too_long');
  return { text: text.slice(0, maxText), ...(hasBlocks ? { blocks } : {}) };
}

/** The name that a message stands under, if it is not the app's. */
function usernameOf(args: Fields, { scopes, switches }: Parts): { username?: string } {
  const username = optionalText(args, 'username');
  if (username === undefined) return {};
  if (scopes.includes('chat:write.customize')) return { username };
  if (switches.usernameWithoutScope === 'ignored') return {};
  throw new SlackError('missing_scope', { needed: 'chat:write.customize', provided: scopes.join(',') });
}

/** The root that a reply belongs to. A reply's own ts is no thread. */
function threadOf(args: Fields, channel: Channel, { workspace, switches }: Parts): string | undefined {
  const thread = optionalText(args, 'thread_ts');
  if (thread === undefined) return undefined;
  if (!TS.test(thread)) {
    throw refusal('invalid_thread_ts', [`[ERROR] ${thread} is not a valid thread_ts`]);
  }
  const root = workspace.find(channel.id, thread);
  const isReply = root?.thread_ts !== undefined && root.thread_ts !== root.ts;
  if (!root || isReply) throw new SlackError(switches.wrongThreadError);
  return root.ts;
}

function metadataOf(args: Fields): Fields | undefined {
  if (args.metadata === undefined || args.metadata === '') return undefined;
  const metadata = optionalObject(args, 'metadata');
  const valid = typeof metadata?.event_type === 'string' && optionalObject(metadata, 'event_payload');
  if (!metadata || !valid) throw new SlackError('invalid_metadata_format');
  return metadata;
}

function ownMessage(args: Fields, parts: Parts, notOurs: string): Message {
  const channel = visibleChannel(requiredText(args, 'channel'), parts);
  const message = parts.workspace.find(channel.id, requiredText(args, 'ts'));
  if (!message) throw new SlackError('message_not_found');
  if (message.bot_id !== parts.workspace.app.bot_id) throw new SlackError(notOurs);
  return message;
}
