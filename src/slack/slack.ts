import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Gates } from '../bridge/gates.ts';
import type { Decisions, Intake } from '../bridge/message.ts';
import type { Mirrors } from '../bridge/mirror.ts';
import type { Notifications, Previews } from '../bridge/notification.ts';
import type { ChatAudience, ChatNotes, ChatPeople, ChatThreads } from '../bridge/ports.ts';
import { createSlackApp, type FormOptions } from './app.ts';
import { createAsk } from './asking.ts';
import { createChatAudience } from './audience.ts';
import { allowedNames, approvedTeams, learnIdentity } from './identity.ts';
import { createLookUpFor } from './look-up-for.ts';
import { createChatNotes } from './notes.ts';
import { createChatPeople } from './people.ts';
import { createPermalinks } from './permalinks.ts';
import { createHttpEdge, EVENTS_PATH, type Route } from './receiver.ts';
import { createResponseUrls } from './response-url.ts';
import { slackLogger } from './slack-logger.ts';
import { createSocketMode } from './socket-mode.ts';
import type { Teams } from './teams.ts';
import type { FilePolicy } from './text/file-line.ts';
import { createChatThreads } from './threads.ts';
import { createUsers } from './users.ts';
import type { AnswerNames } from './views/answer.ts';
import { createWebClient } from './web-client.ts';
import type { WhereIs } from './whereabouts.ts';

export interface SlackOptions {
  botToken: string;
  /** `https://slack.com/api/` */
  apiUrl: string;
  /** Empty: the one workspace that the token is for, any e-mail domain. */
  teams: Teams;
  log: Logger;
  /** See ChatNotesOptions. */
  replaceAnswers?: boolean;
  /** `inside` unless said. */
  answerNames?: AnswerNames;
  /** `link` unless said. */
  filePolicy?: FilePolicy;
  /** Channels shared with other companies in which threads may be mirrored: none unless said. */
  connect?: ReadonlySet<string>;
  /** Unless said, every thread is where it was. */
  whereIs?: WhereIs;
  now?: () => number;
}

export interface SlackIngressOptions extends SlackOptions, Omit<FormOptions, 'connect'> {
  /** Needed without `appToken`. */
  signingSecret?: string;
  /** Set: Socket Mode instead of HTTP events. The HTTP server then serves the other routes alone. */
  appToken?: string;
  intake: Intake;
  decisions: Decisions;
  mirrors: Mirrors;
  notifications: Notifications;
  previews: Previews;
  gates: Gates;
  routes: Readonly<Record<string, Route>>;
  /** 0: one that is free. */
  port: number;
  host?: string;
}

/**
 * The worker's side of Slack. Asks Slack once whom the token is for, and keeps asking while Slack is away.
 * @throws DeliveryError when Slack refuses the token.
 */
export async function createSlack(
  options: SlackOptions & { gates: Gates },
  signal?: AbortSignal,
): Promise<{ people: ChatPeople; notes: ChatNotes; threads: ChatThreads; audience: ChatAudience }> {
  const { botToken, apiUrl, log, replaceAnswers = true, answerNames = 'inside' } = options;
  const { filePolicy = 'link', connect = new Set<string>(), now = Date.now } = options;
  const { whereIs = async (thread) => thread } = options;
  const client = createWebClient(botToken, apiUrl, log);
  const ask = createAsk(options.gates);
  const identity = await learnIdentity(client, log, signal);
  const userOf = createUsers(client, ask);
  const permalinkOf = createPermalinks(client, ask);
  const teams = approvedTeams(options.teams, identity);
  return {
    people: createChatPeople({ client, ask, userOf, teams, filePolicy, connect }),
    audience: createChatAudience({ client, ask, userOf, team: identity.team, teams, now }),
    notes: createChatNotes({
      client,
      ask,
      responseUrls: createResponseUrls(apiUrl),
      replaceAnswers,
      answerNames: allowedNames(answerNames, identity, log),
      lookUpFor: createLookUpFor({ userOf, permalinkOf, whereIs }),
      whereIs,
      now,
    }),
    threads: createChatThreads({ client, ask, permalinkOf, whereIs, botUser: identity.botUser }),
  };
}

/**
 * Who is who, for the web process, which lives while Slack is away: whom the token is for is asked with the first
 * question. Every method waits for that.
 */
export function createSlackLookUps(
  options: SlackOptions & { gates: Gates },
  signal?: AbortSignal,
): { people: ChatPeople; audience: ChatAudience } {
  const { botToken, apiUrl, log, filePolicy = 'link', connect = new Set<string>(), now = Date.now } = options;
  const client = createWebClient(botToken, apiUrl, log);
  const ask = createAsk(options.gates);
  const userOf = createUsers(client, ask);
  let learning: ReturnType<typeof learn> | undefined;
  async function learn() {
    const identity = await learnIdentity(client, log, signal);
    const teams = approvedTeams(options.teams, identity);
    return {
      people: createChatPeople({ client, ask, userOf, teams, filePolicy, connect }),
      audience: createChatAudience({ client, ask, userOf, team: identity.team, teams, now }),
    };
  }
  const learned = (): ReturnType<typeof learn> => {
    learning ??= learn().catch((error: unknown) => {
      learning = undefined;
      throw error;
    });
    return learning;
  };
  const people = async () => (await learned()).people;
  return {
    people: {
      find: async (...args) => (await people()).find(...args),
      author: async (...args) => (await people()).author(...args),
      plainText: async (...args) => (await people()).plainText(...args),
      nameByEmail: async (...args) => (await people()).nameByEmail(...args),
    },
    audience: { expand: async (...args) => (await learned()).audience.expand(...args) },
  };
}

export interface SlackIngress {
  /** Resolves when messages are being received. Rejects when Slack refuses a token or the port is taken. */
  start(): Promise<{ port: number }>;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

/** The web's side of Slack: one HTTP server, and behind it or beside it the Bolt app. */
export function createSlackIngress(options: SlackIngressOptions): SlackIngress {
  const { botToken, apiUrl, log, appToken, signingSecret, routes, port, host, now = Date.now } = options;
  const stopping = new AbortController();
  const edge = createHttpEdge({
    signingSecret: appToken === undefined ? signingSecret : undefined,
    routes,
    log,
    now,
  });
  let socket: Receiver | undefined;

  async function receive(): Promise<void> {
    const client = createWebClient(botToken, apiUrl, log);
    const identity = await learnIdentity(client, log, stopping.signal);
    const app = {
      ...options,
      client,
      ask: createAsk(options.gates),
      identity,
      teams: approvedTeams(options.teams, identity),
      connect: options.connect ?? new Set(),
      now,
    };
    if (appToken !== undefined) {
      socket = createSocketMode({ appToken, apiUrl, log });
      createSlackApp({ ...app, receiver: socket });
      await socket.start();
      return;
    }
    const receiver = new HTTPReceiver({
      // Checked in front of it (receiver.ts), on both sides of the clock.
      signatureVerification: false,
      signingSecret: '',
      // Slack gets its 200 when the listeners have stored what came, not before.
      processBeforeResponse: true,
      endpoints: [EVENTS_PATH],
      logger: slackLogger(log),
    });
    createSlackApp({ ...app, receiver });
    edge.deliverTo(receiver.requestListener);
  }

  const stop = async () => {
    stopping.abort();
    await socket?.stop();
    await edge.stop();
  };

  return {
    start: async () => {
      // First, so that the process can be seen to live while Slack is away.
      const listening = await edge.start(port, host);
      try {
        await receive();
      } catch (error) {
        await stop();
        throw error;
      }
      return listening;
    },
    stop,
  };
}
