import type { SalesforceDirectory, UserUnfit } from '../bridge/ports.ts';
import type { Findings } from './findings.ts';
import { questionsOf } from './long-question.ts';
import { soqlString } from './soql.ts';
import type { UserQuery } from './user-query.ts';
import {
  type Finding,
  judge,
  type Unfit,
  USER_FIELDS,
  type UserRecord,
  userRecordsWithEmail,
} from './user-record.ts';

/** No mail server takes a longer address (RFC 5321, 4.5.3.1.3). */
const LONGEST_EMAIL = 254;

/** Whoever has only the bridge's own user has none to be written to. Chatter itself is seen when a message is sent. */
const UNFIT: Readonly<Record<Unfit, UserUnfit>> = {
  none: 'no-user',
  bridge: 'no-user',
  inactive: 'inactive',
  external: 'other-company',
  several: 'several-users',
};

/**
 * Looks many people up in as few questions as fit into a URI. What one question found is kept, so that after a failure
 * only the rest is asked again.
 */
export function createUsersByEmails(query: UserQuery, findings: Findings): SalesforceDirectory['findAll'] {
  async function ask(soql: string, emails: readonly string[]): Promise<(readonly [string, Finding])[]> {
    const { records, ownId } = await query(() => soql, userRecordsWithEmail, 'people');
    const byEmail = new Map<string, UserRecord[]>(emails.map((email) => [email, []]));
    for (const record of records) byEmail.get(record.Email?.toLowerCase() ?? '')?.push(record);
    return [...byEmail].map(([email, found]) => [email, judge(found, ownId)] as const);
  }

  return async (emails) => {
    const found = new Map<string, Finding>();
    const unknown: string[] = [];
    for (const email of new Set(emails)) {
      const known = isAddress(email) ? findings.get(email) : ({ kind: 'none' } as const);
      if (known) found.set(email, known);
      else unknown.push(email);
    }
    // Inactive users are asked for too, so that they can be told from none.
    const question = { before: `SELECT ${USER_FIELDS}, Email FROM User WHERE Email IN (`, after: ')' };
    for (const { soql, values } of questionsOf(question, unknown, soqlString)) {
      for (const [email, finding] of await ask(soql, values)) {
        findings.set(email, finding);
        found.set(email, finding);
      }
    }
    return new Map(
      [...found].map(([email, one]) => [email, one.kind === 'user' ? one.user : UNFIT[one.kind]]),
    );
  };
}

/** Anything else is nobody's, and half a character cannot even be asked for: no address of the web carries it. */
const isAddress = (email: string): boolean =>
  email.length <= LONGEST_EMAIL && email.includes('@') && !/\p{Cs}/u.test(email);
