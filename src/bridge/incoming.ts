import type { ChatterContent } from './chatter-content.ts';
import { newDelivery } from './delivery.ts';
import type { NewEntry } from './delivery-log.ts';
import type { Incoming } from './message.ts';
import type { DeliveryId } from './people.ts';

/** A message as it is stored when it is taken in; without an order it gets that of its arrival. */
export function entryOf({ id, lane, order, message, revises }: Incoming): NewEntry {
  const content: ChatterContent = { v: 1, message };
  const {
    order: _order,
    takenAtMs: _takenAtMs,
    ...delivery
  } = newDelivery({
    id,
    to: 'chatter',
    lane,
    order: 0,
    author: message.author,
    takenAtMs: 0,
    ...(message.to.kind === 'thread' && { thread: message.to.thread }),
    ...(revises && { revises }),
    ...(message.notification && { notification: message.notification }),
  });
  return {
    delivery: order === undefined ? delivery : { ...delivery, order },
    content: JSON.stringify(content),
  };
}

/** What goes to a mirror's conversation though it is known already, from the mirror that its thread had before. */
export function copyFor(openedBy: DeliveryId, { id, message, ...incoming }: Incoming): Incoming {
  return { ...incoming, id: copyIdFor(openedBy, id), message: { ...message, copyOf: id } };
}

export const copyIdFor = (openedBy: DeliveryId, id: DeliveryId): DeliveryId =>
  `${id}-for-${openedBy}` as DeliveryId;
