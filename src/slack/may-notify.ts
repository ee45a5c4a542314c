import type { IsAdmin } from './admins.ts';
import type { Members } from './members.ts';
import { notifyWords } from './notify-words.ts';

/** Who may notify more people than everybody may: all, admins, or the members of a user group. */
export type NotifyAllowed = 'everyone' | 'admins' | { group: string };

export interface NotifyLimit {
  /** NOTIFY_FREE_LIMIT: as many people as everybody may notify at once. */
  free: number;
  /** NOTIFY_ALLOWED */
  allowed: NotifyAllowed;
}

/**
 * Why somebody may not notify so many people; undefined: they may. Nothing is remembered: rights are taken away, too.
 * @throws DeliveryError when Slack does not say.
 */
export type WhyNotSoMany = (user: string, count: number) => Promise<string | undefined>;

export function createWhyNotSoMany(
  { free, allowed }: NotifyLimit,
  { isAdmin, members }: { isAdmin: IsAdmin; members: Pick<Members, 'ofGroup'> },
): WhyNotSoMany {
  return async (user, count) => {
    if (count <= free || allowed === 'everyone') return undefined;
    if (allowed === 'admins') return (await isAdmin(user)) ? undefined : notifyWords.limited.admins(free);
    // A group that is not there, or switched off, has no members.
    const those = (await members.ofGroup(allowed.group)) ?? [];
    return those.includes(user) ? undefined : notifyWords.limited.group(free);
  };
}
