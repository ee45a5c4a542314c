import { untouched } from './decide.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { ChatterMessageId, DeliveryId } from './people.ts';
import type { MessageRemoval } from './ports.ts';

/**
 * Deletes from Chatter what was sent of a message, its edits included.
 * @param copy where it may have gone as well.
 * @returns whether nothing of it is left there. What went in parts, and what may still turn up, is left.
 */
export async function takeBack(
  message: DeliveryId,
  copy: DeliveryId | undefined,
  log: Pick<DeliveryLog, 'read' | 'revisionsOf'>,
  removal: MessageRemoval,
): Promise<boolean> {
  const ids = [message, ...(await log.revisionsOf(message))];
  if (copy !== undefined && (await log.read(copy))) ids.push(copy);
  let isWhole = true;
  for (const id of ids) {
    const stored = await log.read(id);
    const d = stored?.delivery;
    // The deletion itself, edits whose text went with the message or with a later one, and those that will not go any more.
    const isNothing = d?.phase === 'discarded' && d.ghosts === 0 && d.part === 0;
    const isPending = d?.revises !== undefined && d.phase === 'queued' && untouched(d);
    if (d?.revises?.how === 'delete' || isNothing || isPending) continue;
    const sent = d?.phase === 'sent' && d.parts === 1 ? d.arrived : undefined;
    const isGone = sent !== undefined && (await removal.remove(sent.id as ChatterMessageId));
    isWhole &&= isGone && d?.ghosts === 0;
  }
  return isWhole;
}
