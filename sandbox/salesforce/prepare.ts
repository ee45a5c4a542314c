import { checkAccess, overLimit, sessionError } from './access.ts';
import { type Answer, edgePage, entityEncoded, errorAnswer } from './answer.ts';
import { ApiError, refuse } from './api-error.ts';
import type { Subject } from './faults.ts';
import { textIn } from './message-input.ts';
import { assertedUser, token } from './oauth.ts';
import type { OrgUser } from './org.ts';
import { dailyAllocation } from './organization.ts';
import type { IncomingCall } from './requests.ts';
import { belowVersion, type Found, find, versions } from './routes.ts';
import type { World } from './world.ts';

/** URI, and URI with headers, in bytes (REST API guide: 414 and 431). */
const maxHeadBytes = 16_384;
const credentialNames = ['access_token', 'oauth_token', 'sid', 'assertion', 'client_secret', 'refresh_token'];

/** A request that was let in or turned away, before it takes effect. */
export interface Prepared {
  subject: Subject;
  /** Turned away already: the answer is certain and faults do not touch it. */
  settled: boolean;
  /** Makes the request take effect, once; the answer says how it went. */
  run: () => Answer | Promise<Answer>;
}

/** Checks everything that does not depend on the resource's own rules: size, token, limits, route. */
export function prepare(world: World, call: IncomingCall): Prepared {
  const subject: Subject = { kind: 'other', userId: undefined, text: undefined };
  const settled = (answer: Answer): Prepared => ({ subject, settled: true, run: () => answer });
  if (call.uriBytes > maxHeadBytes) return settled(edgePage(414, 'URI Too Long'));
  if (call.headBytes > maxHeadBytes) return settled(edgePage(431, 'Request Header Fields Too Large'));
  if (call.path === '/services/oauth2/token') {
    subject.kind = 'token';
    subject.userId = assertedUser(world, call)?.id;
    return { subject, settled: false, run: () => token(world, call) };
  }
  let finish = (answer: Answer) => answer;
  try {
    if (/^\/services\/data\/?$/.test(call.path) && call.method === 'GET') return settled(versions());
    const { base, rest } = belowVersion(call.path);
    refuseCredentials(call.query);
    const user = authenticate(world, call);
    subject.userId = user.id;
    finish = (answer) => withLimitInfo(world, answer);
    const found = find(rest, call.method);
    subject.kind = found.kind;
    if (found.kind === 'post') subject.text = textIn(call.body, call.query);
    finish = (answer) => withLimitInfo(world, encoded(call, found, answer));
    checkContentType(call);
    checkAccess(world, user, found);
    const limited = overLimit(world, user, found.needsChatter);
    if (limited) return settled(finish(limited));
    const { method, query, contentType, body, arrivedAt } = call;
    const { ids, handle } = found;
    const apiCall = { world, user, method, base, ids, query, contentType, body, arrivedAt };
    return { subject, settled: false, run: () => finish(answerOf(() => handle(apiCall))) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return settled(finish(errorAnswer(error)));
  }
}

function answerOf(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

function authenticate(world: World, { headers }: IncomingCall): OrgUser {
  const [, accessToken = ''] = /^(?:Bearer|OAuth) (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const user = world.org.user(world.sessions.userId(accessToken) ?? '');
  if (!user?.isActive) throw sessionError();
  return user;
}

function refuseCredentials(query: URLSearchParams): void {
  const name = credentialNames.find((one) => query.has(one));
  if (name) throw refuse(400, 'INVALID_REQUEST', `credentials are not accepted in the URL: ${name}`);
}

function checkContentType({ body, contentType }: IncomingCall): void {
  if (body === '' || contentType === 'application/json') return;
  throw refuse(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type '${contentType}' is not supported`);
}

function encoded({ headers }: IncomingCall, { isConnect }: Found, answer: Answer): Answer {
  const raw = headers['x-chatter-entity-encoding']?.toString().toLowerCase() === 'false';
  return isConnect && !raw && answer.body !== undefined
    ? { ...answer, body: entityEncoded(answer.body) }
    : answer;
}

function withLimitInfo(world: World, answer: Answer): Answer {
  const usage = `api-usage=${world.counts.daily}/${dailyAllocation(world)}`;
  return { ...answer, headers: { ...answer.headers, 'sforce-limit-info': usage } };
}
