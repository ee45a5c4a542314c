import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { Audience, Named } from '../bridge/notification.ts';
import type { ChatPersonId } from '../bridge/people.ts';
import type { ChatAudience } from '../bridge/ports.ts';
import type { Ask } from './asking.ts';
import { fewAtATime } from './few-at-a-time.ts';
import { makePersonId, parsePersonId } from './ids.ts';
import { createMembers } from './members.ts';
import { createRoster } from './roster.ts';
import { sift } from './sift.ts';
import type { SlackUser } from './slack-user.ts';
import type { Teams } from './teams.ts';

export interface ChatAudienceOptions {
  client: WebClient;
  ask: Ask;
  userOf: (user: string) => Promise<SlackUser>;
  /** Whose groups and channels they are: the workspace of the token. */
  team: string;
  teams: Teams;
  now: () => number;
}

/** Beyond that nobody has a notification in mind, and looking everybody up would take longer than it is remembered. */
const MOST_PEOPLE = 10_000;
const LISTS_AT_A_TIME = 3;

/** Finds out who is meant by user groups, channels, people and addresses of one workspace. */
export function createChatAudience(options: ChatAudienceOptions): ChatAudience {
  const { client, ask, team, teams } = options;
  const members = createMembers(client, ask);
  const roster = createRoster(options);

  const membersOf = (one: Named, asker: string | undefined) => {
    if (one.kind === 'group') return members.ofGroup(one.name);
    return one.kind === 'place' ? members.ofChannel(one.name, asker) : Promise.resolve(undefined);
  };

  async function expand(named: readonly Named[], sender: ChatPersonId | undefined): Promise<Audience> {
    const self = sender && parsePersonId(sender).user;
    const lists = await fewAtATime(named, LISTS_AT_A_TIME, (one) => membersOf(one, self));
    const people = new Map<string, ChatPersonId>();
    for (const [n, one] of named.entries()) {
      if (one.kind === 'person') people.set(parsePersonId(one.id).user, one.id);
      for (const user of lists[n] ?? []) {
        if (!people.has(user)) people.set(user, makePersonId({ team, user }));
      }
    }
    if (people.size > MOST_PEOPLE) {
      throw refusedForGood(
        'audience-too-large',
        `That is more than ${MOST_PEOPLE.toLocaleString('en')} people, and the bridge notifies no more at once. Name smaller groups.`,
      );
    }
    const emails = named.flatMap((one) => (one.kind === 'email' ? [one.email] : []));
    // Whoever sends it may have been named by their address.
    const looked = emails.length > 0 && self ? [...people.keys(), self] : [...people.keys()];
    const profiles = await roster.profiles([...new Set(looked)]);
    const unknown = named.filter((one, n) => isList(one) && lists[n] === undefined);
    return sift({ people, emails, unknown, profiles, self, teams });
  }

  return { expand };
}

const isList = ({ kind }: Named): boolean => kind === 'group' || kind === 'place';
