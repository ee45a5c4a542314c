import type { Retry, WaitsFor } from '../bridge/delivery-error.ts';
import type { PauseReason } from '../bridge/gate.ts';
import { type Doing, ownerOf } from './doing.ts';
import type { RefusedAnswer } from './http-failure.ts';

/** What a refusal means, once it is understood. */
export interface Refusal {
  code: string;
  retry: Exclude<Retry['kind'], 'after'>;
  /** What happened and what the reader can do; whole sentences. `{user}`, or `{User}`, is whoever's token was used. */
  why: string;
  /** Adds Salesforce's own words: only they say what an admin's rule or an unnamed check wants. */
  quotes?: true;
  waitsFor?: WaitsFor;
  /** It is a limit, and refuses others as well. */
  limit?: Extract<PauseReason, 'person-limit' | 'org-limit' | 'org-busy'>;
}

interface Rule extends Refusal {
  status?: readonly number[];
  errorCode?: RegExp;
  words?: RegExp;
  doing?: Doing['kind'];
}

const hourlyLimitWords = /hourly request limit/i;

const hourlyLimit = {
  code: 'hourly-limit',
  retry: 'later',
  limit: 'person-limit',
  why: 'Salesforce takes no more Chatter requests for {user} this hour. The bridge tries again by itself.',
} as const;

const dailyLimit = {
  code: 'daily-limit',
  retry: 'later',
  limit: 'org-limit',
  why: "Your company's Salesforce requests for today are used up. The bridge tries again by itself; an admin can see the limit in Salesforce's Company Information.",
} as const;

const bridgeFault =
  'Salesforce did not understand the bridge. This is a fault of the bridge, not yours: tell whoever runs it.';

/**
 * Every refusal known or expected (Connect and REST error guides; codes that no guide ties to private messages are
 * marked unverified there and matched loosely here). The first rule that fits counts.
 */
