import { DeliveryError } from '../bridge/delivery-error.ts';
import type { Gates } from '../bridge/gates.ts';
import type { MessageRemoval } from '../bridge/ports.ts';
import { deliveryError } from './errors.ts';
import { RefusedAnswer } from './http-failure.ts';
import { toMessageId } from './ids.ts';
import { lookUpScope, orgScope } from './scopes.ts';
import type { Account, Sessions } from './sessions.ts';

export interface RemovalOptions {
  sessions: Sessions;
  /** The bridge's own user. */
  ownUsername: string;
  gates: Gates;
}

/**
 * Deletes messages as records, for good. The permission *Manage Chatter Messages and Direct Messages* lets a user do so in
 * any conversation (Object reference, ChatterMessage); without it the object is said not to be visible.
 */
export function createRemoval({ sessions, ownUsername, gates }: RemovalOptions): MessageRemoval {
  const bridge: Account = { username: ownUsername, owner: 'bridge' };
  return {
    async remove(message) {
      const url = `/sobjects/ChatterMessage/${toMessageId(message)}`;
      try {
        await gates.through([orgScope, lookUpScope], async () => {
          try {
            await sessions.as(bridge, ({ connection }) => connection.request({ method: 'DELETE', url }));
          } catch (error) {
            if (isGone(error)) return;
            throw deliveryError(error, { kind: 'remove' });
          }
        });
        return true;
      } catch (error) {
        // A 404 may also mean that it is gone: then the others are told what they see.
        if (error instanceof DeliveryError && error.certain && error.retry.kind === 'never') return false;
        if (error instanceof DeliveryError && isInvisible(error.cause)) return false;
        throw error;
      }
    },
  };
}

const isGone = (error: unknown): boolean =>
  error instanceof RefusedAnswer && error.errorCodes.includes('ENTITY_IS_DELETED');

const isInvisible = (error: unknown): boolean =>
  error instanceof RefusedAnswer && (error.status === 404 || isForbidden(error));

const isForbidden = ({ errorCodes }: RefusedAnswer): boolean =>
  errorCodes.some((code) => code.startsWith('INSUFFICIENT_ACCESS'));
