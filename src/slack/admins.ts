import type { WebClient } from '@slack/web-api';
import { type Ask, methodScope } from './asking.ts';

/** Whether somebody is an admin of this workspace, or was named as one. @throws DeliveryError when Slack does not say. */
export type IsAdmin = (user: string) => Promise<boolean>;

/** @param named user ids that count as admins whatever Slack says. Nothing is remembered: rights are taken away, too. */
export function createIsAdmin(client: WebClient, ask: Ask, named: ReadonlySet<string>): IsAdmin {
  return async (user) => {
    if (named.has(user)) return true;
    const { user: found = {} } = await ask(methodScope('users.info'), 'read', () =>
      client.users.info({ user }),
    );
    // An admin of another company (Slack Connect) is a stranger here.
    if (found.deleted || found.is_stranger) return false;
    return found.is_admin === true || found.is_owner === true || found.is_primary_owner === true;
  };
}
