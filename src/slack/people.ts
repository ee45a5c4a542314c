import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatPeople } from '../bridge/ports.ts';
import type { Ask } from './asking.ts';
import { checkAuthor, checkPerson, type Role } from './check-person.ts';
import { slackErrorName } from './errors.ts';
import { parsePersonId, parsePlaceId } from './ids.ts';
import { createNameByEmail } from './name-by-email.ts';
import { createNames } from './names.ts';
import type { SlackUser } from './slack-user.ts';
import type { Teams } from './teams.ts';
import type { FilePolicy } from './text/file-line.ts';
import { toPlainText } from './text/plain.ts';
import { writtenNodes } from './written.ts';

export interface ChatPeopleOptions {
  client: WebClient;
  ask: Ask;
  userOf: (user: string) => Promise<SlackUser>;
  teams: Teams;
  filePolicy: FilePolicy;
  /** SLACK_CONNECT: ids of the channels in which guests and people of other organisations are mirrored. */
  connect: ReadonlySet<string>;
}

/** People and text of one Slack workspace. */
export function createChatPeople({
  client,
  ask,
  userOf,
  teams,
  filePolicy,
  connect,
}: ChatPeopleOptions): ChatPeople {
  const known = (user: string, as: Role) =>
    userOf(user).catch((error: unknown) => {
      throw explained(error, as);
    });
  const namesIn = createNames({ client, ask, userOf });

  return {
    find: async (id, as) => {
      const { team, user } = parsePersonId(id);
      return checkPerson(await known(user, as), { id, team, as }, teams);
    },
    author: async (id, place) => {
      const { team, user } = parsePersonId(id);
      const isOpen = connect.has(parsePlaceId(place).channel);
      return checkAuthor(await known(user, 'sender'), { id, team, isOpen }, teams);
    },
    plainText: async (message) => {
      const nodes = writtenNodes(message, filePolicy);
      return toPlainText(nodes, await namesIn(nodes));
    },
    nameByEmail: createNameByEmail({ client, ask, userOf, teams }),
  };
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
