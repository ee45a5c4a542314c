import { z } from 'zod';
import type { SalesforceUserId } from '../bridge/people.ts';
import { mirrorWords } from './mirror-words.ts';
import { FIELDS, type Values } from './payload-interactions.ts';

/** Somebody who was found by name in Salesforce. */
export interface PickedUser {
  id: SalesforceUserId;
  name: string;
}

/** Whom a form names, without whoever has filled it in. */
export interface Picked {
  /** Slack's user ids. */
  people: readonly string[];
  users: readonly PickedUser[];
}

/** A mistake in a form, by the block that it is shown on. */
export type Mistakes = Readonly<Record<string, string>>;

const People = z.object({ selected_users: z.array(z.string().regex(/^[UW][A-Z0-9]+$/)) });
/** Ids as our own options had them, with 18 characters. */
const USER_ID = /^005[0-9A-Za-z]{15}$/;
const Users = z.object({
  selected_options: z.array(
    z.object({ value: z.string().regex(USER_ID), text: z.object({ text: z.string() }) }),
  ),
});

/** Each once. A field that nothing was chosen in, or nothing that can be read, names nobody. */
export function pickedIn(values: Values, self: string): Picked {
  const people = People.safeParse(fieldIn(values, FIELDS.people)).data?.selected_users ?? [];
  const options = Users.safeParse(fieldIn(values, FIELDS.users)).data?.selected_options ?? [];
  const users = new Map(options.map(({ value, text }) => [value, text.text]));
  return {
    people: [...new Set(people)].filter((user) => user !== self),
    users: [...users].map(([id, name]) => ({ id: id as SalesforceUserId, name })),
  };
}

/** Whether they are too few or too many, before anybody is looked up. */
export function mistakenCount({ people, users }: Picked, most: number): Mistakes | undefined {
  const count = people.length + users.length;
  if (count === 0) return { [FIELDS.people.block]: mirrorWords.nobody };
  if (count <= most) return undefined;
  const field = users.length > 0 ? FIELDS.users : FIELDS.people;
  return { [field.block]: mirrorWords.tooMany(most, count) };
}

/** What is filled in there, in Slack's form. */
export function fieldIn(values: Values, { block, action }: { block: string; action: string }): unknown {
  return values[block]?.[action];
}
