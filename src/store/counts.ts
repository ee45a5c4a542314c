import { type Delivery, ended, isDead } from '../bridge/delivery.ts';
import type { DeliveryId } from '../bridge/people.ts';
import { type Keys, keepMs } from './keys.ts';
import type { PlaceOf, Write } from './write.ts';

/**
 * Where a delivery counts now: among what is open, among the dead letters, or nowhere. Written with every change and
 * harmless twice, so that what was stored by a version that did not count is counted from its next change on.
 */
export function countWrites(
  after: Delivery,
  key: PlaceOf,
  { keys, failedKeepMs }: { keys: Keys; failedKeepMs: number },
): Write[] {
  const { id } = after;
  const isOpen = !ended(after.phase) && !isDead(after);
  const writes: Write[] = [openWrite(key(keys.open), id, isOpen)];
  // Nobody can be asked about a note: it is no dead letter, and counts as nobody's message.
  if (after.to === 'chat') return writes;
  const openOf = key(keys.openOf(after.author));
  writes.push(openWrite(openOf, id, isOpen));
  if (isOpen) writes.push(['PEXPIRE', openOf, keepMs.open]);
  for (const name of [keys.dead, keys.deadOf(after.author)])
    writes.push(isDead(after) ? ['ZKEEP', key(name), id, failedKeepMs] : ['ZREM', key(name), id]);
  return writes;
}

const openWrite = (place: number, id: DeliveryId, isOpen: boolean): Write =>
  isOpen ? ['ZADD', place, 'NX', '@nowMs', id] : ['ZREM', place, id];

/** A note that is stored with a change. */
export const entryCountWrites = (id: DeliveryId, key: PlaceOf, keys: Keys): Write[] => [
  openWrite(key(keys.open), id, true),
];
