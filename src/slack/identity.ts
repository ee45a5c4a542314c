import { setTimeout as delay } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { isInstallationError, toDeliveryError } from './errors.ts';
import type { Teams } from './teams.ts';
import type { AnswerNames } from './views/answer.ts';

/** Who the app is in the workspace that its token is for. */
export interface Identity {
  team: string;
  botId: string | undefined;
  botUser: string | undefined;
  /** What the app may do, as its administrators have allowed it. */
  scopes: readonly string[];
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/**
 * Asks Slack once who we are, again and again with longer pauses while Slack cannot be reached.
 * @throws DeliveryError when Slack refuses the token; the signal's reason when it is aborted.
 */
export async function learnIdentity(client: WebClient, log: Logger, signal?: AbortSignal): Promise<Identity> {
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
    try {
      const who = await client.auth.test();
      const scopes = who.response_metadata?.scopes ?? [];
      return { team: who.team_id ?? '', botId: who.bot_id, botUser: who.user_id, scopes };
    } catch (error) {
      const failure = toDeliveryError(error, 'read');
      if (isInstallationError(error)) {
        log.error(
          { code: failure.code },
          'Slack refuses SLACK_BOT_TOKEN: copy it from OAuth & Permissions again',
        );
        throw failure;
      }
      log.warn({ code: failure.code, pauseMs }, 'Slack does not say who we are yet');
      await delay(pauseMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** The workspaces as configured, or else the one that the token is for. */
export function approvedTeams(configured: Teams, identity: Identity): Teams {
  return configured.size > 0 ? configured : new Map([[identity.team, []]]);
}

/** Names as configured, where the app may use them: without its scope Slack leaves a `username` out, and says nothing. */
export function allowedNames(configured: AnswerNames, { scopes }: Identity, log: Logger): AnswerNames {
  if (configured === 'inside' || scopes.includes('chat:write.customize')) return configured;
  log.warn('ANSWER_NAMES=username needs the scope chat:write.customize: names stay inside the messages');
  return 'inside';
}
