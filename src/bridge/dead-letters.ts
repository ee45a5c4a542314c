import { type CarryOut, type Decision, orderAt } from './carry-out.ts';
import { type Delivery, isDead } from './delivery.ts';
import type { DeadLetter, DeliveryLog, StoredDelivery } from './delivery-log.ts';
import type { DeliveryId } from './people.ts';

export interface DeadLettersOptions {
  log: DeliveryLog;
  carryOut: CarryOut;
  now: () => number;
}

/**
 * What became of a decision about one: `done` · `uncertain` it may have arrived, and goes again only when it is decided
 * by itself · `outdated` nothing can be decided about it (any more) · `gone` it is not stored.
 */
export type Decided = 'done' | 'uncertain' | 'outdated' | 'gone';

/** Decides about dead letters by the same events as their writers' buttons. Everything here may be done twice. */
export interface DeadLetters {
  /** The delivery, while it can be decided about. */
  read(id: DeliveryId): Promise<StoredDelivery | undefined>;
  /** Decides about one, at somebody's word about just that one. */
  decide(id: DeliveryId, what: Decision): Promise<Decided>;
  /** Decides about many, one after the other: those that are retried go in the order in which they are given. */
  decideEach(
    letters: readonly DeadLetter[],
    what: Decision,
  ): AsyncIterable<{ id: DeliveryId; decided: Decided }>;
}

export function createDeadLetters({ log, carryOut, now }: DeadLettersOptions): DeadLetters {
  async function decideOn(
    id: DeliveryId,
    what: Decision,
    order: number,
    together: boolean,
  ): Promise<Decided> {
    const stored = await log.read(id);
    if (stored?.delivery.to !== 'chatter') return 'gone';
    if (together && !isDead(stored.delivery)) return 'outdated';
    // Sent again it may arrive twice: that is for somebody to say about this one message.
    if (together && what === 'retry' && stored.delivery.phase === 'uncertain') return 'uncertain';
    return (await carryOut(stored, what, order)) === 'done' ? 'done' : 'outdated';
  }

  return {
    async read(id) {
      const stored = await log.read(id);
      return stored && isDead(stored.delivery) && (stored.content !== undefined || stored.isUnreadable)
        ? stored
        : undefined;
    },
    decide: (id, what) => decideOn(id, what, orderAt(now()), false),
    async *decideEach(letters, what) {
      const first = orderAt(now());
      for (const [place, { id }] of letters.entries()) {
        yield { id, decided: await decideOn(id, what, first + place, true) };
      }
    },
  };
}

/** Why it is one: the code of its failure, or of what is not known about it. */
export const reasonOf = (d: Delivery): string => d.failure?.code ?? d.waiting?.code ?? 'unknown';
