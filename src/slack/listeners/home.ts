import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import type { ShowHome } from '../home.ts';
import { makePersonId } from '../ids.ts';
import { HomeOpened } from '../payload.ts';

/** Fills the app's Home tab whenever somebody opens it. */
export function listenToHome(app: App, { showHome, log }: { showHome: ShowHome; log: Logger }): void {
  app.event('app_home_opened', async ({ event, context, body }) => {
    const { user, tab } = HomeOpened.parse(event);
    if (tab !== 'home') return;
    const person = makePersonId({ team: context.teamId ?? body.team_id, user });
    // Not waited for: sent again, the event would find the tab filled or closed.
    showHome(person).catch((err: unknown) => log.warn({ err }, 'Home tab not shown'));
  });
}
