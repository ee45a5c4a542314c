import { compactVerify, decodeJwt } from 'jose';
import type { Answer } from './answer.ts';
import type { OrgUser } from './org.ts';
import type { World } from './world.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** `exp` may be at most this far ahead. */
const maxLifetimeMs = 5 * 60_000;

/** A token request as the network brought it. */
export interface TokenCall {
  method: string;
  search: string;
  contentType: string;
  body: string;
}

/** OAuth's own error shape, different from the rest of the API. */
class GrantError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

/**
 * `POST /services/oauth2/token` with a JWT bearer assertion: 200 with a token of the user in `sub`, or 400
 * with OAuth's error and Salesforce's words for it.
 */
export async function token(world: World, call: TokenCall): Promise<Answer> {
  try {
    return { status: 200, headers: noStore, body: grantAnswer(world, await grantedUser(world, call)) };
  } catch (error) {
    if (!(error instanceof GrantError)) throw error;
    return { status: 400, headers: noStore, body: { error: error.error, error_description: error.message } };
  }
}

const noStore = { 'cache-control': 'no-cache, no-store' };

/** The user an assertion speaks for, unverified: faults go by it. */
export function assertedUser(world: World, call: TokenCall): OrgUser | undefined {
  try {
    const { sub } = decodeJwt(new URLSearchParams(call.body).get('assertion') ?? '');
    return world.org.userByUsername(sub ?? '');
  } catch {
    return undefined;
  }
}

async function grantedUser(world: World, call: TokenCall): Promise<OrgUser> {
  if (call.method !== 'POST') throw new GrantError('invalid_request', 'must use HTTP POST');
  if (call.search !== '') throw new GrantError('invalid_request', 'credentials are not accepted in the URL');
  if (call.contentType !== 'application/x-www-form-urlencoded') {
    throw new GrantError('invalid_request', 'the request must be form-encoded');
  }
  const form = new URLSearchParams(call.body);
  if (form.get('grant_type') !== jwtBearer) {
    throw new GrantError('unsupported_grant_type', 'grant type not supported');
  }
  const claims = await verifiedClaims(world, form.get('assertion') ?? '');
  return userNamedIn(world, claims);
}

async function verifiedClaims(world: World, assertion: string): Promise<Record<string, unknown>> {
  let claims: Record<string, unknown>;
  try {
    claims = decodeJwt(assertion);
  } catch {
    throw new GrantError('invalid_grant', 'invalid assertion');
  }
  if (claims.iss !== world.app.clientId)
    throw new GrantError('invalid_client_id', 'client identifier invalid');
  try {
    await compactVerify(assertion, world.app.publicKey, { algorithms: ['RS256'] });
  } catch {
    throw new GrantError('invalid_grant', 'invalid assertion');
  }
  return claims;
}

function userNamedIn({ app, org, switches, serverNow }: World, claims: Record<string, unknown>): OrgUser {
  if (!switches.appInstalled) throw new GrantError('invalid_client', 'app must be installed into org');
  if (typeof claims.aud !== 'string' || !app.audiences.includes(claims.aud)) {
    throw new GrantError('invalid_grant', switches.audienceWords);
  }
  // Seconds; milliseconds would be tens of thousands of years ahead.
  const leftMs = typeof claims.exp === 'number' ? claims.exp * 1000 - serverNow() : 0;
  if (leftMs <= 0 || leftMs > maxLifetimeMs)
    throw new GrantError('invalid_grant', 'expired authorization code');
  const user = typeof claims.sub === 'string' ? org.userByUsername(claims.sub) : undefined;
  if (!user?.preAuthorised) throw new GrantError('invalid_grant', "user hasn't approved this consumer");
  const { error, description } = switches.inactiveUserGrant;
  if (!user.isActive) throw new GrantError(error, description);
  return user;
}

function grantAnswer({ org, sessions, switches, url }: World, user: OrgUser) {
  const userId = switches.wrongTokenUserId ?? user.id;
  return {
    access_token: sessions.open(org.id, userId, switches.sameTokenWhileAlive),
    scope: 'api chatter_api',
    instance_url: url,
    id: `${url}/id/${org.id}/${userId}`,
    token_type: 'Bearer',
  };
}
