import { composed } from '../composer.ts';
import type { Attempt } from '../delivery.ts';
import type { Parts } from '../parts.ts';
import type { Fields, Message } from '../shapes.ts';
import { escapeTyped, IN_MESSAGES } from '../typed-text.ts';
import type { MessageDraft } from '../workspace.ts';

/** A message as it stands in the channel, and how the news of it reached the app. */
export interface Said {
  readonly message: Message;
  readonly ts: string;
  /** Every attempt to deliver the event; resolves when it was taken or given up. */
  readonly delivered: Promise<readonly Attempt[]>;
}

export interface SayOptions {
  readonly thread_ts?: string;
  readonly files?: readonly Fields[];
  /** In place of what the composer makes of the text. */
  readonly blocks?: readonly Fields[];
  readonly attachments?: readonly Fields[];
  /** `file_share` comes by itself with files, `me_message` and `thread_broadcast` by asking. */
  readonly subtype?: 'me_message' | 'thread_broadcast' | 'file_share';
  /** The text is stored as it is, already in Slack's escaped form. */
  readonly escaped?: boolean;
}

export function createMessages({ workspace, feed }: Parts) {
  return {
    /** Says something in a channel, thread or DM that the person is in. */
    say(userId: string, channelId: string, text: string, options: SayOptions = {}): Said {
      inChannel(userId, channelId);
      const escaped = options.escaped ? text : escapeTyped(text, workspace, IN_MESSAGES);
      const message = workspace.add(draft(userId, channelId, escaped, options));
      const mentionsApp = feed.subscribed('app_mention') && escaped.includes(`<@${workspace.app.user_id}`);
      return said(message, feed.posted(message, mentionsApp));
    },

    /** Another app says something: as modern bots do, or as a classic webhook (`bot_message`). */
    sayAsBot(
      channelId: string,
      text: string,
      { classic = false, thread_ts }: { classic?: boolean; thread_ts?: string } = {},
    ): Said {
      const author = classic ? { subtype: 'bot_message' } : { user: 'U0OTHERBOT', app_id: 'A0OTHERBOT' };
      const thread = thread_ts ? { thread_ts } : {};
      const message = workspace.add({ channel: channelId, bot_id: 'B0OTHERBOT', text, ...author, ...thread });
      return said(message, feed.posted(message));
    },

    /** Edits one's own message. */
    edit(userId: string, message: Message, text: string): Said {
      if (message.user !== userId) throw new Error('people edit their own messages only');
      inChannel(userId, message.channel);
      const delivered = feed.change(message, (changed) => {
        changed.text = escapeTyped(text, workspace, IN_MESSAGES);
        changed.blocks = richText(changed.text);
        changed.edited = { user: userId, ts: workspace.nextTs() };
      });
      return said(message, delivered);
    },

    /** Slack shows a preview of a link: the message has changed, and nobody has edited it. */
    unfurl(message: Message, url: string): Said {
      const delivered = feed.change(message, (changed) => {
        changed.attachments = [{ id: 1, from_url: url, fallback: url, title: 'A page' }];
      });
      return said(message, delivered);
    },

    delete(userId: string, message: Message): Said {
      if (message.user !== userId) throw new Error('people delete their own messages only');
      inChannel(userId, message.channel);
      return said(message, feed.remove(message));
    },
  };

  function inChannel(userId: string, channelId: string): void {
    workspace.user(userId);
    const { members, is_archived } = workspace.channel(channelId);
    if (!members.has(userId)) throw new Error(`${userId} is not in ${channelId}`);
    if (is_archived) throw new Error(`${channelId} is archived`);
  }

  function draft(user: string, channel: string, text: string, options: SayOptions): MessageDraft {
    const subtype = options.subtype ?? (options.files ? 'file_share' : undefined);
    return {
      channel,
      user,
      text,
      ...(subtype ? { subtype } : {}),
      ...(subtype === 'me_message'
        ? {}
        : { client_msg_id: crypto.randomUUID(), blocks: options.blocks ?? richText(text) }),
      ...(options.thread_ts ? { thread_ts: options.thread_ts } : {}),
      ...(options.files ? { files: options.files } : {}),
      ...(options.attachments ? { attachments: options.attachments } : {}),
    };
  }

  function richText(text: string): readonly Fields[] {
    return [{ type: 'rich_text', block_id: workspace.ids.next('b'), elements: composed(text) }];
  }
}

export function said(message: Message, delivered: Promise<readonly Attempt[]>): Said {
  return { message, ts: message.ts, delivered };
}
