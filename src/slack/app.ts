import { App, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Decisions, Intake } from '../bridge/message.ts';
import type { Identity } from './identity.ts';
import { listenToChatterDm, onlyToSender } from './listeners/chatter-dm.ts';
import { listenToDecisions } from './listeners/decide.ts';
import { listenToMessages } from './listeners/message.ts';
import { createResponseUrls } from './response-url.ts';
import { slackLogger } from './slack-logger.ts';
import { isApproved, type Teams } from './teams.ts';
import { webClientOptions } from './web-client.ts';
import { words } from './words.ts';

export interface SlackAppOptions {
  receiver: Receiver;
  botToken: string;
  apiUrl: string;
  identity: Identity;
  teams: Teams;
  intake: Intake;
  decisions: Decisions;
  log: Logger;
}

/** The one Bolt app behind both ways in, HTTP and Socket Mode. None of its listeners calls Slack's Web API. */
export function createSlackApp(options: SlackAppOptions): App {
  const { receiver, botToken, identity, teams, intake, decisions, log, apiUrl } = options;
  const app = new App({
    receiver,
    // One workspace, one token, all known: nothing to look up while Slack waits.
    authorize: async () => ({
      botToken,
      ...(identity.botId === undefined ? {} : { botId: identity.botId }),
      ...(identity.botUser === undefined ? {} : { botUserId: identity.botUser }),
    }),
    clientOptions: webClientOptions(apiUrl, log),
    logger: slackLogger(log),
    convoStore: false,
    // It would miss our own edits and deletions, and other bots; listeners/message.ts drops them all.
    ignoreSelf: false,
    tokenVerificationEnabled: false,
  });

  // Without the rethrow Bolt would answer 200 to an event that was not stored, and Slack would forget it.
  app.error(async (error) => {
    log.error({ err: error }, 'listener failed');
    throw error;
  });

  app.use(async (args) => {
    const { teamId, enterpriseId } = args.context;
    if (isApproved(teams, teamId, enterpriseId)) return args.next();
    log.warn({ team: teamId }, 'request from a workspace that is not approved');
    // Events are acknowledged by Bolt; what somebody typed or pressed wants an answer.
    if ('command' in args) await args.ack(onlyToSender(words.otherWorkspace));
    else if ('action' in args) await args.ack();
  });

  listenToChatterDm(app, { intake, decisions });
  listenToMessages(app, { intake, botUser: identity.botUser, log });
  listenToDecisions(app, { decisions, responseUrls: createResponseUrls(apiUrl), log });
  return app;
}
