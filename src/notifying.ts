import { limits } from './api/limits.ts';
import { createNotificationsApi, type NotificationsApiOptions } from './api/routes.ts';
import { createCarryOut } from './bridge/carry-out.ts';
import type { Intake } from './bridge/message.ts';
import type { Notifications, Previews } from './bridge/notification.ts';
import { createNotifications } from './bridge/notifications.ts';
import type { ChatAudience, ChatPeople, SalesforceDirectory } from './bridge/ports.ts';
import { createPreviews } from './bridge/previews.ts';
import { createReport } from './bridge/report.ts';
import { decidingOptions } from './deciding.ts';
import type { Foundation } from './foundation.ts';
import { openSchedules } from './scheduling.ts';
import { createIdempotency } from './store/idempotency.ts';
import { createRateLimit } from './store/rate-limit.ts';

/** What the web process does about notifications: takes them in, shows how far they are, and decides about them. */
export function createNotifying(
  base: Foundation,
  edges: {
    intake: Intake;
    people: ChatPeople;
    audience: ChatAudience;
    directory: SalesforceDirectory;
  },
): { notifications: Notifications; previews: Previews; close(): Promise<void> } {
  const { intake, people, audience, directory } = edges;
  const { deliveries: log, notifications, bell } = base;
  const now = Date.now;
  const { schedules, close } = openSchedules(base);
  return {
    close,
    previews: createPreviews({ audience, people, directory, log }),
    notifications: {
      ...createNotifications({
        intake,
        log,
        notifications,
        report: createReport({ log, notifications, now }),
        carryOut: createCarryOut(decidingOptions(base, base.log)),
        bell,
        now,
      }),
      ...schedules,
    },
  };
}

/** What the HTTP server answers to programs, if they have a token to ask with. */
export function apiRoutes(
  { config, state, keys, box, log }: Foundation,
  notifications: Notifications,
  edges: Pick<NotificationsApiOptions, 'personIdOf' | 'readBytes'>,
): ReturnType<typeof createNotificationsApi> {
  const { apiToken: token } = config;
  if (token === undefined) return {};
  return createNotificationsApi({
    token,
    notifications,
    idempotency: createIdempotency(state, keys, box.marks),
    rate: createRateLimit(state, keys.apiCalls, limits.requests),
    marks: box.marks,
    ...edges,
    log,
  });
}