const rules: readonly Rule[] = [
  // The number is not published, and neither is the body: the code is likely, the text is in a help article.
  { status: [403, 429, 503], words: hourlyLimitWords, ...hourlyLimit },
  { status: [503], errorCode: /^REQUEST_LIMIT_EXCEEDED$/, ...hourlyLimit },
  {
    errorCode: /^REQUEST_LIMIT_EXCEEDED$/,
    words: /concurrent/i,
    code: 'concurrency-limit',
    retry: 'later',
    limit: 'org-busy',
    why: 'Salesforce is answering too many slow requests of your company. The bridge tries again by itself.',
  },
  { errorCode: /^REQUEST_LIMIT_EXCEEDED$/, ...dailyLimit },
  { status: [429], ...dailyLimit },
  {
    // A policy of the org: a new token would be refused too.
    status: [401],
    words: /not valid for use with the REST API|Connected app is not attached to Agent/i,
    code: 'session-not-for-api',
    retry: 'never',
    why: "A rule in Salesforce keeps the bridge's app from acting for {user}. Ask your Salesforce admin to look at the app's policies.",
  },
  {
    status: [401],
    code: 'session-refused',
    retry: 'later',
    waitsFor: 'token',
    why: "Salesforce gives the bridge access to {user} and then refuses it. Ask your Salesforce admin to check the bridge's app; until then it tries again by itself.",
  },
  {
    errorCode: /^API_CURRENTLY_DISABLED$/,
    code: 'api-disabled-for-user',
    retry: 'never',
    why: 'Programs may not act for {user}. Ask your Salesforce admin for the permission "API Enabled".',
  },
  {
    errorCode: /^API_DISABLED_FOR_ORG$/,
    code: 'api-disabled',
    retry: 'never',
    why: "Your company's Salesforce does not let programs in. Ask your Salesforce admin to switch its API on.",
  },
  {
    errorCode: /^(FUNCTIONALITY_NOT_ENABLED|FEATURE_NOT_ENABLED|CHATTER_NOT_ENABLED|API_NOT_AVAILABLE)$/,
    code: 'no-chatter',
    retry: 'never',
    quotes: true,
    why: 'Chatter messages are not switched on for {user}, for somebody written to, or for your company. Ask your Salesforce admin.',
  },
  {
    errorCode: /^(FIELD_CUSTOM_VALIDATION_EXCEPTION|CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY)$/,
    code: 'vetoed',
    retry: 'never',
    quotes: true,
    why: 'Salesforce refused it.',
  },
  {
    errorCode: /^STRING_TOO_LONG$/,
    code: 'too-long',
    retry: 'never',
    why: 'The text is too long for Salesforce, which takes 10,000 characters. Send it in parts.',
  },
  {
    errorCode: /^TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET$/,
    code: 'characters-refused',
    retry: 'never',
    why: "The text has characters that your company's Salesforce cannot store, probably emoji. Send it without them.",
  },
  {
    errorCode: /^(INVALID_ID_FIELD|MALFORMED_ID|INVALID_CROSS_REFERENCE_KEY)$/,
    doing: 'reply',
    code: 'id-refused',
    retry: 'never',
    why: 'Salesforce does not know the message that this answers. Start again with a new message to these people.',
  },
  {
    errorCode: /^(INVALID_ID_FIELD|MALFORMED_ID|INVALID_CROSS_REFERENCE_KEY)$/,
    code: 'id-refused',
    retry: 'never',
    why: 'Salesforce does not know one of these people as its user. Ask your Salesforce admin to check their users.',
  },
  {
    errorCode: /^(JSON_PARSER_ERROR|POST_BODY_PARSE_ERROR|ILLEGAL_QUERY_PARAMETER_VALUE|MALFORMED_QUERY)$/,
    code: 'request-not-understood',
    retry: 'never',
    why: bridgeFault,
  },
  {
    errorCode: /^(MISSING_ARGUMENT|REQUIRED_FIELD_MISSING)$/,
    code: 'incomplete',
    retry: 'never',
    quotes: true,
    why: 'Salesforce finds the message incomplete.',
  },
  {
    errorCode: /^UNABLE_TO_LOCK_ROW$/,
    code: 'busy',
    retry: 'later',
    why: 'Salesforce is busy with this conversation. The bridge tries again by itself.',
  },
  {
    status: [409],
    code: 'busy',
    retry: 'later',
    why: 'Salesforce is busy. The bridge tries again by itself.',
  },
  {
    errorCode: /^INSUFFICIENT_ACCESS/,
    doing: 'reply',
    code: 'no-access',
    retry: 'never',
    why: '{User} has no access to this conversation. Start again with a new message to these people.',
  },
  {
    errorCode: /^INSUFFICIENT_ACCESS/,
    doing: 'send',
    code: 'no-access',
    retry: 'never',
    why: '{User} may not write to one of these people. Users from outside your company cannot be reached.',
  },
  {
    errorCode: /^INSUFFICIENT_ACCESS/,
    code: 'no-access',
    retry: 'never',
    why: 'Salesforce does not allow it. Ask your Salesforce admin to check the permissions.',
  },
  {
    status: [404],
    doing: 'reply',
    code: 'conversation-gone',
    retry: 'never',
    why: 'The message that this answers is gone from Salesforce, or {user} cannot see it any more. Start again with a new message to these people.',
  },
  {
    status: [404],
    doing: 'send',
    code: 'not-found',
    retry: 'never',
    why: 'Salesforce does not find one of these people, or Chatter messages are not switched on. Ask your Salesforce admin.',
  },
  {
    status: [404],
    code: 'not-found',
    retry: 'never',
    why: 'Chatter messages are not switched on for {user}. Ask your Salesforce admin.',
  },
  {
    status: [410],
    code: 'version-retired',
    retry: 'never',
    why: 'The bridge speaks a version of Salesforce that is no longer in service. Tell whoever runs it: SALESFORCE_API_VERSION has to be raised.',
  },
  { status: [405, 412, 415], code: 'request-not-understood', retry: 'never', why: bridgeFault },
  { status: [414, 431], code: 'request-too-large', retry: 'never', why: bridgeFault },
];

/** A refusal without a rule, in Salesforce's own words. */
const unnamed: Refusal = { code: 'refused', retry: 'never', quotes: true, why: 'Salesforce refused it.' };

/** What a refusal by Salesforce itself means. Only for answers with its own error body, a 401, or a limit. */
export function refusalOf(answer: RefusedAnswer, doing: Doing): Refusal {
  const { why, waitsFor, ...refusal } = rules.find((rule) => fits(rule, answer, doing)) ?? unnamed;
  const isBridge = ownerOf(doing) === 'bridge';
  const user = isBridge ? 'the bridge’s own Salesforce user' : 'your Salesforce user';
  const said = why.replace('{user}', user).replace('{User}', user[0]?.toUpperCase() + user.slice(1));
  // Nobody but an operator can do something about the bridge's own user: no message waits for that.
  return { ...refusal, why: said, ...(waitsFor && !isBridge && { waitsFor }) };
}

/** Whether a 503 is a request limit, so that nothing was done; any other 503 may hide a stored message. */
export function isRequestLimit(answer: RefusedAnswer): boolean {
  return answer.errorCodes.includes('REQUEST_LIMIT_EXCEEDED') || hourlyLimitWords.test(answer.body);
}

/** Whether a new token cannot help: the app or the org forbids it. */
export function isPolicyBlock(answer: RefusedAnswer): boolean {
  return refusalOf(answer, { kind: 'read' }).code === 'session-not-for-api';
}

function fits(rule: Rule, answer: RefusedAnswer, doing: Doing): boolean {
  const { status, errorCode, words } = rule;
  if (status && !status.includes(answer.status)) return false;
  if (rule.doing && rule.doing !== doing.kind) return false;
  if (errorCode && !answer.errorCodes.some((code) => errorCode.test(code))) return false;
  return words === undefined || words.test(answer.body);
}
