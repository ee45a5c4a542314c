import type { Attempt, Delivery } from './delivery.ts';
import { asShown, changedEvent, deletedEvent, messageEvent, type SlackEvent } from './events.ts';
import type { Channel, Fields, Message } from './shapes.ts';
import type { Switches } from './switches.ts';
import type { Workspace } from './workspace.ts';

/** The subscription that a conversation's messages come under (Slack docs, `message.*` events). */
const SUBSCRIPTION = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const;

export const ALL_SUBSCRIPTIONS: readonly string[] = [
  ...Object.values(SUBSCRIPTION),
  'app_home_opened',
  'channel_archive',
  'channel_deleted',
  'channel_id_changed',
  'channel_left',
  'channel_shared',
  'channel_unarchive',
  'group_archive',
  'group_deleted',
  'group_left',
  'group_unarchive',
  'member_joined_channel',
  'member_left_channel',
];

/**
 * Tells the app what happens in the conversations that it is a member of, as far as it has subscribed.
 * Its own messages are told too: Slack does that, and an app must know its own voice.
 */
export class MessageFeed {
  readonly #workspace: Workspace;
  readonly #delivery: Delivery;
  readonly #switches: Switches;
  readonly #subscriptions: ReadonlySet<string>;

  constructor(
    workspace: Workspace,
    delivery: Delivery,
    switches: Switches,
    subscriptions: readonly string[] = ALL_SUBSCRIPTIONS,
  ) {
    this.#workspace = workspace;
    this.#delivery = delivery;
    this.#switches = switches;
    this.#subscriptions = new Set(subscriptions);
  }

  /** A new message; `mentionsApp` sends it once more as an `app_mention` with an `event_id` of its own. */
  posted(message: Message, mentionsApp = false): Promise<readonly Attempt[]> {
    const channel = this.#workspace.channel(message.channel);
    const delivered = this.#tell(channel, messageEvent(message, channel));
    if (mentionsApp) {
      const { channel_type: _, subtype: __, ...mention } = messageEvent(message, channel);
      void this.#delivery.event({ ...mention, type: 'app_mention' });
    }
    this.#tellRoot(message, channel);
    return delivered;
  }

  /** Changes a message by `change` and tells it with what it was before. */
  change(message: Message, change: (message: Message) => void): Promise<readonly Attempt[]> {
    const previous = asShown(message);
    change(message);
    this.#workspace.touch(message);
    const channel = this.#workspace.channel(message.channel);
    return this.#tell(channel, changedEvent(this.#workspace.nextTs(), message, previous, channel));
  }

  /** Deletes a message; a root with replies may leave a placeholder instead. */
  remove(message: Message): Promise<readonly Attempt[]> {
    if (message.reply_count && this.#switches.deletedRootLeavesTombstone) {
      const replies = this.#workspace.thread(message.channel, message.ts).slice(1);
      const delivered = this.change(message, (root) => {
        root.subtype = 'tombstone';
        root.text = 'This message was deleted.';
        root.user = 'USLACKBOT';
        root.hidden = true;
        delete root.blocks;
        delete root.client_msg_id;
      });
      if (this.#switches.deletedRootChangesReplies) {
        for (const reply of replies) void this.change(reply, (changed) => delete changed.parent_user_id);
      }
      return delivered;
    }
    const previous = asShown(message);
    this.#workspace.remove(message);
    const channel = this.#workspace.channel(message.channel);
    return this.#tell(channel, deletedEvent(this.#workspace.nextTs(), previous, channel));
  }

  /** Any other event, if the app has subscribed to it. */
  other(event: SlackEvent): Promise<readonly Attempt[]> {
    if (!this.#subscriptions.has(event.type)) return Promise.resolve([]);
    return this.#delivery.event(event);
  }

  /** The same about a channel: those of public ones are told to all, of others to members. */
  about(channel: Channel, event: SlackEvent): Promise<readonly Attempt[]> {
    const hears = channel.type === 'channel' || this.#isMember(channel);
    return hears ? this.other(event) : Promise.resolve([]);
  }

  /** The same about who is in a channel, which only members hear. */
  toMembers(channel: Channel, event: SlackEvent): Promise<readonly Attempt[]> {
    return this.#isMember(channel) ? this.other(event) : Promise.resolve([]);
  }

  subscribed(event: string): boolean {
    return this.#subscriptions.has(event);
  }

  #tell(channel: Channel, event: SlackEvent): Promise<readonly Attempt[]> {
    if (!this.#isMember(channel) || !this.#subscriptions.has(SUBSCRIPTION[channel.type]))
      return Promise.resolve([]);
    return this.#delivery.event(event);
  }

  #isMember(channel: Channel): boolean {
    return channel.members.has(this.#workspace.app.user_id);
  }

  #tellRoot(reply: Message, channel: Channel): void {
    if (!reply.thread_ts || !this.#switches.repliesChangeTheirRoot) return;
    const root = this.#workspace.find(channel.id, reply.thread_ts);
    if (!root) return;
    const previous: Fields = { ...asShown(root), reply_count: (root.reply_count ?? 1) - 1 };
    void this.#tell(channel, changedEvent(this.#workspace.nextTs(), root, previous, channel));
  }
}
