import { isEmojiName } from '../emoji.ts';
import type { Parts } from '../parts.ts';
import type { Fields, Message } from '../shapes.ts';
import { joinedChannel, type Methods, optionalText, SlackError } from './method.ts';

export const REACTIONS: Methods = {
  'reactions.add': {
    scope: 'reactions:write',
    run(args, parts) {
      const name = emojiName(args);
      const message = target(args, parts);
      const us = parts.workspace.app.user_id;
      message.reactions ??= [];
      const reaction = message.reactions.find((other) => other.name === name);
      if (reaction?.users.includes(us)) throw new SlackError('already_reacted');
      if (reaction) reaction.users.push(us);
      else message.reactions.push({ name, users: [us] });
      parts.workspace.touch(message);
      return {};
    },
  },
  'reactions.remove': {
    scope: 'reactions:write',
    run(args, parts) {
      const name = emojiName(args);
      const message = target(args, parts);
      const us = parts.workspace.app.user_id;
      const reaction = message.reactions?.find((other) => other.name === name && other.users.includes(us));
      if (!reaction) throw new SlackError('no_reaction');
      reaction.users.splice(reaction.users.indexOf(us), 1);
      message.reactions = message.reactions?.filter(({ users }) => users.length > 0) ?? [];
      parts.workspace.touch(message);
      return {};
    },
  },
};

function emojiName(args: Fields): string {
  const name = optionalText(args, 'name') ?? '';
  if (!isEmojiName(name)) throw new SlackError('invalid_name');
  return name;
}

function target(args: Fields, parts: Parts): Message {
  const timestamp = optionalText(args, 'timestamp');
  if (!timestamp) throw new SlackError('no_item_specified');
  if (!/^\d+\.\d+$/.test(timestamp)) throw new SlackError('bad_timestamp');
  const channel = joinedChannel(optionalText(args, 'channel'), parts);
  if (channel.is_archived) throw new SlackError('is_archived');
  const message = parts.workspace.find(channel.id, timestamp);
  if (!message) throw new SlackError('message_not_found');
  return message;
}
