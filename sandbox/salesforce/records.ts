import type { Answer } from './answer.ts';
import { ApiError } from './api-error.ts';
import { idOf } from './identifiers.ts';
import type { ApiCall } from './world.ts';

/**
 * `DELETE …/sobjects/ChatterMessage/{id}`: 204. For good, without a Recycle Bin, and for whoever has the permission,
 * whether they are in the conversation or not (Object reference, ChatterMessage).
 */
export function deleteRecord({ world, user, ids }: ApiCall): Answer {
  const { removalForbidden, removedBefore } = world.switches;
  if (!user.managesMessages) throw new ApiError(removalForbidden);
  if (!world.org.remove(idOf('message', ids[0] ?? ''))) throw new ApiError(removedBefore);
  return { status: 204 };
}
