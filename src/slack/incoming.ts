import type { Incoming, WrittenMessage } from '../bridge/message.ts';
import type { ChatThreadId, DeliveryId, LaneKey } from '../bridge/people.ts';
import { makeDeliveryId, makeMessageId, makePersonId, microsecondsOf, parseThreadId } from './ids.ts';
import type { Revision } from './listeners/revision.ts';
import type { MessageEvent } from './payload.ts';

/**
 * Where a message belongs. `thread`: as the bridge knows it, by which what is in it is named, also when its channel has
 * another id by now.
 */
export interface Home {
  team: string;
  thread: ChatThreadId;
  /** Everybody in its channel reads it. */
  isMirrored?: true;
}

type Written = Pick<WrittenMessage, 'text' | 'beyondText'>;

/**
 * Somebody's message in a thread, ready to be handed in. Its author is named with our team, whichever is theirs
 * (`user_team`): events of a shared channel are told to our workspace, and its users.info knows them by the same id.
 */
export function incomingMessage(
  { channel, ts, user }: Pick<MessageEvent, 'channel' | 'ts' | 'user'>,
  written: Written,
  { lane, ...home }: Home & { lane: LaneKey },
): Incoming {
  const { team, thread } = home;
  return {
    id: makeDeliveryId({ ...parseThreadId(thread), ts }),
    lane,
    order: microsecondsOf(ts),
    message: {
      v: 1,
      author: makePersonId({ team, user: user ?? '' }),
      ...written,
      to: addressOf(home),
      // Where it is now, for its mark.
      source: makeMessageId({ team, channel, ts }),
    },
  };
}

/** What somebody has changed about a message of theirs in a thread, ready to be handed in. */
export function incomingRevision({ ts, user, written, key, atUs }: Revision, home: Home): Incoming {
  const { team, thread } = home;
  const parts = { ...parseThreadId(thread), ts };
  const id = `msg-${makeMessageId(parts)}-${key}` as DeliveryId;
  return {
    id,
    // Of its own: what it has to come after it knows itself, and nothing has to wait for it.
    lane: `revises-${id}` as LaneKey,
    message: {
      v: 1,
      author: makePersonId({ team, user }),
      ...(written ?? { text: '' }),
      to: addressOf(home),
    },
    revises: {
      of: makeDeliveryId(parts),
      how: written ? 'edit' : 'delete',
      writtenAtMs: Math.floor(microsecondsOf(ts) / 1_000),
      atUs,
    },
  };
}

const addressOf = ({ thread, isMirrored }: Home): WrittenMessage['to'] => ({
  kind: 'thread',
  thread,
  ...(isMirrored && { isMirrored }),
});
