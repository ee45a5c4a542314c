import type { TextMark } from './pair.ts';

/**
 * What becomes of a request that bears a key (Idempotency-Key):
 * `begun` it is to be carried out, by whoever holds the token; `sinceMs`: when a request with this key first came, the same at
 * every try · `answered` it was here before · `under-way` it is being carried out just now · `other-body` the key belongs to
 * another request.
 */
export type Claim =
  | { kind: 'begun'; sinceMs: number; token: string }
  | { kind: 'answered'; answer: string }
  | { kind: 'under-way' }
  | { kind: 'other-body' };

/** One answer for one key, for a day. Each throws when Redis does not answer in time. */
export interface Idempotency {
  /** @param mark of the request's body, which is not stored itself. */
  claim(key: string, mark: TextMark): Promise<Claim>;
  /** From now on that is the key's answer. Harmless to repeat. */
  answer(key: string, answer: string): Promise<void>;
  /** Certainly nothing was done: as if the key had never been used. */
  forget(key: string, token: string): Promise<void>;
  /** Something may have been done: the same request may come again at once, and no other one. */
  release(key: string, token: string): Promise<void>;
}
