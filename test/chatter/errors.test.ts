import { describe, expect, it } from 'vitest';
import type { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import type { Doing } from '../../src/chatter/doing.ts';
import { deliveryError } from '../../src/chatter/errors.ts';
import { BrokenExchange, RefusedAnswer } from '../../src/chatter/http-failure.ts';

const send: Doing = { kind: 'send' };
const reply: Doing = { kind: 'reply' };
const read: Doing = { kind: 'read' };
const lookUp: Doing = { kind: 'look-up', whom: 'Grace Hopper' };

const page = '<html><body>Service Unavailable</body></html>';
const own = (errorCode: string, message = 'as Salesforce says') => JSON.stringify([{ errorCode, message }]);
const refusedWith = (
  status: number,
  body: string,
  doing: Doing = send,
  headers: Record<string, string> = {},
) => deliveryError(new RefusedAnswer(status, headers, body), doing);

interface Row {
  status: number;
  body: string;
  doing?: Doing;
  code: string;
  retry?: DeliveryError['retry']['kind'];
  says: RegExp;
}

describe('a certain no to a message', () => {
  const rows: Row[] = [
    { status: 400, body: own('INVALID_ID_FIELD'), code: 'id-refused', says: /one of these people/ },
    { status: 400, body: own('MALFORMED_ID'), doing: reply, code: 'id-refused', says: /this answers/ },
    {
      status: 400,
      body: own('JSON_PARSER_ERROR'),
      code: 'request-not-understood',
      says: /fault of the bridge/,
    },
    {
      status: 400,
      body: own('POST_BODY_PARSE_ERROR'),
      code: 'request-not-understood',
      says: /fault of the bridge/,
    },
    {
      status: 400,
      body: own('ILLEGAL_QUERY_PARAMETER_VALUE'),
      code: 'request-not-understood',
      says: /bridge/,
    },
    { status: 400, body: own('MISSING_ARGUMENT', 'text'), code: 'incomplete', says: /“text”/ },
    { status: 400, body: own('STRING_TOO_LONG'), code: 'too-long', says: /10,000/ },
    {
      status: 400,
      body: own('TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET'),
      code: 'characters-refused',
      says: /emoji/,
    },
    {
      status: 400,
      body: own('INVALID_INPUT', 'not to inactive users'),
      code: 'refused',
      says: /“not to inactive/,
    },
    { status: 400, body: own('SOMETHING_NEW', 'never seen'), code: 'refused', says: /“never seen”/ },
    {
      status: 400,
      body: own('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'No secrets!'),
      code: 'vetoed',
      says: /“No secrets!”/,
    },
    { status: 400, body: own('UNABLE_TO_LOCK_ROW'), code: 'busy', retry: 'later', says: /tries again/ },
    { status: 401, body: own('INVALID_SESSION_ID'), code: 'session-refused', retry: 'later', says: /app/ },
    {
      status: 401,
      body: own('INVALID_SESSION_ID', 'This session is not valid for use with the REST API'),
      code: 'session-not-for-api',
      says: /policies/,
    },
    { status: 403, body: own('INSUFFICIENT_ACCESS'), code: 'no-access', says: /one of these people/ },
    {
      status: 403,
      body: own('INSUFFICIENT_ACCESS'),
      doing: reply,
      code: 'no-access',
      says: /this conversation/,
    },
    { status: 403, body: own('REQUEST_LIMIT_EXCEEDED'), code: 'daily-limit', retry: 'later', says: /today/ },
    {
      status: 403,
      body: own('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'),
      code: 'concurrency-limit',
      retry: 'later',
      says: /slow requests/,
    },
    { status: 403, body: own('API_DISABLED_FOR_ORG'), code: 'api-disabled', says: /company/ },
    {
      status: 403,
      body: own('API_CURRENTLY_DISABLED'),
      code: 'api-disabled-for-user',
      says: /your Salesforce user/,
    },
    {
      status: 403,
      body: own('FUNCTIONALITY_NOT_ENABLED'),
      code: 'no-chatter',
      says: /your Salesforce user, for somebody written to/,
    },
    { status: 403, body: own('API_NOT_AVAILABLE'), code: 'no-chatter', says: /not switched on/ },
    { status: 404, body: own('NOT_FOUND'), code: 'not-found', says: /one of these people/ },
    {
      status: 404,
      body: own('NOT_FOUND'),
      doing: reply,
      code: 'conversation-gone',
      says: /this answers is gone/,
    },
    {
      status: 405,
      body: own('METHOD_NOT_ALLOWED'),
      code: 'request-not-understood',
      says: /fault of the bridge/,
    },
    { status: 409, body: own('CONFLICT'), code: 'busy', retry: 'later', says: /busy/ },
    { status: 410, body: own('GONE'), code: 'version-retired', says: /SALESFORCE_API_VERSION/ },
    { status: 412, body: own('BATCH_PROCESSING_HALTED'), code: 'request-not-understood', says: /fault/ },
    { status: 414, body: own('URI_TOO_LONG'), code: 'request-too-large', says: /fault of the bridge/ },
    { status: 415, body: own('UNSUPPORTED_MEDIA_TYPE'), code: 'request-not-understood', says: /fault/ },
    { status: 431, body: own('HEADERS_TOO_LARGE'), code: 'request-too-large', says: /fault of the bridge/ },
    { status: 429, body: own('REQUEST_LIMIT_EXCEEDED'), code: 'daily-limit', retry: 'later', says: /today/ },
    {
      status: 503,
      body: own('REQUEST_LIMIT_EXCEEDED'),
      code: 'hourly-limit',
      retry: 'later',
      says: /this hour/,
    },
    {
      status: 503,
      body: '<p>You have reached the Connect API’s hourly request limit for this user and application</p>',
      code: 'hourly-limit',
      retry: 'later',
      says: /this hour/,
    },
  ];

  it.each(rows)('$status $body → $code', ({ status, body, doing = send, code, retry = 'never', says }) => {
    const error = refusedWith(status, body, doing);
    expect(error).toMatchObject({ certain: true, lost: undefined, code, retry: { kind: retry } });
    expect(error.sentence).toMatch(says);
    expect(error.sentence).not.toContain('{');
  });

  it('says when to come back, if Salesforce does', () => {
    for (const status of [429, 503]) {
      const error = refusedWith(status, own('REQUEST_LIMIT_EXCEEDED'), send, { 'retry-after': '120' });
      expect(error.retry).toEqual({ kind: 'after', ms: 120_000 });
    }
  });

  it('never promises to try again what cannot succeed, whatever the header says', () => {
    expect(refusedWith(400, own('STRING_TOO_LONG'), send, { 'retry-after': '1' }).retry.kind).toBe('never');
  });

  it('waits for a token only where a person has lost it', () => {
    expect(refusedWith(401, own('INVALID_SESSION_ID')).waitsFor).toBe('token');
    expect(refusedWith(401, own('INVALID_SESSION_ID'), lookUp).waitsFor).toBeUndefined();
  });

  it('passes the org’s own words on, on one line and not without end', () => {
    const { sentence, message } = refusedWith(
      400,
      own('FIELD_CUSTOM_VALIDATION_EXCEPTION', `Not\n here: ${'😀'.repeat(400)}`),
    );
    expect(sentence).toMatch(/^Salesforce refused it\. It says: “Not here: (😀){289}…”$/u);
    expect(message).toBe('vetoed');
  });
});

describe('an answer that leaves a doubt about a message', () => {
  it.each([
    [200, ''],
    [307, ''],
    [400, page],
    [403, page],
    [404, ''],
    [420, page],
    [429, page],
    [500, own('UNKNOWN_EXCEPTION')],
    [502, page],
    [503, page],
    [503, own('SERVER_UNAVAILABLE')],
    [504, ''],
  ])('%i %s', (status, body) => {
    for (const doing of [send, reply]) {
      const error = refusedWith(status, body, doing);
      expect(error).toMatchObject({ certain: false, lost: 'broken', retry: { kind: 'later' } });
      expect(error.sentence).toMatch(/has not confirmed/);
    }
  });

  it('leaves none where nothing was sent: reading and looking up', () => {
    for (const doing of [read, lookUp]) {
      for (const status of [307, 500, 502, 503]) {
        expect(refusedWith(status, page, doing)).toMatchObject({ certain: true, retry: { kind: 'later' } });
      }
    }
    expect(refusedWith(500, page, lookUp).sentence).toMatch(/^The bridge could not look Grace Hopper up/);
    expect(refusedWith(403, own('API_CURRENTLY_DISABLED'), lookUp).sentence).toMatch(
      /the bridge’s own Salesforce user/,
    );
  });

  it('is also a success that nobody can read, or a fault of our own', () => {
    expect(deliveryError(new TypeError('x'), send)).toMatchObject({ certain: false, lost: 'broken' });
    expect(deliveryError(new TypeError('x'), read)).toMatchObject({ certain: true });
  });
});

describe('no complete answer', () => {
  const broken = (how: Partial<BrokenExchange>) =>
    new BrokenExchange({
      bytesOut: 0,
      answerBegan: false,
      timedOut: false,
      stoppedByWatch: false,
      cause: new Error('x'),
      ...how,
    });
  const cases: [string, Partial<BrokenExchange>, Partial<DeliveryError>][] = [
    ['nothing left: certain', {}, { certain: true, code: 'unreachable' }],
    ['time-out before anything left: certain', { timedOut: true }, { certain: true, code: 'unreachable' }],
    ['stopped before anything left: certain', { stoppedByWatch: true }, { certain: true, code: 'lost-hold' }],
    [
      'reset after some left: broken',
      { bytesOut: 9 },
      { certain: false, lost: 'broken', code: 'connection-lost' },
    ],
    ['stopped half-way: broken', { bytesOut: 9, stoppedByWatch: true }, { certain: false, lost: 'broken' }],
    [
      'silence: silent',
      { bytesOut: 9, timedOut: true },
      { certain: false, lost: 'silent', code: 'timed-out' },
    ],
    [
      'time-out within the answer: broken',
      { bytesOut: 9, timedOut: true, answerBegan: true },
      { certain: false, lost: 'broken' },
    ],
  ];

  it.each(cases)('%s', (_name, how, expected) => {
    expect(deliveryError(broken(how), send)).toMatchObject({ ...expected, retry: { kind: 'later' } });
    expect(deliveryError(broken(how), read)).toMatchObject({ certain: true, retry: { kind: 'later' } });
  });
});

describe('what a failure concerns', () => {
  const ada = '005ADA' as SalesforceUserId;
  const of = (status: number, body: string, doing: Doing = send) =>
    deliveryError(new RefusedAnswer(status, {}, body), doing, doing.kind === 'look-up' ? undefined : ada)
      .concerns;
  const limit = own('REQUEST_LIMIT_EXCEEDED');
  const org = 'chatter-org';

  it.each<[what: string, got: ReturnType<typeof of>, scope: string | undefined, reason: string | undefined]>([
    ['the hourly limit: one person', of(503, limit), 'chatter-person:005ADA', 'person-limit'],
    ['the daily limit: everybody', of(403, limit, read), org, 'org-limit'],
    ['429: everybody', of(429, limit), org, 'org-limit'],
    ['a limit of look-ups: look-ups', of(403, limit, lookUp), 'salesforce-look-ups', 'org-limit'],
    [
      'slow requests: everybody',
      of(403, own('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.')),
      org,
      'org-busy',
    ],
    ['maintenance', of(503, page), org, 'away'],
    ['an error of the server', of(500, own('UNKNOWN_EXCEPTION'), lookUp), org, 'away'],
    ['a page about one request', of(403, page), undefined, undefined],
    ['a refusal of one message', of(400, own('STRING_TOO_LONG')), undefined, undefined],
    ['a busy conversation', of(400, own('UNABLE_TO_LOCK_ROW')), undefined, undefined],
  ])('%s', (_what, got, scope, reason) => {
    expect([got?.scope, got?.reason]).toEqual([scope, reason]);
  });

  it('no connection and no answer concern everybody, but not what we stopped ourselves', () => {
    const how = { bytesOut: 0, answerBegan: false, timedOut: false, stoppedByWatch: false, cause: undefined };
    const concerns = (change: Partial<typeof how>, doing: Doing = send) =>
      deliveryError(new BrokenExchange({ ...how, ...change }), doing, ada).concerns?.reason;
    expect(concerns({})).toBe('away');
    expect(concerns({ bytesOut: 9, timedOut: true })).toBe('away');
    expect(concerns({}, lookUp)).toBe('away');
    expect(concerns({ stoppedByWatch: true })).toBeUndefined();
    expect(concerns({ bytesOut: 9, stoppedByWatch: true })).toBeUndefined();
  });
});
