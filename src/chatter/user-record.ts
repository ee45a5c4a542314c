import { z } from 'zod';
import type { SalesforceUser, SalesforceUserId } from '../bridge/people.ts';
import { toUserId } from './ids.ts';

/** The fields of User that tell who somebody is, and whether they may be written to. */
export const USER_FIELDS = 'Id, Username, Name, IsActive, UserType';

const fields = {
  Id: z.string(),
  Username: z.string(),
  Name: z.string(),
  IsActive: z.boolean(),
  UserType: z.string().nullable(),
};
export const userRecords = z.array(z.object(fields));
export const userRecordsWithEmail = z.array(z.object({ ...fields, Email: z.string().nullable() }));
export type UserRecord = z.infer<typeof userRecords>[number];

/** Internal people, and Chatter Free. All other types are portal users and machines (User object reference). */
export const INTERNAL_TYPES = ['Standard', 'CsnOnly'];

/** What some users of Salesforce come to: one who may be written to, or why none. */
export type Finding = { kind: 'user'; user: SalesforceUser } | { kind: Unfit };
export type Unfit = 'none' | 'inactive' | 'external' | 'several' | 'bridge';

/** Never the first of several. The bridge's own user often has its admin's address, so it does not count as one. */
export function judge(records: readonly UserRecord[], ownId: SalesforceUserId): Finding {
  const active = records.filter((record) => record.IsActive);
  const internal = active.filter(({ UserType }) => UserType !== null && INTERNAL_TYPES.includes(UserType));
  const people = internal.filter(({ Id }) => toUserId(Id) !== ownId);
  const [person] = people;
  if (people.length > 1) return { kind: 'several' };
  if (person) return { kind: 'user', user: userOf(person) };
  if (internal.length > 0) return { kind: 'bridge' };
  if (active.length > 0) return { kind: 'external' };
  return { kind: records.length > 0 ? 'inactive' : 'none' };
}

export function userOf({ Id, Username, Name }: UserRecord): SalesforceUser {
  return { id: toUserId(Id), username: Username, name: Name };
}

/** How long an answer is believed: a user who was just made or mended should not have to wait. */
export const foundForMs = 10 * 60 * 1000;
export const unfitForMs = 30 * 1000;

/** Stable names of refusals, for logs and counters. */
export const unfitCodes: Record<Unfit, string> = {
  none: 'user-unknown',
  inactive: 'user-not-active',
  external: 'user-external',
  several: 'user-ambiguous',
  bridge: 'bridge-user',
};
