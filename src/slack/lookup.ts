import { LRUCache } from 'lru-cache';
import type { DeliveryError } from '../bridge/delivery-error.ts';
import { toDeliveryError } from './errors.ts';

/** Names and addresses change rarely, and people expect a change to be seen soon. */
const KEEP_MS = 10 * 60_000;
/** A no may be repaired at any moment (an e-mail filled in, an account reactivated). */
const KEEP_REFUSAL_MS = 30_000;
/** Long enough that a burst of messages does not ask again one by one. */
const KEEP_FAILURE_MS = 1_000;
const SIZE = 5_000;

/**
 * Remembers what a look-up found, and for a shorter time that it failed; asks once however many want to know
 * at the same time. The returned function throws DeliveryError.
 */
export function rememberedLookup<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new LRUCache<string, Promise<T>>({ max: SIZE, ttl: KEEP_MS });
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = load(key).catch((error: unknown) => {
      const failure = toDeliveryError(error, 'read');
      if (known.peek(key) === found) known.set(key, found, { ttl: keepFailureMs(failure) });
      throw failure;
    });
    known.set(key, found);
    return found;
  };
}

function keepFailureMs({ retry, held }: DeliveryError): number {
  // The gate knows better, and asks nobody either.
  if (held) return KEEP_FAILURE_MS;
  switch (retry.kind) {
    case 'never':
      return KEEP_REFUSAL_MS;
    case 'after':
      return Math.min(Math.max(retry.ms, 1), KEEP_MS);
    case 'later':
      return KEEP_FAILURE_MS;
  }
}
