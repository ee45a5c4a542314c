import { App, type Receiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Decisions, Intake } from '../bridge/message.ts';
import type { Mirrors } from '../bridge/mirror.ts';
import type { Notifications, Previews } from '../bridge/notification.ts';
import type { ChatPeople, SalesforceDirectory } from '../bridge/ports.ts';
import { createIsAdmin } from './admins.ts';
import type { Ask } from './asking.ts';
import type { Drafts } from './drafts.ts';
import { createFiles } from './files.ts';
import { createShowHome } from './home.ts';
import type { Identity } from './identity.ts';
import { listenToChatterDm, onlyToSender } from './listeners/chatter-dm.ts';
import { listenToChatterNotify } from './listeners/chatter-notify.ts';
import { listenToDecisions } from './listeners/decide.ts';
import { listenToFindUsers } from './listeners/find-users.ts';
import { listenToHome } from './listeners/home.ts';
import { listenToMessages } from './listeners/message.ts';
import { listenToMirrorSubmission } from './listeners/mirror-submission.ts';
import { listenToMirrorThread } from './listeners/mirror-thread.ts';
import { listenToNotificationButtons } from './listeners/notification-buttons.ts';
import { listenToNotifySubmission } from './listeners/notify-submission.ts';
import { listenToPlaces } from './listeners/place.ts';
import { listenToSendMessage } from './listeners/send-message.ts';
import { listenToSendSubmission } from './listeners/send-submission.ts';
import { listenToStopMirror } from './listeners/stop-mirror.ts';
import { createWhyNotSoMany, type NotifyLimit } from './may-notify.ts';
import { createMembers } from './members.ts';
import { createModals } from './modals.ts';
import { createPlaces } from './places.ts';
import { createResponseUrls } from './response-url.ts';
import { slackLogger } from './slack-logger.ts';
import { isApproved, type Teams } from './teams.ts';
import { webClientOptions } from './web-client.ts';
import { words } from './words.ts';

/** What forms need beside Slack itself. */
export interface FormOptions {
  people: Pick<ChatPeople, 'find' | 'plainText'>;
  directory: Pick<SalesforceDirectory, 'search' | 'findByEmail'>;
  drafts: Drafts;
  /** Channels shared with other companies in which threads may be mirrored. */
  connect: ReadonlySet<string>;
  /** User ids that count as admins beside the workspace's own. */
  adminUsers: ReadonlySet<string>;
  /** Who may notify how many people. */
  notifyLimit: NotifyLimit;
}

export interface SlackAppOptions extends FormOptions {
  receiver: Receiver;
  botToken: string;
  apiUrl: string;
  client: WebClient;
  ask: Ask;
  identity: Identity;
  teams: Teams;
  intake: Intake;
  decisions: Decisions;
  mirrors: Mirrors;
  notifications: Notifications;
  previews: Previews;
  log: Logger;
  now: () => number;
}

/**
 * The one Bolt app behind both ways in, HTTP and Socket Mode. What people write is stored without a call to Slack's Web
 * API; forms are opened with one, and filled by others that nobody waits for.
 */
export function createSlackApp(options: SlackAppOptions): App {
  const { receiver, botToken, identity, teams, log, apiUrl, client, ask } = options;
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
    else if ('options' in args) await args.ack({ options: [] });
    else if ('action' in args || 'shortcut' in args || 'view' in args) await args.ack();
  });

  const modals = createModals(client, ask);
  const isAdmin = createIsAdmin(client, ask, options.adminUsers);
  const ports = {
    ...options,
    modals,
    places: createPlaces(client, ask),
    files: createFiles(client, ask),
    isAdmin,
    whyNotSoMany: createWhyNotSoMany(options.notifyLimit, { isAdmin, members: createMembers(client, ask) }),
    showHome: createShowHome({ ...options, modals }),
    responseUrls: createResponseUrls(apiUrl),
    botUser: identity.botUser,
    app: identity.botUser === undefined ? 'this app' : `<@${identity.botUser}>`,
  };
  listenToChatterDm(app, ports);
  listenToMessages(app, ports);
  listenToPlaces(app, ports);
  listenToDecisions(app, ports);
  listenToMirrorThread(app, ports);
  listenToMirrorSubmission(app, ports);
  listenToSendMessage(app, ports);
  listenToSendSubmission(app, ports);
  listenToFindUsers(app, ports);
  listenToStopMirror(app, ports);
  listenToHome(app, ports);
  listenToChatterNotify(app, ports);
  listenToNotifySubmission(app, ports);
  listenToNotificationButtons(app, ports);
  return app;
}
