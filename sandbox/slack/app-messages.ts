import { withIds } from './block-ids.ts';
import type { Fields } from './shapes.ts';
import type { MessageDraft, Workspace } from './workspace.ts';

/** A message by the app's bot user, with the fields that Slack gives those. */
export function appMessage(
  workspace: Workspace,
  channel: string,
  content: { text: string; blocks?: unknown; thread_ts?: string; metadata?: Fields; username?: string },
): MessageDraft {
  const { app, ids } = workspace;
  return {
    channel,
    // Under another name it is no message of the bot user any more (facts of the message event, bot_message).
    ...(content.username ? { subtype: 'bot_message', username: content.username } : { user: app.user_id }),
    bot_id: app.bot_id,
    app_id: app.app_id,
    text: content.text,
    ...(Array.isArray(content.blocks) ? { blocks: withIds(content.blocks, () => ids.next('b')) } : {}),
    ...(content.thread_ts ? { thread_ts: content.thread_ts } : {}),
    ...(content.metadata ? { metadata: content.metadata } : {}),
  };
}
