import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import {
  askToken,
  assertion,
  exchange,
  grant,
  idOf,
  privateKey,
  startWithPeople,
  visitor,
} from './visitor.ts';

const ada = 'ada@corp.example';
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('the token endpoint', () => {
  let salesforce: StandInSalesforce;
  beforeAll(async () => {
    salesforce = await startWithPeople();
  });
  afterAll(() => salesforce.close());
  beforeEach(() => salesforce.reset());

  const ask = async (claims = {}, sub = ada) => askToken(salesforce, grant(await assertion(sub, claims)));
  const refusal = async (reply: ReturnType<typeof ask>) => {
    const { status, json } = await reply;
    return [status, json.error, json.error_description];
  };

  it('gives a token of the user in `sub`, without a lifetime', async () => {
    const { status, json } = await ask();
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringContaining('!'),
      scope: expect.any(String),
      instance_url: salesforce.url,
      id: `${salesforce.url}/id/${salesforce.orgId}/${idOf(salesforce, 'Ada')}`,
      token_type: 'Bearer',
    });
    expect(salesforce.requests).toMatchObject([
      { kind: 'token', userId: idOf(salesforce, 'Ada'), status: 200 },
    ]);
  });

  it('accepts its own URL as audience', async () => {
    expect((await ask({ aud: salesforce.url })).status).toBe(200);
  });

  it('refuses a key that is not the app’s', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const reply = askToken(salesforce, grant(await assertion(ada, {}, other)));
    expect(await refusal(reply)).toEqual([400, 'invalid_grant', 'invalid assertion']);
    expect(await refusal(askToken(salesforce, grant('junk')))).toEqual([
      400,
      'invalid_grant',
      'invalid assertion',
    ]);
  });

  it('takes RS256 and no other algorithm, even with the right key', async () => {
    const reply = askToken(salesforce, grant(await assertion(ada, {}, privateKey, 'RS512')));
    expect(await refusal(reply)).toEqual([400, 'invalid_grant', 'invalid assertion']);
  });

  it('refuses an unknown app, an uninstalled one, and a wrong audience', async () => {
    expect(await refusal(ask({ iss: 'other' }))).toEqual([
      400,
      'invalid_client_id',
      'client identifier invalid',
    ]);
    const wrong = { aud: 'https://test.salesforce.com' };
    expect(await refusal(ask(wrong))).toEqual([400, 'invalid_grant', 'Audience validation failed']);
    salesforce.switches.audienceWords = 'audience is invalid';
    expect(await refusal(ask(wrong))).toEqual([400, 'invalid_grant', 'audience is invalid']);
    salesforce.switches.appInstalled = false;
    expect(await refusal(ask())).toEqual([400, 'invalid_client', 'app must be installed into org']);
  });

  it('refuses an assertion that is over, or lives longer than five minutes by the server’s clock', async () => {
    const expired = [400, 'invalid_grant', 'expired authorization code'];
    expect(await refusal(ask({ exp: inSeconds(-1) }))).toEqual(expired);
    expect(await refusal(ask({ exp: inSeconds(310) }))).toEqual(expired);
    expect(await refusal(ask({ exp: Date.now() + 180_000 }))).toEqual(expired);
    salesforce.switches.clockSkewMs = 200_000;
    expect(await refusal(ask({ exp: inSeconds(180) }))).toEqual(expired);
  });

  it('refuses users who are unknown, not pre-authorised or inactive; an e-mail is not a username', async () => {
    const notApproved = [400, 'invalid_grant', "user hasn't approved this consumer"];
    salesforce.addUser({
      name: 'Mary Jackson',
      email: 'mary@corp.example',
      username: 'mary@corp.example.prod',
    });
    expect(await refusal(ask({}, 'mary@corp.example'))).toEqual(notApproved);
    salesforce.changeUser(idOf(salesforce, 'Ada'), { preAuthorised: false });
    expect(await refusal(ask())).toEqual(notApproved);
    salesforce.changeUser(idOf(salesforce, 'Ada'), { preAuthorised: true, isActive: false });
    expect(await refusal(ask())).toEqual([400, 'invalid_grant', 'inactive user']);
  });

  it('wants a form in a POST, never credentials in the URL', async () => {
    const form = new URLSearchParams(grant(await assertion(ada))).toString();
    const url = `${salesforce.url}/services/oauth2/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const inUrl = await exchange(`${url}?${form}`, { method: 'POST', headers });
    expect(inUrl.json.error).toBe('invalid_request');
    expect((await exchange(url)).json.error_description).toBe('must use HTTP POST');
    const json = { method: 'POST', body: form, headers: { 'content-type': 'application/json' } } as const;
    expect((await exchange(url, json)).json.error).toBe('invalid_request');
    expect((await askToken(salesforce, { grant_type: 'password' })).json.error).toBe(
      'unsupported_grant_type',
    );
  });

  it('gives the same token while it lives, and a new one afterwards', async () => {
    const first = await visitor(salesforce, 'Ada');
    expect((await visitor(salesforce, 'Ada')).token).toBe(first.token);
    salesforce.expireSessions();
    expect((await visitor(salesforce, 'Ada')).token).not.toBe(first.token);
    salesforce.switches.sameTokenWhileAlive = false;
    const [one, two] = [await visitor(salesforce, 'Ada'), await visitor(salesforce, 'Ada')];
    expect(one.token).not.toBe(two.token);
  });

  it('can hand out somebody else’s token', async () => {
    salesforce.switches.wrongTokenUserId = idOf(salesforce, 'Grace');
    expect((await ask()).json.id).toContain(idOf(salesforce, 'Grace'));
  });
});
