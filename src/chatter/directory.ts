import type { Record as SalesforceRecord } from 'jsforce/lib/types/common.js';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { DeliveryError, refusedForGood } from '../bridge/delivery-error.ts';
import type { Gates } from '../bridge/gates.ts';
import type { SalesforceUser, SalesforceUserId } from '../bridge/people.ts';
import type { SalesforceDirectory } from '../bridge/ports.ts';
import { deliveryError } from './errors.ts';
import { toUserId } from './ids.ts';
import { lookUpScope, orgScope } from './scopes.ts';
import type { Account, Sessions } from './sessions.ts';
import { soqlString } from './soql.ts';

export interface DirectoryOptions {
  sessions: Sessions;
  /** The bridge's own user, who does the looking up. */
  ownUsername: string;
  gates: Gates;
  now: () => number;
}

/** What an e-mail address stands for in Salesforce. */
type Finding = { kind: 'user'; user: SalesforceUser } | { kind: Unfit };
type Unfit = 'none' | 'inactive' | 'external' | 'several' | 'bridge';

/** How long an answer is believed: a user who was just made or mended should not have to wait. */
const foundForMs = 10 * 60 * 1000;
/** Only names are looked up by it. */
const emailForMs = 12 * 60 * 60 * 1000;
const unfitForMs = 30 * 1000;
const mostFindings = 5_000;

/** Internal people, and Chatter Free. All other types are portal users and machines (User object reference). */
const internalTypes = ['Standard', 'CsnOnly'];

const userRecords = z.array(
  z.object({
    Id: z.string(),
    Username: z.string(),
    Name: z.string(),
    IsActive: z.boolean(),
    UserType: z.string().nullable(),
  }),
);
const emailRecords = z.array(z.object({ Email: z.string().nullable() }));
type UserRecord = z.infer<typeof userRecords>[number];

/** Looks people up by e-mail, with the bridge's own user; concurrent questions about one address share one call. */
export function createDirectory({
  sessions,
  ownUsername,
  gates,
  now,
}: DirectoryOptions): SalesforceDirectory {
  const bridge: Account = { username: ownUsername, owner: 'bridge' };
  const findings = new LRUCache<string, Finding>({ max: mostFindings, ttlResolution: 0, perf: { now } });
  const underWay = new Map<string, Promise<Finding>>();

  /** Inactive users are asked for too, so that the sentence can tell them from none. */
  async function ask(email: string): Promise<Finding> {
    const soql = `SELECT Id, Username, Name, IsActive, UserType FROM User WHERE Email = ${soqlString(email)}`;
    return gates.through([orgScope, lookUpScope], async () => {
      try {
        return await sessions.as(bridge, async ({ connection, userId }) => {
          const { records } = await connection.query<SalesforceRecord>(soql);
          return judge(userRecords.parse(records), userId);
        });
      } catch (error) {
        if (error instanceof DeliveryError) throw error;
        throw deliveryError(error, { kind: 'look-up', whom: email }).with({
          cause: new LookUpFailure(error),
        });
      }
    });
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
    findings.set(email, finding, { ttl: finding.kind === 'user' ? foundForMs : unfitForMs });
    return finding;
  }

  const emails = new LRUCache<SalesforceUserId, string>({ max: mostFindings, ttl: emailForMs });
  async function askEmail(id: SalesforceUserId): Promise<string | undefined> {
    const soql = `SELECT Email FROM User WHERE Id = ${soqlString(id)}`;
    return gates.through([orgScope, lookUpScope], async () => {
      try {
        return await sessions.as(bridge, async ({ connection }) => {
          const { records } = await connection.query<SalesforceRecord>(soql);
          return emailRecords.parse(records)[0]?.Email ?? undefined;
        });
      } catch (error) {
        throw error instanceof DeliveryError
          ? error
          : deliveryError(error, { kind: 'look-up', whom: 'somebody' });
      }
    });
  }

  return {
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

/** What the question itself failed with, in contrast to its token. */
class LookUpFailure extends Error {
  override readonly name = 'LookUpFailure';

  constructor(cause: unknown) {
    super('look-up failed', { cause });
  }
}

/** Several may have waited for one question; each sender hears of the person by the name that they used. */
function namedAs(whom: string, error: unknown): unknown {
  if (!(error instanceof DeliveryError) || !(error.cause instanceof LookUpFailure)) return error;
  return error.with({ sentence: deliveryError(error.cause.cause, { kind: 'look-up', whom }).sentence });
}

/** Never the first of several. The bridge's own user often has its admin's address, so it does not count as one. */
function judge(records: readonly UserRecord[], ownId: SalesforceUserId): Finding {
  const active = records.filter((record) => record.IsActive);
  const internal = active.filter(({ UserType }) => UserType !== null && internalTypes.includes(UserType));
  const people = internal.filter(({ Id }) => toUserId(Id) !== ownId);
  const [person] = people;
  if (people.length > 1) return { kind: 'several' };
  if (person) {
    return { kind: 'user', user: { id: toUserId(person.Id), username: person.Username, name: person.Name } };
  }
  if (internal.length > 0) return { kind: 'bridge' };
  if (active.length > 0) return { kind: 'external' };
  return { kind: records.length > 0 ? 'inactive' : 'none' };
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
  return refusedForGood(codes[kind], sentences[kind]);
}

const codes: Record<Unfit, string> = {
  none: 'user-unknown',
  inactive: 'user-not-active',
  external: 'user-external',
  several: 'user-ambiguous',
  bridge: 'bridge-user',
};
