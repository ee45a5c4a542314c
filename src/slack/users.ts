import type { WebClient } from '@slack/web-api';
import { type Ask, methodScope } from './asking.ts';
import { rememberedLookup } from './lookup.ts';
import type { SlackUser } from './slack-user.ts';

/** Looks users up by their ids, and remembers them for a while. Throws DeliveryError. */
export function createUsers(client: WebClient, ask: Ask): (user: string) => Promise<SlackUser> {
  return rememberedLookup(async (user) => {
    const answer = await ask(methodScope('users.info'), 'read', () => client.users.info({ user }));
    return answer.user ?? {};
  });
}
