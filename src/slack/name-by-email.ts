import type { WebClient } from '@slack/web-api';
import { type Ask, methodScope } from './asking.ts';
import { checkPerson } from './check-person.ts';
import { makePersonId } from './ids.ts';
import { rememberedLookup } from './lookup.ts';
import { nobody } from './names.ts';
import type { SlackUser } from './slack-user.ts';
import type { Teams } from './teams.ts';

export interface NameByEmailOptions {
  client: WebClient;
  ask: Ask;
  userOf: (user: string) => Promise<SlackUser>;
  teams: Teams;
}

/** Looks up what somebody is called in Slack, if the bridge could write to them. Nobody notices. */
export function createNameByEmail({ client, ask, userOf, teams }: NameByEmailOptions) {
  const nameOf = async (email: string): Promise<string | undefined> => {
    const { user } = await ask(methodScope('users.lookupByEmail'), 'read', () =>
      client.users.lookupByEmail({ email }),
    );
    // The answer does not say who is of another company (its type in Slack's own library); users.info does.
    const id = user?.id ?? '';
    const found = await userOf(id);
    const team = found.team_id ?? '';
    const person = checkPerson(found, { id: makePersonId({ team, user: id }), team, as: 'recipient' }, teams);
    return person.email.toLowerCase() === email ? person.name : undefined;
  };
  // "Nobody" is remembered as long as a name: most people of a company may be in Chatter only.
  const remembered = rememberedLookup((email) => nameOf(email).catch(nobody));
  return (email: string): Promise<string | undefined> => remembered(email.toLowerCase());
}
