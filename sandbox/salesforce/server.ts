import { createPublicKey, KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '../random.ts';
import { Faults } from './faults.ts';
import { lineOf } from './line.ts';
import {
  type Change,
  type Conversation,
  type NewUser,
  Org,
  type OrgUser,
  type StoredMessage,
} from './org.ts';
import { type Later, perform } from './perform.ts';
import { prepare } from './prepare.ts';
import { type StandInPubSub, startPubSub } from './pubsub/server.ts';
import { QueryLocators } from './query-locators.ts';
import { RequestCounts } from './request-counts.ts';
import { type LoggedRequest, readRequest } from './requests.ts';
import { Sessions } from './sessions.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import { typeMessage, type Whereto } from './typing.ts';
import type { World } from './world.ts';

export interface SalesforceOptions {
  /** 127.0.0.1's port; 0, the default, takes a free one. */
  port?: number;
  /** The app's consumer key, which must be the `iss` of every assertion. */
  clientId: string;
  /** The app's certificate or public key (PEM), which must verify every assertion. */
  publicKey: string | KeyObject;
  /** Accepted as `aud` besides the server's own URL; default: production's login host. */
  audiences?: readonly string[];
  users?: readonly NewUser[];
  /** Runs a Pub/Sub API beside it. */
  pubSub?: boolean;
  switches?: Partial<Switches>;
  now?: () => number;
  /** For the jitter of `sentDate`. */
  seed?: number;
}

/** The running server, with all that tests and the sandbox page may look at and do. */
export interface StandInSalesforce {
  readonly url: string;
  readonly orgId: string;
  readonly users: readonly OrgUser[];
  readonly switches: Switches;
  readonly faults: Faults;
  /** undefined: none was asked for. */
  readonly pubSub: StandInPubSub | undefined;
  /** All requests so far, in the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** All messages stored, in commit order. */
  messages(): readonly StoredMessage[];
  conversationsOf(userId: string): readonly Conversation[];
  addUser(user: NewUser): OrgUser;
  /** Changes a user as an admin would. */
  changeUser(userId: string, change: Partial<Omit<OrgUser, 'id'>>): void;
  /** A person writes in Chatter's own pages. Throws ApiError when Salesforce would refuse. */
  type(senderId: string, whereto: Whereto, text: string): StoredMessage;
  /** Ends all sessions, or one user's. */
  expireSessions(userId?: string): void;
  /** Hears of every change; the answer stops it. */
  onChange(listener: (change: Change) => void): () => void;
  /** Back to the start: users, switches; no messages, sessions, faults, requests, nor late commits. */
  reset(): void;
  /** Stops and resets every connection. */
  close(): Promise<void>;
}

/** Starts a stand-in Salesforce on 127.0.0.1. For tests and the sandbox only. */
export async function startSalesforce(options: SalesforceOptions): Promise<StandInSalesforce> {
  const users = options.users ?? [];
  const requests: LoggedRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const world = newWorld(options);
  const { org, switches, sessions, counts, faults } = world;

  const later: Later = (delayMs, run) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void run();
    }, delayMs);
    timers.add(timer);
  };
  const forgetTimers = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };

  // Node's own limit on heads is below Salesforce's: ours has to be the one that answers.
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    exchange(world, requests, later, request, response).catch((error: unknown) => {
      if (!request.complete) return;
      console.error('stand-in Salesforce:', error);
      response.destroy();
    });
  });
  // Node's own five seconds are less than a process may be made to stand still, with a request of its to come.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${addressOf(server.address()).port}`;
  world.app.audiences = [...(options.audiences ?? ['https://login.salesforce.com']), world.url];
  org.reset(users);
  const pubSub = options.pubSub ? await startPubSub(world) : undefined;

  return {
    url: world.url,
    orgId: org.id,
    users: org.users,
    switches,
    faults,
    pubSub,
    requests,
    messages: () => org.messages,
    conversationsOf: (userId) => org.conversationsOf(userId),
    addUser: (user) => org.addUser(user),
    changeUser: (userId, change) => org.changeUser(userId, change),
    type: (senderId, whereto, text) => typeMessage(world, senderId, whereto, text),
    expireSessions: (userId) => sessions.expire(userId),
    onChange: (listener) => org.onChange(listener),
    reset() {
      forgetTimers();
      requests.length = 0;
      Object.assign(switches, defaultSwitches(), options.switches);
      sessions.expire();
      counts.clear();
      faults.clear();
      world.locators.clear();
      pubSub?.reset();
      org.reset(users);
    },
    async close() {
      forgetTimers();
      await pubSub?.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function newWorld(options: SalesforceOptions): World {
  const { clientId, publicKey, now = Date.now } = options;
  const switches = { ...defaultSwitches(), ...options.switches };
  return {
    org: new Org(),
    switches,
    sessions: new Sessions(),
    counts: new RequestCounts(),
    faults: new Faults(),
    locators: new QueryLocators(),
    app: {
      clientId,
      publicKey: publicKey instanceof KeyObject ? publicKey : createPublicKey(publicKey),
      audiences: [],
    },
    url: '',
    random: seededRandom(options.seed ?? 1),
    now,
    serverNow: () => now() + switches.clockSkewMs,
  };
}

async function exchange(
  world: World,
  requests: LoggedRequest[],
  later: Later,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = await readRequest(request, world.now);
  const prepared = prepare(world, call);
  const { kind, userId } = prepared.subject;
  const { method, path, search, arrivedAt } = call;
  const logged: LoggedRequest = {
    at: arrivedAt,
    method,
    path,
    search,
    kind,
    userId: userId ?? null,
    status: null,
  };
  requests.push(logged);
  const line = lineOf(response, new Date(world.serverNow()), (status) => {
    logged.status = status;
  });
  await perform(world, prepared, line, later);
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address;
}
