import type { UsersInfoResponse } from '@slack/web-api';

/** A user as `users.info` describes them. */
export type SlackUser = NonNullable<UsersInfoResponse['user']>;

/** How people see somebody's name in Slack. */
export function nameOf(user: SlackUser): string {
  return user.profile?.real_name || user.real_name || user.name || 'somebody';
}
