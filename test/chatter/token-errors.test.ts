import { describe, expect, it } from 'vitest';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import { BrokenExchange, RefusedAnswer } from '../../src/chatter/http-failure.ts';
import { tokenError } from '../../src/chatter/token-errors.ts';

const refused = (error: string, description: string, status = 400) =>
  new RefusedAnswer(status, {}, JSON.stringify({ error, error_description: description }));

describe('a token that is not given', () => {
  const rows: [
    error: string,
    description: string,
    code: string,
    retry: string,
    waits: boolean,
    says: RegExp,
  ][] = [
    [
      'invalid_grant',
      "user hasn't approved this consumer",
      'not-approved',
      'later',
      true,
      /approve your Salesforce/,
    ],
    [
      'invalid_app_access',
      'user is not admin approved to access this app',
      'not-approved',
      'later',
      true,
      /approve/,
    ],
    ['invalid_grant', 'inactive user', 'user-inactive', 'later', true, /not active/],
    ['inactive_user', 'user is inactive', 'user-inactive', 'later', true, /not active/],
    ['invalid_grant', 'Audience validation failed', 'wrong-audience', 'never', false, /SALESFORCE_AUDIENCE/],
    ['invalid_grant', 'audience is invalid', 'wrong-audience', 'never', false, /SALESFORCE_AUDIENCE/],
    ['invalid_grant', 'expired authorization code', 'clock-wrong', 'later', false, /clock/],
    [
      'invalid_client',
      'app must be installed into org',
      'app-not-installed',
      'never',
      false,
      /not installed/,
    ],
    [
      'invalid_client_id',
      'client identifier invalid',
      'wrong-client',
      'never',
      false,
      /SALESFORCE_CLIENT_ID/,
    ],
    ['invalid_grant', 'invalid assertion', 'wrong-key', 'never', false, /SALESFORCE_PRIVATE_KEY/],
    ['invalid_grant', 'ip restricted', 'ip-restricted', 'never', false, /from where the bridge runs/],
    ['invalid_grant', 'login rate exceeded', 'token-limit', 'later', false, /too many sign-ins/],
    ['invalid_grant', 'authentication failure', 'grant-refused', 'later', true, /refuses/],
  ];

  it.each(rows)('%s: %s', (error, description, code, retry, waits, says) => {
    const failure = tokenError(refused(error, description), 'person');
    expect(failure).toMatchObject({ certain: true, code, retry: { kind: retry } });
    expect(failure.waitsFor).toBe(waits ? 'token' : undefined);
    expect(failure.sentence).toMatch(says);
  });

  it('is an operator’s business for the bridge’s own user, so nobody’s message waits for it', () => {
    const failure = tokenError(refused('invalid_grant', "user hasn't approved this consumer"), 'bridge');
    expect(failure).toMatchObject({ code: 'bridge-not-approved', waitsFor: undefined });
    expect(failure.sentence).toContain("the bridge's own Salesforce user");
  });

  it('comes later when the endpoint is down, redirects, or says nothing we know', () => {
    const failures = [
      new RefusedAnswer(503, {}, '<html>'),
      new RefusedAnswer(500, {}, '{}'),
      new RefusedAnswer(307, {}, ''),
      new RefusedAnswer(404, {}, '<html>'),
      refused('server_error', 'inactive node', 503),
      new TypeError('no id in the answer'),
    ];
    for (const failure of failures) {
      expect(tokenError(failure, 'person')).toMatchObject({
        certain: true,
        code: 'token-unavailable',
        retry: { kind: 'later' },
      });
    }
    const limited = new RefusedAnswer(429, { 'retry-after': '30' }, '');
    expect(tokenError(limited, 'person').retry).toEqual({ kind: 'after', ms: 30_000 });
  });
});

it('concerns one person when it is their limit, everybody when the host is away, else this message alone', () => {
  const ada = '005ADA' as SalesforceUserId;
  const concerns = (error: unknown) => tokenError(error, 'person', ada).concerns;
  const nobody = {
    bytesOut: 0,
    answerBegan: false,
    timedOut: false,
    stoppedByWatch: false,
    cause: undefined,
  };
  const limit = refused('invalid_grant', 'login rate exceeded');
  expect(concerns(limit)).toEqual({ scope: 'chatter-person:005ADA', reason: 'person-limit' });
  for (const away of [new BrokenExchange(nobody), new RefusedAnswer(503, {}, '')]) {
    expect(concerns(away)).toEqual({ scope: 'chatter-org', reason: 'away' });
  }
  expect(concerns(refused('invalid_grant', 'inactive user'))).toBeUndefined();
  expect(concerns(new RefusedAnswer(404, {}, ''))).toBeUndefined();
});
