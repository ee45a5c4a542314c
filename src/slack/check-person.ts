import { type DeliveryError, refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatPerson, ChatPersonId } from '../bridge/people.ts';
import type { ThreadAuthor } from '../bridge/ports.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import { isApproved, isApprovedEmail, type Teams } from './teams.ts';

export type Role = 'sender' | 'recipient';

/** Why the bridge may neither act for somebody nor write to them. */
type Flaw = 'deactivated' | 'bot' | 'guest' | 'stranger' | 'without-email' | 'domain';

/** `id` as they were named, `team` where. */
interface Named {
  id: ChatPersonId;
  team: string;
}

/**
 * The person, if the bridge may act for them or write to them.
 * @throws DeliveryError, never and certain, with a sentence that says who and why.
 */
export function checkPerson(
  user: SlackUser,
  { as, ...named }: Named & { as: Role },
  teams: Teams,
): ChatPerson {
  const person = standingOf(user, named, teams);
  if (typeof person === 'string') throw refused(person, user, as);
  return person;
}

/**
 * Somebody who writes where everybody reads. Whom the bridge cannot act for is spoken for.
 * @param isOpen an administrator has allowed that guests, and people of other organisations, are mirrored there.
 * @throws DeliveryError like checkPerson, said to the author: for those unless `isOpen`.
 */
export function checkAuthor(
  user: SlackUser,
  { isOpen, ...named }: Named & { isOpen: boolean },
  teams: Teams,
): ThreadAuthor {
  const author = { name: nameOf(user), timeZone: timeZoneOf(user) };
  const person = standingOf(user, named, teams);
  switch (person) {
    case 'guest':
    case 'stranger':
      if (!isOpen) throw refused(person, user, 'sender');
      return { ...author, person: undefined };
    case 'deactivated':
    case 'bot':
    case 'without-email':
    case 'domain':
      return { ...author, person: undefined };
    default:
      return { ...author, person };
  }
}

function standingOf(user: SlackUser, { id, team }: Named, teams: Teams): ChatPerson | Flaw {
  const enterprise = user.enterprise_user?.enterprise_id;
  // In an enterprise somebody belongs to several workspaces, and `team_id` is only one of them.
  const homes = [user.team_id ?? team, ...(user.enterprise_user?.teams ?? [])];
  const home = homes.find((each) => isApproved(teams, each, enterprise));
  const email = user.profile?.email ?? '';

  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  // By the flags and the team, never by the look of the id: a stranger's may begin like anybody's.
  if (user.is_stranger || home === undefined) return 'stranger';
  if (email === '') return 'without-email';
  if (!isApprovedEmail(teams, home, enterprise, email)) return 'domain';
  return { id, name: nameOf(user), email, timeZone: timeZoneOf(user) };
}

function refused(flaw: Flaw, user: SlackUser, as: Role): DeliveryError {
  const name = nameOf(user);
  const [who, are, have, whose] =
    as === 'sender' ? ['You', 'are', 'have', 'Your'] : [name, 'is', 'has', `${name}'s`];
  const sentences: Readonly<Record<Flaw, string>> = {
    deactivated: `${whose} account has been deactivated in Slack.`,
    bot: `${name} is an app, not a person.`,
    guest: `${who} ${are} a guest in Slack, and guests cannot use the bridge.`,
    stranger: `${who} ${are} from another organisation (Slack Connect).`,
    'without-email': `${who} ${have} no e-mail address in Slack.`,
    domain: `${whose} e-mail address is not in a domain that the bridge may use.`,
  };
  return refusedForGood(`person-${flaw}`, sentences[flaw]);
}

const timeZoneOf = (user: SlackUser): string => user.tz || 'UTC';
