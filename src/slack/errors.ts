import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { DeliveryError, type DeliveryErrorDetail, type Retry } from '../bridge/delivery-error.ts';
import type { Concern } from '../bridge/gate.ts';
import type { Rest } from '../bridge/mirror.ts';
import type { Scope } from '../bridge/people.ts';

/** Whether doing it twice would show: after a lost answer a `post` may have happened, a `read` does not matter. */
export type CallKind = 'read' | 'post';

const LATER: Retry = { kind: 'later' };
const NEVER: Retry = { kind: 'never' };
/** Slack's own hint is missing or too coarse: its per-minute limits have passed by then. */
const NEXT_MINUTE_MS = 60_000;
const NEXT_MINUTE: Retry = { kind: 'after', ms: NEXT_MINUTE_MS };

const BUSY = 'Slack did not answer properly just now.';

/** The request was never sent, or never reached Slack: trying again is safe. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Something is wrong with the installation: every message waits until an administrator has repaired it. */
const INSTALLATION = new Set([
  'access_denied',
  'account_inactive',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
]);

/** Slack says no for now, and has done nothing. */
const NOT_NOW = new Set([
  'accesslimited',
  'fetch_members_failed',
  'message_limit_exceeded',
  'team_added_to_org',
]);

/** A 429 in words. */
const RATE_LIMITED = new Set(['rate_limited', 'ratelimited']);

/** Slack says that it broke; by its own documentation a part of the work may have been done. */
const BROKE = new Set(['fatal_error', 'internal_error', 'service_unavailable']);

/** The body was cut off on its way, so Slack did nothing. */
const CUT_OFF = new Set(['request_timeout']);

/**
 * Anything longer, or with other characters, is no error name of Slack's: the library reports a page of HTML
 * (from a proxy, say) as if it were one.
 */
const ERROR_NAME = /^[a-z][a-z0-9_]{0,59}$/;

const SENTENCES: Readonly<Record<string, string>> = {
  channel_not_found: 'Slack does not find that conversation any more.',
  cannot_dm_bot: 'Apps cannot be written to.',
  cannot_reply_to_message: 'That thread does not exist any more.',
  is_archived: 'That conversation is archived.',
  messages_tab_disabled: "The app's Messages tab is switched off in its settings.",
  msg_too_long: 'The text is too long for Slack.',
  message_not_found: 'That message does not exist any more.',
  not_in_channel: 'The app is not in that channel. Somebody has to invite it.',
  restricted_action: 'The app may not write in that channel.',
  thread_not_found: 'That thread does not exist any more.',
  user_disabled: 'That account has been deactivated in Slack.',
  user_not_found: 'Slack does not know that person.',
  user_not_visible: 'Slack does not show that person to the app.',
  users_not_found: 'Slack does not know that person.',
};

/** What these refusals of something in a channel mean for a thread that is mirrored there, by their codes. */
const RESTS: Readonly<Record<string, Rest>> = {
  'slack-not-in-channel': 'app-removed',
  // That is what Slack says of a private channel to whom is not in it.
  'slack-channel-not-found': 'app-removed',
  'slack-restricted-action': 'app-silenced',
  'slack-restricted-action-read-only-channel': 'app-silenced',
  'slack-restricted-action-thread-only-channel': 'app-silenced',
  'slack-restricted-action-thread-locked': 'app-silenced',
  'slack-restricted-action-non-threadable-channel': 'app-silenced',
  'slack-is-archived': 'place-archived',
  'slack-thread-not-found': 'root-deleted',
  'slack-cannot-reply-to-message': 'root-deleted',
};

/** Why a mirrored thread cannot go on where something in it was refused with that code; undefined: it can. */
export function restAfter(code: string): Rest | undefined {
  return RESTS[code];
}

/**
 * What a failed Web API call means for a delivery. A DeliveryError is passed through.
 * @param scope what a rate limit of this call would concern.
 */
export function toDeliveryError(error: unknown, kind: CallKind, scope?: Scope): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { isLimit, ...meaning } = meaningOf(error, kind);
  const concerns: Concern | undefined = isLimit && scope && { scope, reason: 'chat-limit' };
  return new DeliveryError({ ...meaning, cause: error, ...(concerns && { concerns }) });
}

/** The same for a promise: `await slackCall('post', client.chat.postMessage(…))`. */
export async function slackCall<T>(kind: CallKind, call: Promise<T>, scope?: Scope): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toDeliveryError(error, kind, scope);
  }
}

/** Slack's name for what went wrong, if the error is an answer of Slack's. */
export function slackErrorName(error: unknown): string | undefined {
  const cause = error instanceof DeliveryError ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : undefined;
}

/** Whether the token or its scopes are what is wrong, which waiting does not repair. */
export function isInstallationError(error: unknown): boolean {
  return INSTALLATION.has(slackErrorName(error) ?? '');
}

/** `isLimit`: a 429, which others will meet as well. */
type Meaning = DeliveryErrorDetail & { isLimit?: true };

function meaningOf(error: unknown, kind: CallKind): Meaning {
  if (error instanceof WebAPIPlatformError) return answered(error.data.error, kind);
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter * 1000);
  if (error instanceof WebAPIHTTPError) return lost(`slack-http-${error.statusCode}`, kind, 'broken');
  if (error instanceof WebAPIRequestError) return failed(error.original, kind);
  // The library's words for a 429 without a usable Retry-After.
  if (error instanceof Error && error.message.startsWith('Retry header did not contain')) {
    return rateLimited(NEXT_MINUTE_MS);
  }
  return failed(error, kind);
}

function answered(name: string, kind: CallKind): Meaning {
  if (!ERROR_NAME.test(name)) return lost('slack-not-an-answer', kind, 'broken');
  const code = `slack-${name.replaceAll('_', '-')}`;
  if (RATE_LIMITED.has(name)) return rateLimited(NEXT_MINUTE_MS, code);
  if (BROKE.has(name)) return lost(code, kind, 'broken');
  if (CUT_OFF.has(name)) return { retry: LATER, certain: true, code, sentence: BUSY };
  if (NOT_NOW.has(name)) {
    return { retry: NEXT_MINUTE, certain: true, code, sentence: 'Slack asked to wait a little.' };
  }
  if (INSTALLATION.has(name)) {
    const sentence = `The app's installation in Slack needs an administrator (${name}).`;
    return { retry: NEXT_MINUTE, certain: true, code, sentence };
  }
  return { retry: NEVER, certain: true, code, sentence: SENTENCES[name] ?? `Slack refused it (${name}).` };
}

function failed(error: unknown, kind: CallKind): DeliveryErrorDetail {
  const code = errorCode(error);
  if (NOT_CONNECTED.has(code)) {
    return { retry: LATER, certain: true, code: 'slack-unreachable', sentence: 'Slack cannot be reached.' };
  }
  if (error instanceof Error && error.name === 'TimeoutError') return lost('slack-time-out', kind, 'silent');
  return lost('slack-connection-lost', kind, 'broken');
}

function rateLimited(ms: number, code = 'slack-rate-limited'): Meaning {
  return {
    retry: { kind: 'after', ms },
    certain: true,
    code,
    isLimit: true,
    sentence: 'Slack asked to wait a little.',
  };
}

function lost(code: string, kind: CallKind, how: 'silent' | 'broken'): DeliveryErrorDetail {
  if (kind === 'read') return { retry: LATER, certain: true, code, sentence: BUSY };
  return { retry: LATER, certain: false, lost: how, code, sentence: BUSY };
}

/** Where fetch and undici keep the system's error code: in the cause. */
function errorCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
