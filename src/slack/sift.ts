import { DeliveryError } from '../bridge/delivery-error.ts';
import type { Audience, AudienceMember, LeftOut, LeftOutReason, Named } from '../bridge/notification.ts';
import type { ChatPersonId } from '../bridge/people.ts';
import { checkPerson } from './check-person.ts';
import { parsePersonId } from './ids.ts';
import { parseListName } from './list-name.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import type { Teams } from './teams.ts';

export interface Sifted {
  /** Everybody who was named or is a member, by their user id. */
  people: ReadonlyMap<string, ChatPersonId>;
  emails: readonly string[];
  /** Groups and channels that are not there. */
  unknown: readonly Named[];
  /** Without those whom Slack does not know. */
  profiles: ReadonlyMap<string, SlackUser>;
  /** The user id of whoever sends it. */
  self: string | undefined;
  teams: Teams;
}

/** By the code of checkPerson's refusal. An address outside of the approved domains is another company's. */
const REASONS: Readonly<Record<string, LeftOutReason>> = {
  'person-deactivated': 'deactivated',
  'person-bot': 'bot',
  'person-guest': 'guest',
  'person-stranger': 'other-company',
  'person-domain': 'other-company',
  'person-without-email': 'no-email',
};

/** Tells those who are to be told from those who are not, each once: also who was named by the address of their profile. */
export function sift({ people, emails, unknown, profiles, self, teams }: Sifted): Audience {
  const told = new Map<string, AudienceMember>();
  const leftOut = new Map<string, LeftOut>();
  for (const one of unknown) {
    const name = listName(one);
    leftOut.set(name, { name, why: 'unknown' });
  }
  for (const [user, id] of people) {
    const judged = user === self ? 'sender' : judge(id, profiles.get(user), teams);
    if (typeof judged === 'string') leftOut.set(user, left(user, judged, profiles.get(user)));
    else if (!told.has(key(judged.email))) told.set(key(judged.email), judged);
  }
  const own = profiles.get(self ?? '');
  const named = new Set<string>();
  for (const email of emails) {
    if (self && key(email) === key(own?.profile?.email ?? '')) leftOut.set(self, left(self, 'sender', own));
    else if (!told.has(key(email))) told.set(key(email), { name: email, email });
    named.add(key(email));
  }
  // Whoever is named by their address needs no more than that, whatever they are in Slack.
  const others = [...leftOut.values()].filter(
    ({ email, why }) => why === 'sender' || email === undefined || !named.has(key(email)),
  );
  return { people: [...told.values()], leftOut: others };
}

function judge(
  id: ChatPersonId,
  profile: SlackUser | undefined,
  teams: Teams,
): AudienceMember | LeftOutReason {
  if (profile === undefined) return 'unknown';
  try {
    const { name, email } = checkPerson(
      profile,
      { id, team: parsePersonId(id).team, as: 'recipient' },
      teams,
    );
    return { id, name, email };
  } catch (error) {
    const reason = error instanceof DeliveryError ? REASONS[error.code] : undefined;
    if (reason === undefined) throw error;
    return reason;
  }
}

/** Whom Slack does not know has no other name than the id. */
function left(user: string, why: LeftOutReason, profile: SlackUser | undefined): LeftOut {
  const email = profile?.profile?.email;
  return { name: profile ? nameOf(profile) : user, why, ...(email && { email }) };
}

/** What it was called by whoever named it, who may call a channel that we do not see by its name. */
function listName(one: Named): string {
  if (one.kind !== 'group' && one.kind !== 'place') throw new TypeError('not a list of people');
  const list = parseListName(one.name);
  if ('handle' in list) return `@${list.handle}`;
  const { id, label } = list;
  if (one.kind === 'group') return label ?? `user group ${id}`;
  return label === undefined ? `channel ${id}` : `#${label.replace(/^#/, '')}`;
}

const key = (email: string): string => email.trim().toLowerCase();
