import { createHash } from 'node:crypto';
import type { Addressee, ChatPersonId, DeliveryId, LaneKey } from './people.ts';

/** Chatter takes at most nine recipients with the sender as the tenth person. */
export const MAX_RECIPIENTS = 9;

/**
 * The lane of one person's messages to one set of addressees. Known from the command alone, without any look-up:
 * the same person named by mention here and by e-mail there makes two lanes, which meet again in one pair.
 */
export function laneOf(author: ChatPersonId, addressees: readonly Addressee[]): LaneKey {
  const names = new Set(addressees.map((a) => (a.kind === 'email' ? a.email.toLowerCase() : a.id)));
  const key = [author, ...[...names].sort()].join('\n');
  return `to-${createHash('sha256').update(key).digest('hex').slice(0, 24)}` as LaneKey;
}

/** What is written in a mirrored thread. A later mirror of the same thread has a lane of its own. */
export const mirrorLane = (openedBy: DeliveryId): LaneKey => `mirror-${openedBy}` as LaneKey;
