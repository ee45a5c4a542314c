import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Attempt, Delivery } from './delivery.ts';
import type { SlackEvent } from './events.ts';
import { Faults } from './faults.ts';
import { answerWithFault } from './faulty-answer.ts';
import { ANSWER_DEADLINE_MS, HttpTransport } from './http-transport.ts';
import { parseFields } from './json.ts';
import { MessageFeed } from './message-feed.ts';
import type { Parts } from './parts.ts';
import { createChannels } from './people/channels.ts';
import { createCommands } from './people/commands.ts';
import { createInteractions } from './people/interactions.ts';
import { createMessages } from './people/messages.ts';
import { createViewActions } from './people/views.ts';
import { RateLimits } from './rate-limits.ts';
import { ResponseUrls } from './response-urls.ts';
import { sampleWorkspace } from './sample-workspace.ts';
import type { Shortcut, WorkspaceSeed } from './shapes.ts';
import { SocketMode } from './socket-mode.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';
import { Tiers } from './tiers.ts';
import { Triggers } from './triggers.ts';
import { Uploads, uploadedBytes } from './uploads.ts';
import { Views } from './views.ts';
import { API_PATH, type Call, perform, readCall } from './web-api/endpoint.ts';
import { Workspace } from './workspace.ts';

/** Scopes of a bridge that does everything. */
export const ALL_SCOPES: readonly string[] = [
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'reactions:write',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

export interface SlackOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly seed?: WorkspaceSeed;
  /** Where the app takes requests; it can be set later with `pointAt`. */
  readonly requestUrl?: string;
  /** Sends everything over Socket Mode instead of HTTP. */
  readonly socketMode?: boolean;
  readonly signingSecret?: string;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly scopes?: readonly string[];
  /** The events the app gets, as in its manifest. */
  readonly subscriptions?: readonly string[];
  /** The app's shortcuts, as in its manifest; without them any can be used. */
  readonly shortcuts?: readonly Shortcut[];
  /** The app's commands, as in its manifest; without them any can be used. */
  readonly commands?: readonly string[];
  readonly switches?: Partial<Switches>;
  /** How long to wait before each redelivery of an event. */
  readonly retryDelaysMs?: readonly number[];
  readonly answerDeadlineMs?: number;
  readonly now?: () => number;
}

export type StandInSlack = Awaited<ReturnType<typeof startSlack>>;

/**
 * Starts a stand-in for Slack on 127.0.0.1: its Web API, its response_urls, Socket Mode, and its people.
 * It is as strict as Slack where Slack is known to be, and lives outside of what production loads.
 */
