import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatPerson } from '../bridge/people.ts';
import type { ChatPeople } from '../bridge/ports.ts';
import { slackErrorName } from './errors.ts';
import { parsePersonId } from './ids.ts';
import { rememberedLookup } from './lookup.ts';
import { createNames } from './names.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import { isApproved, isApprovedEmail, type Teams } from './teams.ts';
import { toPlainText } from './text/plain.ts';

export interface ChatPeopleOptions {
  client: WebClient;
  teams: Teams;
}

/** People and text of one Slack workspace. */
export function createChatPeople({ client, teams }: ChatPeopleOptions): ChatPeople {
  const userOf = rememberedLookup(async (user): Promise<SlackUser> => {
    const answer = await client.users.info({ user });
    return answer.user ?? {};
  });
  const namesIn = createNames({ client, userOf });

  return {
    find: async (id, as) => {
      const { team, user } = parsePersonId(id);
      const found = await userOf(user).catch((error: unknown) => {
        throw explained(error, as);
      });
      return checked(found, { id, team, as }, teams);
    },
    plainText: async (text) => toPlainText(text, await namesIn(text)),
  };
}

type Role = 'sender' | 'recipient';

function checked(
  user: SlackUser,
  { id, team, as }: Pick<ChatPerson, 'id'> & { team: string; as: Role },
  teams: Teams,
): ChatPerson {
  const name = nameOf(user);
  const [who, is, has] = as === 'sender' ? ['You', 'are', 'have'] : [name, 'is', 'has'];
  const enterprise = user.enterprise_user?.enterprise_id;
  const home = user.team_id ?? team;
  const account = as === 'sender' ? 'Your' : `${name}'s`;

  if (user.deleted)
    throw refusedForGood('person-deactivated', `${account} account has been deactivated in Slack.`);
  if (user.is_bot || user.id === 'USLACKBOT')
    throw refusedForGood('person-bot', `${name} is an app, not a person.`);
  if (user.is_restricted || user.is_ultra_restricted) {
    throw refusedForGood('person-guest', `${who} ${is} a guest in Slack, and guests cannot use the bridge.`);
  }
  // By the flags and the team, never by the look of the id: a stranger's may begin like anybody's.
  if (user.is_stranger || !isApproved(teams, home, enterprise)) {
    throw refusedForGood('person-stranger', `${who} ${is} from another organisation (Slack Connect).`);
  }
  const email = user.profile?.email;
  if (!email) throw refusedForGood('person-without-email', `${who} ${has} no e-mail address in Slack.`);
  if (!isApprovedEmail(teams, home, enterprise, email)) {
    throw refusedForGood('person-domain', `${account} e-mail address is not in a domain the bridge may use.`);
  }
  return { id, name, email, timeZone: user.tz || 'UTC' };
}

/** Slack's "no such user", said of the right person; anything else as it is. */
function explained(error: unknown, as: Role): unknown {
  const unknown = ['user_not_found', 'user_not_visible', 'users_not_found'].includes(
    slackErrorName(error) ?? '',
  );
  if (!unknown) return error;
  const sentence =
    as === 'sender' ? 'Slack does not know you here.' : 'Slack does not know one of the people named.';
  return refusedForGood('person-unknown', sentence, error);
}
