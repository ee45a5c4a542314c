import type { Answer } from './answer.ts';
import { limits } from './limits.ts';

/** Where in the body something is wrong: a JSON pointer as a fragment (RFC 9457, 3.1), and what. */
export interface Flaw {
  pointer: string;
  detail: string;
}

interface Kind {
  status: number;
  /** A name that stays, whatever the words become; none: the status says it all (about:blank). */
  type?: string;
  title: string;
  /** What happened, and what to do. */
  detail: string;
  headers?: Readonly<Record<string, string>>;
}

const SOON = { 'retry-after': '1' };
const LATER = { 'retry-after': '10' };

/** All that is told when something goes wrong (RFC 9457). */
const KINDS = {
  'no-token': {
    status: 401,
    title: 'Unauthorized',
    detail: 'Send the API token of the bridge as "Authorization: Bearer …".',
    headers: { 'www-authenticate': 'Bearer realm="chatter-bridge"' },
  },
  'wrong-token': {
    status: 401,
    title: 'Unauthorized',
    detail: 'This is not the API token of the bridge. Its administrator finds it in API_TOKEN.',
    headers: { 'www-authenticate': 'Bearer realm="chatter-bridge", error="invalid_token"' },
  },
  'not-found': {
    status: 404,
    title: 'Not Found',
    detail:
      'The API knows no notification of that id: it was never sent through it, was cancelled, or is forgotten.',
  },
  'wrong-method': {
    status: 405,
    title: 'Method Not Allowed',
    detail: 'The Allow header names what can be done here.',
  },
  'too-large': {
    status: 413,
    title: 'Content Too Large',
    detail: `A request has at most ${limits.bodyBytes / 1_024} KB. Shorten the text, or name a group instead of its members.`,
    // What is left of it need not be read.
    headers: { connection: 'close' },
  },
  'not-json-type': {
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'Send the notification as "Content-Type: application/json", in UTF-8 and not compressed.',
  },
  'not-json': {
    status: 400,
    type: '/problems/not-json',
    title: 'The body is no JSON',
    detail: 'The body cannot be read as JSON in UTF-8.',
  },
  'not-valid': {
    status: 400,
    type: '/problems/not-valid',
    title: 'The request is not valid',
    detail: 'Nothing was sent. What is wrong is in "errors", each with its place.',
  },
  'no-key': {
    status: 400,
    type: '/problems/no-idempotency-key',
    title: 'The Idempotency-Key is missing or not valid',
    detail: `Nothing was sent. Send an Idempotency-Key of 1 to ${limits.idempotencyKeyCharacters} visible ASCII characters, a new one for each notification, such as a UUID, and the same one when you try again.`,
  },
  'key-reused': {
    status: 409,
    type: '/problems/idempotency-key-reused',
    title: 'The Idempotency-Key belongs to another notification',
    detail:
      'Nothing was sent. A request with this key and another body came within the last 24 hours. Use a new key.',
  },
  'under-way': {
    status: 409,
    type: '/problems/request-under-way',
    title: 'The same request is being carried out',
    detail: 'Ask again in a moment with the same key and body, for its answer.',
    headers: SOON,
  },
  'already-done': {
    status: 409,
    type: '/problems/already-done',
    title: 'There is nothing left to stop',
    detail: 'Every message of this notification has had its outcome.',
  },
  'cannot-schedule': {
    status: 422,
    type: '/problems/cannot-be-scheduled',
    title: 'That time cannot be planned',
    detail: 'Nothing was planned.',
  },
  'too-many-requests': {
    status: 429,
    type: '/problems/too-many-requests',
    title: 'Too many requests',
    detail: `The API takes ${limits.requests.most} requests a minute. Nothing was done; Retry-After says in how many seconds to ask again.`,
  },
  failed: {
    status: 500,
    title: 'Internal Server Error',
    detail: 'The bridge made a mistake, which its log tells of. Try again with the same Idempotency-Key.',
  },
  'not-stored': {
    status: 503,
    type: '/problems/not-stored',
    title: 'The notification could not be stored',
    detail: 'Nothing was sent. Try again with the same Idempotency-Key.',
    headers: LATER,
  },
  'not-sure': {
    status: 503,
    type: '/problems/not-sure',
    title: 'It is not sure whether the notification was stored',
    detail: 'Try again with the same Idempotency-Key: it is never sent twice.',
    headers: LATER,
  },
  full: {
    status: 503,
    type: '/problems/full',
    title: 'Too much waits already',
    detail:
      'Nothing was sent: the bridge keeps no more notifications just now. Try again when others have gone, or cancel some that are planned.',
    headers: { 'retry-after': '60' },
  },
  'no-store': {
    status: 503,
    type: '/problems/not-available',
    title: 'The bridge does not reach its store',
    detail:
      'What was asked for may not have been done. Ask again in a moment, for a new notification with the same Idempotency-Key.',
    headers: LATER,
  },
} as const satisfies Record<string, Kind>;

export type Problem = keyof typeof KINDS;

/** What is said of this one in particular. */
export interface ProblemDetail {
  detail?: string;
  errors?: readonly Flaw[];
  headers?: Readonly<Record<string, string>>;
}

/** An answer in `application/problem+json`. */
export function problem(name: Problem, { detail, errors, headers }: ProblemDetail = {}): Answer {
  const kind: Kind = KINDS[name];
  return {
    status: kind.status,
    headers: { ...kind.headers, ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: kind.type ?? 'about:blank',
      title: kind.title,
      status: kind.status,
      detail: detail ?? kind.detail,
      ...(errors && { errors }),
    },
  };
}
