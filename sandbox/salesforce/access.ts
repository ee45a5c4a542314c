import { type Answer, edgePage, hourlyLimitWords } from './answer.ts';
import { type ApiError, refuse } from './api-error.ts';
import { idOf } from './identifiers.ts';
import type { OrgUser } from './org.ts';
import { dailyAllocation } from './organization.ts';
import type { Found } from './routes.ts';
import { isExternal } from './sending.ts';
import type { World } from './world.ts';

/** Whether this user may use this resource at all; throws 403. */
export function checkAccess(world: World, user: OrgUser, found: Found): void {
  const { switches } = world;
  if (user.userType === 'CsnOnly' && !switches.chatterFreeHasApi) {
    throw refuse(403, 'API_CURRENTLY_DISABLED', 'API is not enabled for this user');
  }
  if (!found.needsChatter) return;
  if (isExternal(user)) {
    throw refuse(403, 'API_NOT_AVAILABLE', 'The requested API is not available to portal users');
  }
  const on = user.chatterEnabled && switches.orgHasChatter && switches.orgHasMessages;
  if (!on) throw refuse(403, 'FUNCTIONALITY_NOT_ENABLED', 'This feature is not enabled for this user');
  const [owner = ''] = found.ids;
  if (owner !== 'me' && idOf('user', owner) !== user.id) {
    throw refuse(403, 'INSUFFICIENT_ACCESS', 'You can only use your own messages and conversations');
  }
}

/** Counts the request; gives the hourly limit's 503 or throws the daily 403 when one is used up. */
export function overLimit(world: World, user: OrgUser, needsChatter: boolean): Answer | undefined {
  const { switches, counts } = world;
  if (!needsChatter || switches.dailyLimitCoversChatter) {
    counts.daily += 1;
    if (switches.dailyLimit !== null && counts.daily > dailyAllocation(world)) {
      throw refuse(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
  }
  if (!needsChatter) return undefined;
  const used = counts.countChatter(user.id, world.now());
  return switches.hourlyLimit !== null && used > switches.hourlyLimit ? hourlyLimitAnswer(world) : undefined;
}

/** The 503 of the hourly limit in the form that the switches give it (P11). */
export function hourlyLimitAnswer({ switches }: World): Answer {
  const { hourlyLimitBody, hourlyLimitRetryAfterSeconds: seconds } = switches;
  const headers: Record<string, string> = seconds === null ? {} : { 'retry-after': String(seconds) };
  if (hourlyLimitBody === 'page') return { ...edgePage(503, hourlyLimitWords), headers };
  const error = { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: hourlyLimitWords };
  return { status: 503, headers, body: hourlyLimitBody === 'array' ? [error] : error };
}

/** The 401 for a token that is unknown or no longer alive. */
export function sessionError(): ApiError {
  return refuse(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}
