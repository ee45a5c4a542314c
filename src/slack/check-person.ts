import { refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatPerson, ChatPersonId } from '../bridge/people.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import { isApproved, isApprovedEmail, type Teams } from './teams.ts';

export type Role = 'sender' | 'recipient';

/**
 * The person, if the bridge may act for them or write to them. `team` is where they were named.
 * @throws DeliveryError, never and certain, with a sentence that says who and why.
 */
export function checkPerson(
  user: SlackUser,
  { id, team, as }: { id: ChatPersonId; team: string; as: Role },
  teams: Teams,
): ChatPerson {
  const name = nameOf(user);
  const [who, are, have, whose] =
    as === 'sender' ? ['You', 'are', 'have', 'Your'] : [name, 'is', 'has', `${name}'s`];
  const enterprise = user.enterprise_user?.enterprise_id;
  // In an enterprise somebody belongs to several workspaces, and `team_id` is only one of them.
  const homes = [user.team_id ?? team, ...(user.enterprise_user?.teams ?? [])];
  const home = homes.find((each) => isApproved(teams, each, enterprise));
  const email = user.profile?.email ?? '';

  const refused = (code: string, sentence: string) => refusedForGood(`person-${code}`, sentence);
  if (user.deleted) throw refused('deactivated', `${whose} account has been deactivated in Slack.`);
  if (user.is_bot || user.id === 'USLACKBOT') throw refused('bot', `${name} is an app, not a person.`);
  if (user.is_restricted || user.is_ultra_restricted) {
    throw refused('guest', `${who} ${are} a guest in Slack, and guests cannot use the bridge.`);
  }
  // By the flags and the team, never by the look of the id: a stranger's may begin like anybody's.
  if (user.is_stranger || home === undefined) {
    throw refused('stranger', `${who} ${are} from another organisation (Slack Connect).`);
  }
  if (email === '') throw refused('without-email', `${who} ${have} no e-mail address in Slack.`);
  if (!isApprovedEmail(teams, home, enterprise, email)) {
    throw refused('domain', `${whose} e-mail address is not in a domain that the bridge may use.`);
  }
  return { id, name, email, timeZone: user.tz || 'UTC' };
}
