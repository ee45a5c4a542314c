import type { Answer } from './answer.ts';
import type { ApiCall, World } from './world.ts';

/** Shown as the day's allocation while no limit is switched on. */
const usualDailyLimit = 100_000;

/** The org's 24-hour allocation. */
export function dailyAllocation(world: World): number {
  return world.switches.dailyLimit ?? usualDailyLimit;
}

/** `GET …/connect/organization`: whether the org has Chatter and its private messages. */
export function getOrganization({ world }: ApiCall): Answer {
  const { orgHasChatter: chatter, orgHasMessages: chatterMessages } = world.switches;
  const body = {
    accessTimeout: 120,
    features: {
      activityReminderNotificationsEnabled: true,
      chatter,
      chatterMessages,
      communitiesEnabled: false,
    },
    name: 'Stand-in',
    orgId: world.org.id,
  };
  return { status: 200, body };
}

/** `GET …/limits`. */
export function getLimits({ world }: ApiCall): Answer {
  const max = dailyAllocation(world);
  return {
    status: 200,
    body: { DailyApiRequests: { Max: max, Remaining: Math.max(0, max - world.counts.daily) } },
  };
}
