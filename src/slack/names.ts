import type { WebClient } from '@slack/web-api';
import { DeliveryError } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { isInstallationError } from './errors.ts';
import { rememberedLookup } from './lookup.ts';
import { nameOf, type SlackUser } from './slack-user.ts';
import type { MrkdwnNode } from './text/node.ts';
import { mentionsIn, type Names } from './text/plain.ts';

export interface NamesOptions {
  client: WebClient;
  ask: Ask;
  userOf: (user: string) => Promise<SlackUser>;
}

/**
 * Looks up the names that a message mentions. A name that Slack will not give is left out, and the text says
 * "@someone" or the label; only where waiting may help (Slack busy or away) is the failure thrown.
 */
export function createNames({
  client,
  ask,
  userOf,
}: NamesOptions): (nodes: readonly MrkdwnNode[]) => Promise<Names> {
  /** Undefined for private channels. Without `groups:read` Slack does not even tell the app that they exist. */
  const channelOf = rememberedLookup(async (channel) => {
    const { channel: found } = await ask(methodScope('conversations.info'), 'read', () =>
      client.conversations.info({ channel }),
    );
    const isPublic = found?.is_channel === true && found.is_private !== true;
    return isPublic ? found.name : undefined;
  });
  const groupsOfTeam = rememberedLookup(async () => {
    const { usergroups = [] } = await ask(methodScope('usergroups.list'), 'read', () =>
      client.usergroups.list({ include_disabled: true }),
    );
    return new Map(usergroups.map(({ id, handle }) => [id, handle]));
  });

  return async (nodes) => {
    const ids = mentionsIn(nodes);
    const [users, channels, groups] = await Promise.all([
      namesBy(ids.users, async (id) => nameOf(await userOf(id))),
      namesBy(ids.channels, channelOf),
      namesBy(ids.groups, async (id) => (await groupsOfTeam('')).get(id)),
    ]);
    return {
      user: (id) => users.get(id),
      channel: (id) => channels.get(id),
      group: (id) => groups.get(id),
    };
  };
}

async function namesBy(
  ids: readonly string[],
  nameFor: (id: string) => Promise<string | undefined>,
): Promise<Map<string, string | undefined>> {
  const named = ids.map(async (id) => [id, await nameFor(id).catch(nobody)] as const);
  return new Map(await Promise.all(named));
}

/** A name is no reason to wait for an administrator, nor for a no that will stay one. */
export function nobody(error: unknown): undefined {
  const final =
    error instanceof DeliveryError && (error.retry.kind === 'never' || isInstallationError(error));
  if (!final) throw error;
}
