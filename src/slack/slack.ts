import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Gates } from '../bridge/gates.ts';
import type { Decisions, Intake } from '../bridge/message.ts';
import type { ChatNotes, ChatPeople } from '../bridge/ports.ts';
import { createSlackApp } from './app.ts';
import { createAsk } from './asking.ts';
import { allowedNames, approvedTeams, learnIdentity } from './identity.ts';
import { createChatNotes } from './notes.ts';
import { createChatPeople } from './people.ts';
import { createHttpEdge, EVENTS_PATH, type Route } from './receiver.ts';
import { createResponseUrls } from './response-url.ts';
import { slackLogger } from './slack-logger.ts';
import { createSocketMode } from './socket-mode.ts';
import type { Teams } from './teams.ts';
import type { FilePolicy } from './text/file-line.ts';
import type { AnswerNames } from './views/answer.ts';
import { createWebClient } from './web-client.ts';

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
  now?: () => number;
}

export interface SlackIngressOptions extends SlackOptions {
  /** Needed without `appToken`. */
  signingSecret?: string;
  /** Set: Socket Mode instead of HTTP events. The HTTP server then serves the other routes alone. */
  appToken?: string;
  intake: Intake;
  decisions: Decisions;
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
): Promise<{ people: ChatPeople; notes: ChatNotes }> {
  const { botToken, apiUrl, log, replaceAnswers = true, answerNames = 'inside' } = options;
  const { filePolicy = 'link', now = Date.now } = options;
  const client = createWebClient(botToken, apiUrl, log);
  const ask = createAsk(options.gates);
  const identity = await learnIdentity(client, log, signal);
  return {
    people: createChatPeople({ client, ask, teams: approvedTeams(options.teams, identity), filePolicy }),
    notes: createChatNotes({
      client,
      ask,
      responseUrls: createResponseUrls(apiUrl),
      replaceAnswers,
      answerNames: allowedNames(answerNames, identity, log),
      now,
    }),
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
    const identity = await learnIdentity(createWebClient(botToken, apiUrl, log), log, stopping.signal);
    const app = { ...options, identity, teams: approvedTeams(options.teams, identity) };
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
