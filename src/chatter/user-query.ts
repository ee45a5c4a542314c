import type { z } from 'zod';
import { DeliveryError } from '../bridge/delivery-error.ts';
import type { Gates } from '../bridge/gates.ts';
import type { SalesforceUserId } from '../bridge/people.ts';
import { allRecords } from './all-records.ts';
import { deliveryError } from './errors.ts';
import { lookUpScope, orgScope } from './scopes.ts';
import type { Account, Sessions } from './sessions.ts';

export interface UserQueryOptions {
  sessions: Sessions;
  /** The bridge's own user, who does the looking up. */
  ownUsername: string;
  gates: Gates;
}

/**
 * Asks about users, as the bridge's own one. Gives the records, and that one's id.
 * @param soql the query; the id is there for who has to leave it out.
 * @param schema what the records must be.
 * @param whom how the asker knows whom it is about, for the sentence.
 * @throws DeliveryError; its cause is a LookUpFailure when the question itself failed.
 */
export type UserQuery = <Records>(
  soql: (ownId: SalesforceUserId) => string,
  schema: z.ZodType<Records>,
  whom: string,
) => Promise<{ records: Records; ownId: SalesforceUserId }>;

/** What the question itself failed with, in contrast to its token. */
export class LookUpFailure extends Error {
  override readonly name = 'LookUpFailure';

  constructor(cause: unknown) {
    super('look-up failed', { cause });
  }
}

export function createUserQuery({ sessions, ownUsername, gates }: UserQueryOptions): UserQuery {
  const bridge: Account = { username: ownUsername, owner: 'bridge' };
  return (soql, schema, whom) =>
    gates.through([orgScope, lookUpScope], async () => {
      try {
        return await sessions.as(bridge, async ({ connection, userId }) => {
          const records = await allRecords(connection, soql(userId));
          return { records: schema.parse(records), ownId: userId };
        });
      } catch (error) {
        if (error instanceof DeliveryError) throw error;
        throw deliveryError(error, { kind: 'look-up', whom }).with({ cause: new LookUpFailure(error) });
      }
    });
}
