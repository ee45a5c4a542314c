import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { ChatPeople } from '../bridge/ports.ts';
import { type Ask, methodScope } from './asking.ts';
import { checkPerson, type Role } from './check-person.ts';
import { slackErrorName } from './errors.ts';
import { parsePersonId } from './ids.ts';
import { rememberedLookup } from './lookup.ts';
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
  teams: Teams;
  filePolicy: FilePolicy;
}

/** People and text of one Slack workspace. */
export function createChatPeople({ client, ask, teams, filePolicy }: ChatPeopleOptions): ChatPeople {
  const userOf = rememberedLookup(async (user): Promise<SlackUser> => {
    const answer = await ask(methodScope('users.info'), 'read', () => client.users.info({ user }));
    return answer.user ?? {};
  });
  const namesIn = createNames({ client, ask, userOf });

  return {
    find: async (id, as) => {
      const { team, user } = parsePersonId(id);
      const found = await userOf(user).catch((error: unknown) => {
        throw explained(error, as);
      });
      return checkPerson(found, { id, team, as }, teams);
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
