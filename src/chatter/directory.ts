import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { DeliveryError, refusedForGood } from '../bridge/delivery-error.ts';
import type { SalesforceUserId } from '../bridge/people.ts';
import type { SalesforceDirectory } from '../bridge/ports.ts';
import { deliveryError } from './errors.ts';
import { createFindings } from './findings.ts';
import { soqlString } from './soql.ts';
import { createUserQuery, LookUpFailure, type UserQueryOptions } from './user-query.ts';
import { type Finding, judge, type Unfit, USER_FIELDS, unfitCodes, userRecords } from './user-record.ts';
import { createUsersByEmails } from './users-by-emails.ts';
import { createUsersByName } from './users-by-name.ts';

export interface DirectoryOptions extends UserQueryOptions {
  now: () => number;
}

/** Only names are looked up by it. */
const emailForMs = 12 * 60 * 60 * 1000;
const mostEmails = 5_000;

const emailRecords = z.array(z.object({ Email: z.string().nullable() }));

/** Looks people up with the bridge's own user; concurrent questions about one address share one call. */
export function createDirectory({ now, ...options }: DirectoryOptions): SalesforceDirectory {
  const query = createUserQuery(options);
  const findings = createFindings(now);
  const underWay = new Map<string, Promise<Finding>>();

  /** Inactive users are asked for too, so that the sentence can tell them from none. */
  async function ask(email: string): Promise<Finding> {
    const soql = `SELECT ${USER_FIELDS} FROM User WHERE Email = ${soqlString(email)}`;
    const { records, ownId } = await query(() => soql, userRecords, email);
    return judge(records, ownId);
  }

  function lookUp(email: string): Promise<Finding> {
    const running = underWay.get(email) ?? ask(email).finally(() => underWay.delete(email));
    underWay.set(email, running);
    return running;
  }

  async function find(email: string): Promise<Finding> {
    const known = findings.get(email);
    if (known) return known;
    const finding = await lookUp(email);
    findings.set(email, finding);
    return finding;
  }

  const emails = new LRUCache<SalesforceUserId, string>({ max: mostEmails, ttl: emailForMs });
  async function askEmail(id: SalesforceUserId): Promise<string | undefined> {
    const soql = `SELECT Email FROM User WHERE Id = ${soqlString(id)}`;
    const { records } = await query(() => soql, emailRecords, 'somebody');
    return records[0]?.Email ?? undefined;
  }

  return {
    ...createUsersByName(query, now),
    findAll: createUsersByEmails(query, findings),
    async emailOf(id) {
      const known = emails.get(id) ?? (await askEmail(id));
      if (known !== undefined) emails.set(id, known);
      return known;
    },
    async findByEmail(email, called) {
      const finding = await find(email.trim().toLowerCase()).catch((error: unknown) => {
        throw namedAs(called ?? 'you', error);
      });
      if (finding.kind === 'user') return finding.user;
      throw unfit(finding.kind, email, called);
    },
  };
}

/** Several may have waited for one question; each sender hears of the person by the name that they used. */
function namedAs(whom: string, error: unknown): unknown {
  if (!(error instanceof DeliveryError) || !(error.cause instanceof LookUpFailure)) return error;
  return error.with({ sentence: deliveryError(error.cause.cause, { kind: 'look-up', whom }).sentence });
}

function unfit(kind: Unfit, email: string, called: string | undefined): DeliveryError {
  // Somebody named by their address alone has no other name here.
  const isNamed = called !== undefined && called !== email;
  const address = called
    ? `the e-mail address ${email}${isNamed ? ` (${called})` : ''}`
    : `your e-mail address ${email}`;
  const whose = isNamed ? `${called}’s` : called ? 'that' : 'your';
  const askAdmin = 'Ask your Salesforce admin';
  const sentences: Record<Unfit, string> = {
    none: `Salesforce has no user with ${address}. ${askAdmin} to check the address of ${whose} Salesforce user.`,
    inactive: `The Salesforce user with ${address} is not active. ${askAdmin}.`,
    external: `The Salesforce user with ${address} is from outside the company, and Chatter messages reach only its own people.`,
    several: `Several active Salesforce users have ${address}, so the bridge cannot tell which is meant. ${askAdmin}.`,
    bridge: `The Salesforce user with ${address} is the bridge’s own, which cannot take part in private messages. ${askAdmin} for ${called ? 'another' : 'a'} user${called ? '' : ' of your own'}.`,
  };
  return refusedForGood(unfitCodes[kind], sentences[kind]);
}