export async function startSlack(options: SlackOptions = {}) {
  const { signingSecret = 'sandbox-signing-secret', answerDeadlineMs = ANSWER_DEADLINE_MS } = options;
  const now = options.now ?? Date.now;
  const switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const tokens = { bot: options.botToken ?? 'xoxb-sandbox', app: options.appToken ?? 'xapp-sandbox' };
  const workspace = new Workspace(options.seed ?? sampleWorkspace(), now);
  const faults = new Faults();
  const http = new HttpTransport({
    signingSecret,
    deadlineMs: answerDeadlineMs,
    now,
    ...(options.requestUrl ? { requestUrl: options.requestUrl } : {}),
  });
  const sockets = new SocketMode({ appId: workspace.app.app_id, deadlineMs: answerDeadlineMs });
  const delivery = new Delivery(
    workspace,
    options.socketMode ? sockets : http,
    faults,
    options.retryDelaysMs,
  );
  const feed = new MessageFeed(workspace, delivery, switches, options.subscriptions);
  const parts: Parts = {
    workspace,
    switches,
    faults,
    triggers: new Triggers(now),
    rateLimits: new RateLimits(now),
    uploads: new Uploads(workspace.ids),
    views: new Views(workspace),
    responseUrls: new ResponseUrls(workspace, feed, switches),
    delivery,
    feed,
    sockets,
    tokens,
    scopes: options.scopes ?? ALL_SCOPES,
    shortcuts: options.shortcuts ?? [],
  };
  const inChannels = Object.assign(createMessages(parts), createChannels(parts));
  const people = Object.assign(
    createCommands(parts),
    inChannels,
    createInteractions(parts),
    createViewActions(parts),
  );
  const calls: Call[] = [];
  const tiers = new Tiers(now);
  const refusal = (method: string) => (switches.tiersAreStrict ? tiers.refusal(method) : undefined);

  const server = createServer((request, response) => {
    handle(request, response, { parts, calls, refusal }).catch((error: unknown) => {
      // A defect of the stand-in itself: loud, so that no test takes it for Slack's behaviour.
      console.error('stand-in Slack:', error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  parts.responseUrls.baseUrl = url;

  return {
    url,
    /** What `SLACK_API_URL` is set to. */
    apiUrl: url + API_PATH,
    signingSecret,
    botToken: tokens.bot,
    appToken: tokens.app,
    workspace,
    shortcuts: parts.shortcuts,
    commands: options.commands ?? [],
    faults,
    /** Every Web API call, upload, and post to a response_url, oldest first. */
    calls: calls as readonly Call[],
    /** Every attempt to send something to the app, oldest first. */
    deliveries: delivery.attempts as readonly Attempt[],

    ...people,

    /** Delivers any other event, subscribed or not: `app_uninstalled`, `user_change`…. */
    event: (event: SlackEvent) => delivery.event(event),
    /** Posts a body as it is to the request URL; sign it with `sign`, or badly, or not at all. */
    post: (body: string, headers: Record<string, string> = {}) => http.post(body, headers),
    /** Signature headers for a body, at this moment or another (in seconds). */
    sign: (body: string, timestampSeconds?: number) => http.sign(body, timestampSeconds),
    /** Says where the app takes requests from now on; at several places in turn. */
    pointAt(...requestUrls: string[]): void {
      http.requestUrls = requestUrls;
    },
    /** Asks all Socket Mode clients to reconnect. */
    disconnectSockets: (reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested') =>
      sockets.disconnect(reason),
    socketCount: () => sockets.connected,

    messages: (channel: string) => [...workspace.messages(channel)],
    thread: (channel: string, rootTs: string) => workspace.thread(channel, rootTs),
    /** What an uploaded file holds, once it was completed. */
    fileText: (id: string) => {
      const upload = parts.uploads.find(id);
      return upload?.isCompleted ? upload.content?.toString('utf8') : undefined;
    },
    /** The id of the DM between a person and the app. */
    dmOf: (user: string) => workspace.dmOf(user).id,
    ephemeralsOf: (user: string) => workspace.ephemeralsOf(user),
    /** The modals that a person has open, uppermost last. */
    viewsOf: (user: string) => parts.views.stackOf(user),
    homeOf: (user: string) => parts.views.homeOf(user),
    onChange: workspace.onChange.bind(workspace),

    async close(): Promise<void> {
      delivery.close();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, http.close()]);
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { parts, calls, refusal }: { parts: Parts; calls: Call[]; refusal: Tiers['refusal'] },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const bytes = await bodyOf(request);
  const body = bytes.toString();
  const { workspace, faults, responseUrls, uploads } = parts;

  if (request.method === 'POST' && uploads.isUpload(url.pathname)) {
    const call: Call = { method: 'upload', args: {}, at: workspace.now() };
    const headers = { 'content-type': 'text/plain' };
    const content = await uploadedBytes(bytes, request.headers['content-type']);
    await answer(call, () => {
      const status = uploads.put(url.pathname, content);
      return { status, headers, body: status === 200 ? `OK - ${content.length}` : '' };
    });
  } else if (url.pathname.startsWith(API_PATH)) {
    const read = readCall(request, url, body, workspace.now());
    await answer(read.call, () => perform(read, parts));
  } else if (request.method === 'POST' && responseUrls.isResponseUrl(url.pathname)) {
    const content = parseFields(body);
    const call: Call = { method: 'response_url', args: content ?? {}, at: workspace.now() };
    await answer(call, () => ({
      headers: { 'content-type': 'text/plain' },
      ...responseUrls.use(url.pathname, content),
    }));
  } else {
    response.writeHead(404).end('not found');
  }

  async function answer(call: Call, act: Parameters<typeof answerWithFault>[2]): Promise<void> {
    calls.push(call);
    const answered = await answerWithFault(
      response,
      faults.takeForCall(call.method, channelNames(call)) ?? refusal(call.method),
      act,
    );
    if (answered) call.status = answered.status;
    workspace.changed({ what: 'call' });
  }

  /** A conversation with the app goes by its own id and by its person's. */
  function channelNames({ args }: Call): string[] {
    const channel = String(args.channel ?? '');
    const found = workspace.channels.get(channel);
    return found?.type === 'im' ? [channel, ...found.members] : [channel];
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
