import type { WebClient } from '@slack/web-api';
import { DeliveryError } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { slackErrorName } from './errors.ts';
import { parseListName } from './list-name.ts';
import { rememberedLookup } from './lookup.ts';

/** Who is in a user group or a channel: the ids of users, undefined when there is no such thing for whoever asks. */
export interface Members {
  /** @param name see list-name.ts @throws DeliveryError when Slack does not answer. */
  ofGroup(name: string): Promise<readonly string[] | undefined>;
  /**
   * Who is not in a private channel is not told who is: then there is none.
   * @param asker a user; undefined: whoever runs the bridge
   * @throws DeliveryError when Slack does not answer.
   */
  ofChannel(name: string, asker: string | undefined): Promise<readonly string[] | undefined>;
}

interface Group {
  id: string;
  isDisabled: boolean;
}

/** Slack's own library: "an integer with a max value of 999". */
const A_PAGE = 999;

/** Membership is not remembered: whoever has just been added is meant. */
export function createMembers(client: WebClient, ask: Ask): Members {
  const groupsOfTeam = rememberedLookup(async () => {
    const { usergroups = [] } = await ask(methodScope('usergroups.list'), 'read', () =>
      client.usergroups.list({ include_disabled: true }),
    );
    const groups = new Map<string, Group>();
    // Those that are switched off go first: their handles may have been given to others since.
    for (const isDisabled of [true, false]) {
      for (const { id = '', handle = '', date_delete = 0 } of usergroups) {
        if (isDisabled !== date_delete > 0) continue;
        groups.set(id, { id, isDisabled });
        groups.set(handleKey(handle), { id, isDisabled });
      }
    }
    return groups;
  });

  async function membersOfGroup(name: string): Promise<readonly string[] | undefined> {
    const list = parseListName(name);
    const group = (await groupsOfTeam('')).get('id' in list ? list.id : handleKey(list.handle));
    // A group may be newer than the list of them.
    const usergroup = group?.id ?? ('id' in list ? list.id : undefined);
    if (usergroup === undefined || group?.isDisabled) return undefined;
    const { users = [] } = await ask(methodScope('usergroups.users.list'), 'read', () =>
      client.usergroups.users.list({ usergroup }),
    );
    return users.length > 0 ? users : undefined;
  }

  async function membersOfChannel(channel: string): Promise<readonly string[]> {
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const { members = [], response_metadata } = await ask(
        methodScope('conversations.members'),
        'read',
        () => client.conversations.members({ channel, limit: A_PAGE, ...(cursor && { cursor }) }),
      );
      all.push(...members);
      cursor = response_metadata?.next_cursor;
    } while (cursor);
    return all;
  }

  async function isPublic(channel: string): Promise<boolean> {
    const { channel: found } = await ask(methodScope('conversations.info'), 'read', () =>
      client.conversations.info({ channel }),
    );
    return found?.is_channel === true && found.is_private !== true;
  }

  return {
    ofGroup: (name) => membersOfGroup(name).catch(noneUnlessBusy),
    ofChannel: async (name, asker) => {
      const list = parseListName(name);
      if (!('id' in list) || !/^[CG]/.test(list.id)) return undefined;
      try {
        const members = await membersOfChannel(list.id);
        const mayKnow = asker === undefined || members.includes(asker) || (await isPublic(list.id));
        return mayKnow ? members : undefined;
      } catch (error) {
        // Without the scope for private channels the app does not see them.
        if (slackErrorName(error) === 'missing_scope') return undefined;
        return noneUnlessBusy(error);
      }
    },
  };
}

/** Never the look of an id, which is upper-case. */
const handleKey = (handle: string): string => `@${handle.toLowerCase()}`;

/** A no that will stay one says that there is none: no such group, a plan without groups, a channel out of sight. */
function noneUnlessBusy(error: unknown): undefined {
  if (error instanceof DeliveryError && error.retry.kind === 'never') return undefined;
  throw error;
}
