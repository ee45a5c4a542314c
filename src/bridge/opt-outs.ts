import { DeliveryError } from './delivery-error.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { AudienceMember, LeftOut } from './notification.ts';
import type { ChatPeople } from './ports.ts';

export interface OptOutsOptions {
  log: Pick<DeliveryLog, 'person' | 'optedOut'>;
  people: Pick<ChatPeople, 'find'>;
}

/**
 * Tells those who do not want the bridge to write to them from the others, also when they were named by their address alone.
 * @throws DeliveryError when it cannot be found out whose address it is.
 */
export function createOptOuts({ log, people }: OptOutsOptions) {
  return async <T extends AudienceMember>(
    members: readonly T[],
  ): Promise<{ willing: T[]; optedOut: LeftOut[] }> => {
    const addresses = members.some(({ id }) => id === undefined) ? await addressesOf() : new Set<string>();
    const isOut = await Promise.all(
      members.map(async ({ id, email }) =>
        id === undefined ? addresses.has(email.toLowerCase()) : (await log.person(id)).optedOut,
      ),
    );
    return {
      willing: members.filter((_, n) => !isOut[n]),
      optedOut: members
        .filter((_, n) => isOut[n])
        .map(({ name, email }) => ({ name, email, why: 'opted-out' })),
    };
  };

  /** Of all who have opted out: they are few. */
  async function addressesOf(): Promise<ReadonlySet<string>> {
    const found = await Promise.all(
      (await log.optedOut()).map((person) =>
        people.find(person, 'recipient').catch((error: unknown) => {
          // Nobody of ours any more, whom no address leads to.
          if (error instanceof DeliveryError && error.retry.kind === 'never') return undefined;
          throw error;
        }),
      ),
    );
    return new Set(found.flatMap((person) => (person ? [person.email.toLowerCase()] : [])));
  }
}

export type OptOuts = ReturnType<typeof createOptOuts>;
