import { DeliveryError, type Retry } from '../bridge/delivery-error.ts';
import type { SalesforceUserId } from '../bridge/people.ts';
import { RefusedAnswer } from './http-failure.ts';
import { orgScope, personScope } from './scopes.ts';

/** Whose token it is: a person's who writes, or the bridge's own user's. */
export type TokenOwner = 'person' | 'bridge';

interface Rule {
  /** Matched against OAuth's `error` and `error_description`, joined. */
  matches: RegExp;
  code: string;
  retry: 'never' | 'later';
  /** True: an admin or the person can end it any moment, so a person's message waits for that. */
  waits?: true;
  /** It is a limit of this user, and refuses whatever else needs a token of theirs. */
  limits?: true;
  why: (user: string) => string;
}

const askAdmin = 'Ask your Salesforce admin';

/**
 * What the token endpoint refuses with (OAuth flow error help and field reports; the words are not promised, so
 * they are matched loosely). The first rule that fits counts.
 */
const rules: readonly Rule[] = [
  {
    matches: /login rate|too many (login|request)/i,
    code: 'token-limit',
    retry: 'later',
    limits: true,
    why: (user) => `Salesforce has seen too many sign-ins of ${user}. The bridge tries again by itself.`,
  },
  {
    matches: /hasn.?t approved|not admin approved|not approved/i,
    code: 'not-approved',
    retry: 'later',
    waits: true,
    why: (user) =>
      `Salesforce does not let the bridge act for ${user} yet. ${askAdmin} to approve ${user} for the bridge's app.`,
  },
  {
    matches: /inactive/i,
    code: 'user-inactive',
    retry: 'later',
    waits: true,
    why: (user) => `Salesforce says that ${user} is not active. ${askAdmin}.`,
  },
  {
    matches: /audience/i,
    code: 'wrong-audience',
    retry: 'never',
    why: () =>
      'The bridge signs in at the wrong Salesforce host. Tell whoever runs it: SALESFORCE_AUDIENCE or SALESFORCE_LOGIN_URL is wrong.',
  },
  {
    // Said of an assertion whose `exp` has passed or is too far ahead.
    matches: /expired authorization code|assertion.*expired|exp\b/i,
    code: 'clock-wrong',
    retry: 'later',
    why: () => "Salesforce says that the bridge's clock is wrong. Tell whoever runs it.",
  },
  {
    matches: /must be installed|app[ _]not[ _]found|app_blocked/i,
    code: 'app-not-installed',
    retry: 'never',
    why: () =>
      `The bridge's app is not installed in your company's Salesforce, or is blocked there. ${askAdmin}.`,
  },
  {
    matches: /invalid_client|client identifier/i,
    code: 'wrong-client',
    retry: 'never',
    why: () =>
      "Salesforce does not know the bridge's app. Tell whoever runs it: SALESFORCE_CLIENT_ID is wrong, or belongs to another Salesforce.",
  },
  {
    matches: /invalid[ _]assertion|signature/i,
    code: 'wrong-key',
    retry: 'never',
    why: () =>
      "Salesforce does not accept the bridge's signature. Tell whoever runs it: SALESFORCE_PRIVATE_KEY does not belong to the app's certificate.",
  },
  {
    matches: /ip.?restricted/i,
    code: 'ip-restricted',
    retry: 'never',
    why: (user) => `Salesforce does not let ${user} in from where the bridge runs. ${askAdmin}.`,
  },
  {
    matches: /invalid_grant|invalid_app_access|access_denied/i,
    code: 'grant-refused',
    retry: 'later',
    waits: true,
    why: (user) =>
      `Salesforce refuses to let the bridge act for ${user}. ${askAdmin} to check the bridge's app.`,
  },
];

/**
 * A failed request for a token. Always certain: nobody's text goes to the token endpoint. A person's message
 * waits while a grant is missing; a missing grant of the bridge's own user is an operator's business.
 * @param userId whose token it is, where that is known.
 */
export function tokenError(error: unknown, owner: TokenOwner, userId?: SalesforceUserId): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const user = owner === 'person' ? 'your Salesforce user' : "the bridge's own Salesforce user";
  const rule =
    error instanceof RefusedAnswer ? rules.find(({ matches }) => matches.test(oauthWords(error))) : undefined;
  if (rule === undefined) return unavailable(error);
  return new DeliveryError({
    retry: { kind: rule.retry },
    certain: true,
    code: owner === 'person' ? rule.code : `bridge-${rule.code}`,
    sentence: rule.why(user),
    cause: error,
    ...(rule.waits && owner === 'person' && { waitsFor: 'token' }),
    ...(rule.limits && userId && { concerns: { scope: personScope(userId), reason: `${owner}-limit` } }),
  });
}

/** The token is somebody else's: nothing may be sent with it. */
export function wrongUser(owner: TokenOwner): DeliveryError {
  return new DeliveryError({
    retry: { kind: 'never' },
    certain: true,
    code: 'wrong-user',
    sentence:
      owner === 'person'
        ? 'Salesforce gave the bridge access to another user than yours, so nothing was sent. Ask your Salesforce admin to check your user name.'
        : 'Salesforce gave the bridge access to another user than its own, so nothing was sent. Tell whoever runs it: SALESFORCE_USERNAME is wrong.',
  });
}

function unavailable(cause: unknown): DeliveryError {
  const wait = cause instanceof RefusedAnswer ? cause.retryAfterMs : undefined;
  const retry: Retry = wait === undefined ? { kind: 'later' } : { kind: 'after', ms: wait };
  const isAnswer = cause instanceof RefusedAnswer && cause.status < 500;
  return new DeliveryError({
    retry,
    certain: true,
    code: 'token-unavailable',
    sentence:
      'Salesforce does not let the bridge sign in at the moment. Nothing was sent; the bridge tries again by itself.',
    cause,
    ...(!isAnswer && { concerns: { scope: orgScope, reason: 'away' } }),
  });
}

/** `{"error", "error_description"}` as one line; empty for anything else, and for a fault of the server. */
function oauthWords(answer: RefusedAnswer): string {
  if (answer.status < 400 || answer.status > 499) return '';
  try {
    const { error, error_description: description } = JSON.parse(answer.body);
    return `${error}: ${description ?? ''}`;
  } catch {
    return '';
  }
}
