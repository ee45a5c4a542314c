import type { Gates } from '../bridge/gates.ts';
import type {
  MessageEvents,
  MessageRemoval,
  PrivateMessages,
  ReadBudget,
  SalesforceDirectory,
} from '../bridge/ports.ts';
import { createDirectory } from './directory.ts';
import { createMessageEvents } from './events/message-events.ts';
import type { ListOrder } from './message-list.ts';
import { createPrivateMessages } from './private-messages.ts';
import { createRemoval } from './removal.ts';
import { createServerClock } from './server-clock.ts';
import { createSessions } from './sessions.ts';
import { createAgent, PooledTransport } from './transport.ts';

export interface SalesforceOptions {
  /** Host of the token endpoint: login, test or My Domain. */
  loginUrl: string;
  clientId: string;
  /** PEM. */
  privateKey: string;
  /** `aud` of the assertions; default: the login URL. */
  audience?: string | undefined;
  /** The bridge's own user. */
  username: string;
  /** `66.0` */
  apiVersion: string;
  /** The Pub/Sub API. */
  pubSubUrl: string;
  /** Each for one whole request, its answer's body included; of the stream of events: until it is open, and silent. */
  timeouts?:
    | { sendMs?: number; readMs?: number; tokenMs?: number; openMs?: number; silentMs?: number }
    | undefined;
  listOrder?: ListOrder | undefined;
  gates: Gates;
  reads: ReadBudget;
  /** How long one reading of a person's messages may serve further looks. */
  shareReadsMs: number;
  now: () => number;
}

/** Shorter than any hold on a delivery, longer than Salesforce usually takes. */
const defaultTimeoutMs = 10_000;
const defaultOpenMs = 3_000;
/** An empty answer comes within 270 seconds when there is nothing to tell (published proto file, FetchResponse). */
const defaultSilentMs = 300_000;

export interface Salesforce {
  messages: PrivateMessages;
  directory: SalesforceDirectory;
  removal: MessageRemoval;
  /** Connects when somebody listens. */
  events: MessageEvents;
  /** Where the org lives; undefined before the first token. */
  instanceUrl(): string | undefined;
  /** Waits for the requests that are under way. */
  close(): Promise<void>;
}

/** The Chatter edge: one pool of connections and one token a person, behind three ports. Throws for an unusable key. */
export function createSalesforce(options: SalesforceOptions): Salesforce {
  const { loginUrl, username, now, timeouts = {}, listOrder = 'newest-first' } = options;
  const { sendMs = defaultTimeoutMs, readMs = defaultTimeoutMs, tokenMs = defaultTimeoutMs } = timeouts;
  const agent = createAgent();
  const clock = createServerClock(now);
  const { heardDate } = clock;
  const sessions = createSessions({
    ...options,
    audience: options.audience ?? loginUrl,
    // The login host's clock is another one: only the org's own answers tell the time.
    tokenTransport: new PooledTransport({ agent, timeoutMs: tokenMs }),
    apiTransport: new PooledTransport({ agent, timeoutMs: readMs, heardDate }),
  });
  return {
    messages: createPrivateMessages({
      ...options,
      sessions,
      ownUsername: username,
      clock,
      listOrder,
      transportFor: (watch) => new PooledTransport({ agent, timeoutMs: sendMs, watch, heardDate }),
    }),
    directory: createDirectory({ ...options, sessions, ownUsername: username }),
    removal: createRemoval({ ...options, sessions, ownUsername: username }),
    events: createMessageEvents({
      url: options.pubSubUrl,
      sessions,
      ownUsername: username,
      callMs: readMs,
      openMs: timeouts.openMs ?? defaultOpenMs,
      silentMs: timeouts.silentMs ?? defaultSilentMs,
      now,
    }),
    instanceUrl: sessions.instanceUrl,
    close: () => agent.close(),
  };
}
