import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from '../faulty-answer.ts';
import type { Parts } from '../parts.ts';
import type { Fields } from '../shapes.ts';
import { APP } from './app.ts';
import { callArguments } from './arguments.ts';
import { CHAT } from './chat.ts';
import { CONVERSATIONS } from './conversations.ts';
import { FILES } from './files.ts';
import { type Method, type Methods, RateLimited, SlackError } from './method.ts';
import { PEOPLE } from './people.ts';
import { REACTIONS } from './reactions.ts';
import { VIEWS } from './views.ts';

const METHODS: Methods = { ...APP, ...CHAT, ...CONVERSATIONS, ...FILES, ...PEOPLE, ...REACTIONS, ...VIEWS };

export const API_PATH = '/api/';

/** A Web API call as the log keeps it. */
export interface Call {
  readonly method: string;
  /** Without the token. */
  readonly args: Fields;
  readonly at: number;
  /** What happened to it; absent while a fault keeps it. */
  status?: number;
  ok?: boolean;
  error?: string;
}

/** Reads a call; what it does happens in {@link perform}, so that a fault can come between. */
export function readCall(request: IncomingMessage, url: URL, body: string, at: number) {
  const method = url.pathname.slice(API_PATH.length);
  let unreadable: SlackError | undefined;
  let args: Fields = {};
  try {
    args = callArguments(request, url, body);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    unreadable = error;
  }
  const { token: tokenArgument, ...rest } = args;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? (typeof tokenArgument === 'string' ? tokenArgument : undefined);
  const call: Call = { method, args: rest, at };
  return { call, token, unreadable };
}

/** Does what a call asks for. Refusals are answers too: HTTP 200 with `ok: false`. */
export function perform({ call, token, unreadable }: ReturnType<typeof readCall>, parts: Parts): HttpAnswer {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': parts.scopes.join(','),
    'x-slack-req-id': parts.workspace.ids.next('req'),
  };
  let answer: Fields;
  try {
    if (unreadable) throw unreadable;
    const method = Object.hasOwn(METHODS, call.method) ? METHODS[call.method] : undefined;
    if (!method) throw new SlackError('unknown_method', { req_method: call.method });
    authorize(method, token, call.args, parts);
    answer = { ok: true, ...method.run(call.args, parts) };
    call.ok = true;
  } catch (error) {
    if (error instanceof RateLimited) return rateLimited(error, call, headers);
    if (!(error instanceof SlackError)) throw error;
    answer = { ok: false, error: error.code, ...error.details };
    call.ok = false;
    call.error = error.code;
  }
  return { status: 200, headers, body: JSON.stringify(answer) };
}

function rateLimited(
  { message, retryAfterSeconds }: RateLimited,
  call: Call,
  headers: HttpAnswer['headers'],
) {
  call.ok = false;
  call.error = message;
  const body = JSON.stringify({ ok: false, error: message });
  return { status: 429, headers: { ...headers, 'retry-after': String(retryAfterSeconds) }, body };
}

function authorize(method: Method, token: string | undefined, args: Fields, parts: Parts): void {
  if (token === undefined) throw new SlackError('not_authed');
  if (token !== parts.tokens.bot && token !== parts.tokens.app) throw new SlackError('invalid_auth');
  const wanted = method.token === 'app' ? parts.tokens.app : parts.tokens.bot;
  if (token !== wanted) throw new SlackError('not_allowed_token_type');
  const needed = typeof method.scope === 'function' ? method.scope(args, parts) : method.scope;
  if (needed && !parts.scopes.includes(needed)) {
    throw new SlackError('missing_scope', { needed, provided: parts.scopes.join(',') });
  }
}
