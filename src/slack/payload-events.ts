import { z } from 'zod';

const id = z.string().regex(/^[A-Z0-9]{2,30}$/);

/** Something has become of a channel as a whole. */
export const PlaceEvent = z.looseObject({ type: z.string(), channel: id });

/** Somebody has left a channel; `user` may be the app's own. */
export const MemberLeft = PlaceEvent.extend({ user: id });

/** A channel goes on under another id: shared with another company, say (docs.slack.dev, `channel_id_changed`). */
export const ChannelIdChanged = z.looseObject({
  type: z.literal('channel_id_changed'),
  old_channel_id: id,
  new_channel_id: id,
});

/** What the bridge must be able to read of each kind of event about channels: `group_*` are those of private ones. */
export const PLACE_EVENTS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['channel_archive', PlaceEvent],
  ['channel_deleted', PlaceEvent],
  ['channel_left', PlaceEvent],
  ['channel_shared', PlaceEvent],
  ['group_archive', PlaceEvent],
  ['group_deleted', PlaceEvent],
  ['group_left', PlaceEvent],
  ['member_left_channel', MemberLeft],
  ['channel_id_changed', ChannelIdChanged],
]);
