import type { Channel, Fields, Message } from './shapes.ts';
import type { Workspace } from './workspace.ts';

/** An event inside its envelope; `type` is always there. */
export interface SlackEvent extends Fields {
  readonly type: string;
}

/** Wraps an event as the Events API does; every envelope has an `event_id` of its own. */
export function envelope(workspace: Workspace, event: SlackEvent): Fields {
  const { team, app, ids, now } = workspace;
  const enterprise = team.enterprise_id ?? null;
  return {
    token: 'legacy-verification-token',
    team_id: team.id,
    ...(team.enterprise_id ? { enterprise_id: team.enterprise_id } : {}),
    context_team_id: team.id,
    context_enterprise_id: enterprise,
    api_app_id: app.app_id,
    event,
    type: 'event_callback',
    event_id: ids.next('Ev'),
    event_time: Math.floor(now() / 1_000),
    authorizations: [
      {
        enterprise_id: enterprise,
        team_id: team.id,
        user_id: app.user_id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: workspace.channels.get(String(event.channel))?.is_ext_shared ?? false,
    event_context: ids.next('4-'),
  };
}

/** A new message, as its own event. */
export function messageEvent(message: Message, channel: Channel): SlackEvent {
  return {
    ...withoutThreadCounts(asShown(message)),
    type: 'message',
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channel.type,
  };
}

/** A message that differs from what it was: an edit, an unfurl, a count of replies. */
export function changedEvent(ts: string, message: Message, previous: Fields, channel: Channel): SlackEvent {
  return {
    type: 'message',
    subtype: 'message_changed',
    message: asShown(message),
    previous_message: previous,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channel.type,
  };
}

export function deletedEvent(ts: string, previous: Fields, channel: Channel): SlackEvent {
  return {
    type: 'message',
    subtype: 'message_deleted',
    previous_message: previous,
    channel: channel.id,
    hidden: true,
    deleted_ts: previous.ts,
    ts,
    event_ts: ts,
    channel_type: channel.type,
  };
}

/** A message as Slack's answers show it: a copy, without the channel, with counts where it has any. */
export function asShown(message: Message): Fields {
  const { channel: _, reactions, ...shown } = structuredClone(message);
  return {
    ...shown,
    ...(shown.reply_users ? { reply_users_count: shown.reply_users.length } : {}),
    ...(reactions?.length
      ? { reactions: reactions.map(({ name, users }) => ({ name, users, count: users.length })) }
      : {}),
  };
}

/** An event about a new message never carries its thread's counts: it has no replies yet. */
function withoutThreadCounts(shown: Fields): Fields {
  const { reply_count: _, reply_users: __, reply_users_count: ___, latest_reply: ____, ...rest } = shown;
  return rest;
}
