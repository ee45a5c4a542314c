import type { AllMiddlewareArgs, App, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Mirrors, Rest } from '../../bridge/mirror.ts';
import { makePlaceId, makeThreadId, parseThreadId } from '../ids.ts';
import { ChannelIdChanged, MemberLeft, PlaceEvent } from '../payload-events.ts';

export interface PlacePorts {
  mirrors: Pick<Mirrors, 'rest' | 'moved'>;
  botUser: string | undefined;
  /** Channels shared with other companies in which threads may be mirrored. */
  connect: ReadonlySet<string>;
}

type Told = Pick<SlackEventMiddlewareArgs, 'event' | 'body'> & Pick<AllMiddlewareArgs, 'context'>;

/**
 * Lets what is mirrored in a channel rest when the channel is over, or over for the app, and follows one that gets another
 * id. Throws when that could not be stored: Slack then sends the event again.
 */
export function listenToPlaces(app: App, { mirrors, botUser, connect }: PlacePorts): void {
  const teamOf = ({ context, body }: Told) => context.teamId ?? body.team_id;
  const rests = (why: Rest) => async (told: Told) => {
    const { channel } = PlaceEvent.parse(told.event);
    await mirrors.rest({ place: makePlaceId({ team: teamOf(told), channel }) }, why);
  };

  app.event('channel_archive', rests('place-archived'));
  app.event('group_archive', rests('place-archived'));
  app.event('channel_deleted', rests('place-archived'));
  app.event('group_deleted', rests('place-archived'));
  app.event('channel_left', rests('app-removed'));
  app.event('group_left', rests('app-removed'));
  // It is not documented which of the two an app gets that is removed: the one above, or this with its own name.
  app.event('member_left_channel', async (told) => {
    if (MemberLeft.parse(told.event).user === botUser) await rests('app-removed')(told);
  });

  app.event('channel_shared', async (told) => {
    const { channel } = PlaceEvent.parse(told.event);
    if (!connect.has(channel)) await rests('place-shared')(told);
  });

  app.event('channel_id_changed', async (told) => {
    const { old_channel_id: from, new_channel_id: to } = ChannelIdChanged.parse(told.event);
    const team = teamOf(told);
    await mirrors.moved(makePlaceId({ team, channel: from }), makePlaceId({ team, channel: to }), (thread) =>
      makeThreadId({ ...parseThreadId(thread), channel: to }),
    );
    // That it is shared may have been told before, of a channel that was not known yet.
    if (isSharedNow(told.body) && !connect.has(to)) {
      await mirrors.rest({ place: makePlaceId({ team, channel: to }) }, 'place-shared');
    }
  });
}

/** Slack says with every event whether its channel is shared with another company (docs.slack.dev, Events API, envelope). */
export const isSharedNow = ({ is_ext_shared_channel }: { is_ext_shared_channel?: boolean }): boolean =>
  is_ext_shared_channel === true;
