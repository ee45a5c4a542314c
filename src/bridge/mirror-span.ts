import type { ChatterAnswer } from './chatter-answer.ts';
import { type Delivery, ended } from './delivery.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { Mirror } from './mirror.ts';
import { farewellOf } from './mirror-end.ts';

/**
 * Whether something was written in Chatter while a mirror stood there: after its first message, which says who reads it, and
 * before its farewell, which says that nobody does any more. The people may have had the same conversation before, and have
 * it after. `unknown`: one of the two is on its way.
 */
export async function isWithin(
  { openedBy, state }: Mirror,
  { sentAtMs }: Pick<ChatterAnswer, 'sentAtMs'>,
  log: Pick<DeliveryLog, 'read'>,
): Promise<boolean | 'unknown'> {
  // What is forgotten was sent more than a day ago, and nothing is read that is so old.
  const opening = (await log.read(openedBy))?.delivery;
  if (opening && isOnItsWay(opening)) return 'unknown';
  if (opening && sentAtMs < startOf(opening)) return false;
  if (state === 'live') return true;
  // A place that is over takes nothing.
  if (state !== 'stopped') return false;
  const farewell = (await log.read(farewellOf(openedBy)))?.delivery;
  if (!farewell) return false;
  if (farewell.arrived) return sentAtMs < farewell.arrived.atMs;
  return ended(farewell.phase) || farewell.phase === 'uncertain' ? false : 'unknown';
}

const isOnItsWay = ({ phase, unknown }: Delivery): boolean =>
  phase === 'begun' || phase === 'settling' || (phase === 'queued' && unknown);

/** Salesforce's clock. What is not confirmed may have been there since just before it was sent; what never left, never was. */
function startOf({ arrived, phase, base }: Delivery): number {
  if (arrived) return arrived.atMs;
  return (phase === 'uncertain' ? base?.sinceMs : undefined) ?? Number.POSITIVE_INFINITY;
}
