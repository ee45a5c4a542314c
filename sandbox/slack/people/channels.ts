import type { Attempt } from '../delivery.ts';
import type { Parts } from '../parts.ts';
import type { Channel } from '../shapes.ts';
import { type Said, said } from './messages.ts';

/** What people do with channels. Each resolves with the attempts to tell the app, if it is one that hears of it. */
export function createChannels({ workspace, feed, delivery }: Parts) {
  const { app, team } = workspace;
  return {
    /** Comes into a channel; the app's own user when somebody invites it. */
    join(userId: string, channelId: string): Said {
      const channel = workspace.channel(channelId);
      channel.members.add(workspace.user(userId).id);
      workspace.changed({ what: 'members', channel: channelId });
      void feed.toMembers(channel, membership('member_joined_channel', channel, userId));
      return line(channel, userId, 'join', `<@${userId}> has joined the channel`);
    },

    /** Somebody leaves a channel, or is removed from it; of the app itself see `removeApp`. */
    leave(userId: string, channelId: string): Said {
      const channel = workspace.channel(channelId);
      channel.members.delete(userId);
      workspace.changed({ what: 'members', channel: channelId });
      void feed.toMembers(channel, membership('member_left_channel', channel, userId));
      return line(channel, userId, 'leave', `<@${userId}> has left the channel`);
    },

    /** Removes the app. It hears of that once more, and then nothing; Slackbot tells it, too. */
    removeApp(by: string, channelId: string): Promise<readonly Attempt[]> {
      const channel = workspace.channel(channelId);
      channel.members.delete(app.user_id);
      workspace.changed({ what: 'members', channel: channelId });
      const told = feed.other({
        type: `${kind(channel)}_left`,
        channel: channelId,
        actor_id: by,
        event_ts: workspace.nextTs(),
      });
      slackbotSays(`You have been removed from #${channel.name} by <@${by}>`);
      return told;
    },

    archive(by: string, channelId: string): Promise<readonly Attempt[]> {
      const channel = workspace.channel(channelId);
      line(channel, by, 'archive', `<@${by}> archived the channel`);
      channel.is_archived = true;
      workspace.changed({ what: 'members', channel: channelId });
      return feed.about(channel, {
        type: `${kind(channel)}_archive`,
        channel: channelId,
        user: by,
        is_moved: 0,
        event_ts: workspace.nextTs(),
      });
    },

    unarchive(by: string, channelId: string): Promise<readonly Attempt[]> {
      const channel = workspace.channel(channelId);
      channel.is_archived = false;
      line(channel, by, 'unarchive', `<@${by}> un-archived the channel`);
      workspace.changed({ what: 'members', channel: channelId });
      const who = channel.type === 'group' ? { actor_id: by } : { user: by };
      return feed.about(channel, {
        type: `${kind(channel)}_unarchive`,
        channel: channelId,
        ...who,
        event_ts: workspace.nextTs(),
      });
    },

    /** Deletes a channel with all that was said in it. */
    deleteChannel(by: string, channelId: string): Promise<readonly Attempt[]> {
      const channel = workspace.channel(channelId);
      workspace.removeChannel(channelId);
      return feed.about(channel, {
        type: `${kind(channel)}_deleted`,
        channel: channelId,
        actor_id: by,
        event_ts: workspace.nextTs(),
      });
    },

    /**
     * Asks another company into a private channel: that changes its id (Slack docs, `channel_id_changed`), long before
     * they come.
     */
    changeChannelId(channelId: string): { id: string; delivered: Promise<readonly Attempt[]> } {
      const channel = workspace.channel(channelId);
      if (channel.type !== 'group') throw new Error('only ids of private channels change');
      const renumbered = workspace.renumber(channel, workspace.ids.next('C'));
      renumbered.is_pending_ext_shared = true;
      const delivered = feed.about(renumbered, {
        type: 'channel_id_changed',
        old_channel_id: channelId,
        new_channel_id: renumbered.id,
        event_ts: workspace.nextTs(),
      });
      return { id: renumbered.id, delivered };
    },

    /** Another company has come, through Slack Connect. */
    shareChannel(channelId: string, withTeam: string): Promise<readonly Attempt[]> {
      const channel = workspace.channel(channelId);
      channel.is_ext_shared = true;
      channel.is_pending_ext_shared = false;
      workspace.changed({ what: 'members', channel: channelId });
      return feed.about(channel, {
        type: 'channel_shared',
        connected_team_id: withTeam,
        channel: channelId,
        event_ts: workspace.nextTs(),
      });
    },

    /** Begins a conversation of several people; its id. */
    openGroupDm(...userIds: string[]): string {
      const handles = userIds.map((id) => workspace.user(id).name);
      const id = workspace.ids.next('G');
      workspace.addChannel({ id, name: `mpdm-${handles.join('--')}-1`, is_mpim: true, members: userIds });
      workspace.changed({ what: 'members', channel: id });
      return id;
    },
  };

  function membership(type: string, channel: Channel, user: string) {
    return {
      type,
      user,
      channel: channel.id,
      channel_type: channel.type === 'channel' ? 'C' : 'G',
      team: team.id,
      event_ts: workspace.nextTs(),
    };
  }

  /** A line in the channel that Slack writes. */
  function line(channel: Channel, user: string, what: string, text: string): Said {
    const subtype = `${kind(channel)}_${what}`;
    const message = workspace.add({ channel: channel.id, user, subtype, text });
    return said(message, feed.posted(message));
  }

  /** In its own conversation with the app, as recorded in `slackbotIm.json` of hackage.haskell.org/package/slack-web. */
  function slackbotSays(text: string): void {
    if (!feed.subscribed('message.im')) return;
    const ts = workspace.nextTs();
    const words = { type: 'message', user: 'USLACKBOT', text, ts, event_ts: ts, team: team.id };
    void delivery.event({ ...words, channel: 'D0SLACKBOT', channel_type: 'im' });
  }
}

/** What Slack calls it in names of events and subtypes. */
const kind = (channel: Channel) => (channel.type === 'channel' ? 'channel' : 'group');
