import type { Logger } from 'pino';
import type { Intake } from '../../bridge/message.ts';
import type { Mirrors } from '../../bridge/mirror.ts';
import { BRIDGE, type ChatThreadId } from '../../bridge/people.ts';
import { isWithTheApp, makeThreadId, microsecondsOf } from '../ids.ts';
import { incomingMessage, incomingRevision } from '../incoming.ts';
import type { MessageEvent } from '../payload.ts';
import { writtenIn } from '../written.ts';
import { reasonToDrop } from './author.ts';
import { deletedRootIn, revisionIn } from './revision.ts';
import { insist } from './taken.ts';

export interface MessagePorts {
  intake: Intake;
  mirrors: Pick<Mirrors, 'rest'>;
  botUser: string | undefined;
  /** Channels shared with other companies in which threads may be mirrored. */
  connect: ReadonlySet<string>;
  log: Logger;
}

/** `isShared`: another company is in the channel by now, whatever it was when the mirror began. */
interface Told {
  team: string;
  isShared: boolean;
}

/**
 * Takes what is written, changed or deleted in a mirrored thread, by whomever. Every message of every channel that the app
 * is in passes here: one look-up decides, and only about what may be in a mirrored thread at all. Throws like the
 * listener.
 */
export async function takeFromChannel(
  message: MessageEvent,
  { team, isShared }: Told,
  ports: MessagePorts,
): Promise<void> {
  const dropped = await take(message, { team, isShared }, ports);
  if (dropped === undefined) return;
  ports.log.debug({ dropped, subtype: message.subtype ?? '' }, 'message does not travel');
}

/** @returns why it was not taken; undefined: it was. */
async function take(
  message: MessageEvent,
  { team, isShared }: Told,
  { intake, mirrors, botUser, connect }: MessagePorts,
): Promise<string | undefined> {
  const { channel } = message;
  const isAllowed = !isShared || connect.has(channel);
  /** @param atUs when it was written; undefined: it is about what was written before. */
  const mirrorOf = async (ts: string, atUs: number | undefined) => {
    const thread = makeThreadId({ team, channel, ts });
    const link = (await intake.threadLink(thread)) ?? (await lately(thread, atUs));
    if (link?.person !== BRIDGE) return undefined;
    if (!isAllowed) {
      await mirrors.rest({ thread: link.thread ?? thread }, 'place-shared');
      return undefined;
    }
    return { team, thread: link.thread ?? thread, lane: link.lane, isMirrored: true } as const;
  };
  /** What was written before the end may be told of after it. */
  const lately = async (thread: ChatThreadId, atUs = 0) => {
    const link = await intake.endedLink(thread);
    return link && atUs < link.untilUs ? link : undefined;
  };
  const none = 'not in a mirrored thread';

  const revision = revisionIn(message, botUser);
  const deletedRoot = deletedRootIn(message);
  const changedIn = revision?.threadTs ?? deletedRoot;
  if (changedIn !== undefined) {
    const mirror = await mirrorOf(changedIn, undefined);
    if (!mirror) return none;
    if (revision) insist(await intake.take(incomingRevision(revision, mirror), true));
    // Only then: what rests takes nothing any more, and the deletion of the root is what is left to be told.
    if (deletedRoot !== undefined) await mirrors.rest({ thread: mirror.thread }, 'root-deleted');
    return undefined;
  }

  const dropped = reasonToDrop(message, botUser);
  if (dropped !== undefined) return dropped;
  const root = rootOf(message);
  if (root === undefined) return 'not in a thread';
  const written = writtenIn(message);
  if (!written) return 'nothing in it';
  const mirror = await mirrorOf(root, microsecondsOf(message.ts));
  if (!mirror) return none;
  insist(await intake.take(incomingMessage(message, written, mirror), true));
  return undefined;
}

/** The root of the thread that a reply is in. A root is in no thread that is mirrored: it was not when it was written. */
export function rootOf({ thread_ts, ts }: MessageEvent): string | undefined {
  return thread_ts && thread_ts !== ts ? thread_ts : undefined;
}

/** Messages come with their channel's type; where it is missing, its id tells. */
export const isInChannel = ({ channel, channel_type }: MessageEvent): boolean =>
  channel_type ? channel_type !== 'im' : !isWithTheApp(channel);
