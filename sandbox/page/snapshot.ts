import { BRIDGE_USERNAME, NOTES } from '../company.ts';
import type { Conversation } from '../salesforce/org.ts';
import type { Channel, Ephemeral, Message } from '../slack/shapes.ts';
import { typedAgain } from '../slack/typed-text.ts';
import { activeFaults } from './faults.ts';
import type { Stage } from './stage.ts';

/** Whose eyes the page looks through: a Slack user id and a Salesforce user id. */
export interface Viewer {
  readonly slack: string;
  readonly chatter: string;
}

export type Snapshot = ReturnType<typeof snapshot>;

/** All that the page shows to these two people, and nothing that only others can see. */
export function snapshot(stage: Stage, viewer: Viewer) {
  return {
    slack: slackSide(stage, viewer.slack),
    chatter: chatterSide(stage, viewer.chatter),
    faults: activeFaults(stage),
    processes: stage.processes.map(({ name, state }) => ({ name, state })),
  };
}

function slackSide({ slack }: Stage, viewer: string) {
  const { workspace } = slack;
  const dm = slack.dmOf(viewer);
  const mine = [...workspace.channels.values()].filter(
    ({ id, type, members }) => members.has(viewer) && (type !== 'im' || id === dm),
  );
  const { is_stranger, is_restricted, is_ultra_restricted } = workspace.user(viewer);
  const isGuest = is_restricted || is_ultra_restricted;
  return {
    viewer,
    app: workspace.app.user_id,
    // Who sees which: as Slack's documentation says of guests and of other companies.
    shortcuts: slack.shortcuts.filter(({ type }) => !is_stranger && (type === 'message' || !isGuest)),
    people: [...workspace.users.values()].map(({ id, name, real_name, is_bot }) => ({
      id,
      handle: name,
      name: real_name,
      isBot: is_bot,
      note: NOTES.get(id) ?? '',
    })),
    groups: [...workspace.userGroups.values()].map(({ id, handle, name }) => ({
      id,
      handle,
      name,
      note: 'user group',
    })),
    channels: mine.map((channel) => ({
      id: channel.id,
      name: channel.type === 'im' ? workspace.app.name : channel.name,
      type: channel.type,
      isArchived: channel.is_archived,
      isShared: channel.is_ext_shared,
      messages: shownIn(channel, slack.messages(channel.id), slack.ephemeralsOf(viewer)).map((message) => ({
        ...message,
        files: message.files.map((file) => ({
          name: String(file.name),
          title: String(file.title),
          // What people's own files hold, this page does not know.
          content: slack.fileText(String(file.id)) ?? null,
        })),
        // What its author goes on with when they edit it.
        typed: message.user === viewer ? typedAgain(message.text, workspace) : '',
      })),
    })),
    home: slack.homeOf(viewer) ?? null,
    modal: slack.viewsOf(viewer).at(-1) ?? null,
  };
}

/** Lines that Slack writes, and what it leaves of a deleted root. */
const SYSTEM_LINE = /^(?:channel|group)_|^tombstone$/;

/** What a person sees in a channel, oldest first: everybody's messages and those for their eyes only. */
function shownIn(channel: Channel, messages: readonly Message[], ephemerals: readonly Ephemeral[]) {
  return [
    ...messages.map((message) => ({
      ...content(message, message.bot_id !== undefined),
      files: message.files ?? [],
      user: message.user ?? '',
      isNote: SYSTEM_LINE.test(message.subtype ?? ''),
      isEdited: message.edited !== undefined,
      replyCount: message.reply_count ?? 0,
      reactions: (message.reactions ?? []).map(({ name, users }) => ({ name, count: users.length })),
      onlyToViewer: false,
    })),
    ...ephemerals
      .filter((ephemeral) => ephemeral.channel === channel.id)
      .map((ephemeral) => ({
        ...content(ephemeral, true),
        files: [],
        user: ephemeral.via === 'slackbot' ? 'USLACKBOT' : '',
        isNote: false,
        isEdited: false,
        replyCount: 0,
        reactions: [],
        onlyToViewer: true,
      })),
  ].sort((one, other) => Number(one.ts) - Number(other.ts));
}

function content({ channel, ts, thread_ts, text, blocks }: Message | Ephemeral, isFromApp: boolean) {
  return {
    channel,
    ts,
    threadTs: thread_ts && thread_ts !== ts ? thread_ts : '',
    text,
    // A person's rich text is only another form of what they have typed.
    blocks: (blocks ?? []).filter(({ type }) => isFromApp || type !== 'rich_text'),
  };
}

function chatterSide({ salesforce }: Stage, viewer: string) {
  const names = new Map(salesforce.users.map(({ id, name }) => [id, name]));
  const messages = salesforce.messages();
  const latest = ({ id }: Conversation) =>
    messages.findLastIndex(({ conversationId }) => conversationId === id);
  return {
    viewer,
    people: salesforce.users
      .filter(({ username }) => username !== BRIDGE_USERNAME)
      .map(({ id, name, username, isActive, chatterEnabled }) => ({
        id,
        name,
        username,
        canChat: isActive && chatterEnabled,
        unread: salesforce.conversationsOf(id).filter(({ unreadBy }) => unreadBy.has(id)).length,
      })),
    conversations: salesforce
      .conversationsOf(viewer)
      .toSorted((one, other) => latest(other) - latest(one))
      .map((conversation) => ({
        id: conversation.id,
        names: conversation.memberIds.filter((id) => id !== viewer).map((id) => names.get(id) ?? id),
        isUnread: conversation.unreadBy.has(viewer),
        messages: messages
          .filter(({ conversationId }) => conversationId === conversation.id)
          .map(({ id, senderId, text, sentDate }) => ({
            id,
            sender: names.get(senderId) ?? senderId,
            isMine: senderId === viewer,
            text,
            sentDate,
          })),
      })),
  };
}
