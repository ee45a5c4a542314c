import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { Connection } from 'jsforce';
import type { Transport } from 'jsforce/lib/transport.js';
import { LRUCache } from 'lru-cache';
import type { SalesforceUserId } from '../bridge/people.ts';
import { RefusedAnswer } from './http-failure.ts';
import { toUserId } from './ids.ts';
import { isPolicyBlock } from './refusals.ts';
import { assertSafe } from './safe-url.ts';
import { type TokenOwner, tokenError, wrongUser } from './token-errors.ts';

export interface SessionsOptions {
  loginUrl: string;
  clientId: string;
  /** PEM, PKCS #8 or PKCS #1. */
  privateKey: string;
  audience: string;
  /** `66.0` */
  apiVersion: string;
  now: () => number;
  tokenTransport: Transport;
  /** For everything that is not given a transport of its own. */
  apiTransport: Transport;
}

/** Who is acted for. Without an id (the bridge's own user) the token's answer is the first to tell it. */
export interface Account {
  username: string;
  id?: SalesforceUserId;
  owner: TokenOwner;
}

export interface Session {
  connection: Connection;
  userId: SalesforceUserId;
  /** As the token's answer spells it. */
  organizationId: string;
}

export interface Sessions {
  /**
   * Does the work with that account's session. After a 401, which means that nothing was done, it is done once more
   * with a new token, and not again. Throws DeliveryError when there is no token, else what the work throws.
   */
  as<Result>(account: Account, work: (session: Session) => Promise<Result>): Promise<Result>;
  /** Where the org lives, as the last token's answer said; undefined before the first. */
  instanceUrl(): string | undefined;
}

/** Sessions kept; who writes again after so many others costs one token more. */
const mostSessions = 500;

/** Salesforce accepts at most 5 minutes; jsforce's authors use three. */
const assertionLifeSeconds = 180;

/** Tokens by JWT bearer, one request for each person at a time, kept in memory only. */
export function createSessions(options: SessionsOptions): Sessions {
  const privateKey = createPrivateKey(options.privateKey);
  // By username, which ignores case. The promise is kept, not the session: whoever comes meanwhile waits for it.
  const sessions = new LRUCache<string, Promise<Session>>({ max: mostSessions });

  let instanceUrl: string | undefined;

  async function sign(username: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(options.clientId)
      .setSubject(username)
      .setAudience(options.audience)
      .setExpirationTime(Math.floor(options.now() / 1000) + assertionLifeSeconds)
      .sign(privateKey);
  }

  async function open({ username, owner, id: user }: Account): Promise<Session> {
    // Without an OAuth client in it jsforce refreshes nothing by itself: its own refresh loops for ever on a 401.
    const connection = new Connection({ loginUrl: options.loginUrl, version: options.apiVersion });
    connection._transport = options.apiTransport;
    connection.oauth2._transport = options.tokenTransport;
    try {
      const { id, organizationId } = await connection.authorize({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await sign(username),
      });
      // The token goes to whatever host the answer names.
      assertSafe(connection.instanceUrl, 'instance_url');
      ({ instanceUrl } = connection);
      return { connection, userId: toUserId(id), organizationId };
    } catch (error) {
      throw tokenError(error, owner, user);
    }
  }

  function opened(account: Account): Promise<Session> {
    const key = account.username.toLowerCase();
    const known = sessions.get(key);
    if (known) return known;
    const opening = open(account);
    sessions.set(key, opening);
    opening.catch(() => forget(account, opening));
    return opening;
  }

  function forget(account: Account, session: Promise<Session>): void {
    const key = account.username.toLowerCase();
    // Only this one: somebody else may have renewed it already.
    if (sessions.peek(key) === session) sessions.delete(key);
  }

  async function attempt<Result>(account: Account, work: (session: Session) => Promise<Result>) {
    const opening = opened(account);
    const session = await opening;
    if (account.id !== undefined && session.userId !== account.id) {
      forget(account, opening);
      throw wrongUser(account.owner);
    }
    try {
      return await work(session);
    } catch (error) {
      if (isUnauthorised(error)) forget(account, opening);
      throw error;
    }
  }

  return {
    instanceUrl: () => instanceUrl,
    async as(account, work) {
      try {
        return await attempt(account, work);
      } catch (error) {
        if (!isUnauthorised(error) || isPolicyBlock(error)) throw error;
        return attempt(account, work);
      }
    },
  };
}

function isUnauthorised(error: unknown): error is RefusedAnswer {
  return error instanceof RefusedAnswer && error.status === 401;
}
