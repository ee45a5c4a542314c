import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { exchange, idOf, messagesPath, startWithPeople, type Visitor, visitor } from './visitor.ts';

describe('the API, whatever the resource', () => {
  let salesforce: StandInSalesforce;
  let ada: Visitor;
  let grace: string;
  beforeAll(async () => {
    salesforce = await startWithPeople();
  });
  afterAll(() => salesforce.close());
  beforeEach(async () => {
    salesforce.reset();
    ada = await visitor(salesforce, 'Ada');
    grace = idOf(salesforce, 'Grace');
  });

  it('lists its versions without a token', async () => {
    const { status, json, headers } = await exchange(`${salesforce.url}/services/data/`);
    expect(status).toBe(200);
    expect(json.at(-1)).toEqual({ label: 'v68', url: '/services/data/v68.0', version: '68.0' });
    expect(headers).not.toHaveProperty('sforce-limit-info');
  });

  it.each([
    ['/services/data/v30.0/limits', 410, 'GONE'],
    ['/services/data/v99.0/limits', 404, 'NOT_FOUND'],
    ['/services/data/v66.0/chatter/nothing', 404, 'NOT_FOUND'],
    ['/elsewhere', 404, 'NOT_FOUND'],
    ['/services/data/v66.0/chatter/users/me/messages?oauth_token=x', 400, 'INVALID_REQUEST'],
  ])('answers %s with %i %s', async (path, status, errorCode) => {
    const reply = await ada.get(path);
    expect(reply.status).toBe(status);
    expect(reply.json).toEqual([{ errorCode, message: expect.any(String) }]);
  });

  it('wants a token that lives, of a user who is active', async () => {
    const lost = [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }];
    expect(await exchange(salesforce.url + messagesPath)).toMatchObject({ status: 401, json: lost });
    expect((await ada.get(messagesPath)).status).toBe(200);
    salesforce.expireSessions(grace);
    expect((await ada.get(messagesPath)).status).toBe(200);
    salesforce.expireSessions();
    expect(await ada.get(messagesPath)).toMatchObject({ status: 401, json: lost });
    const again = await visitor(salesforce, 'Ada');
    salesforce.changeUser(idOf(salesforce, 'Ada'), { isActive: false });
    expect((await again.get(messagesPath)).status).toBe(401);
  });

  it('refuses wrong methods, content types and long heads', async () => {
    expect(await ada.send('DELETE', messagesPath)).toMatchObject({
      status: 405,
      json: [{ errorCode: 'METHOD_NOT_ALLOWED' }],
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ada.message('text=hi', form)).toMatchObject({
      status: 415,
      json: [{ errorCode: 'UNSUPPORTED_MEDIA_TYPE' }],
    });
    expect((await ada.get(`${messagesPath}?q=${'x'.repeat(16_384)}`)).status).toBe(414);
    expect((await ada.get(messagesPath, { 'x-long': 'x'.repeat(16_384) })).status).toBe(431);
  });

  it('accepts a charset behind the content type', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await ada.message({ body: 'hi', recipients: [grace] }, headers)).status).toBe(201);
  });

  it('encodes entities in Connect’s answers unless asked not to', async () => {
    const text = `it's <b> & "c:\\x"`;
    const sent = { body: text, recipients: [grace] };
    expect((await ada.message(sent)).json.body.text).toBe(text);
    const encoded = await ada.message(sent, { 'x-chatter-entity-encoding': 'true' });
    expect(encoded.json.body.text).toBe('it&#39;s &lt;b&gt; &amp; &quot;c:&#92;x&quot;');
    expect(salesforce.messages().map((message) => message.text)).toEqual([text, text]);
  });

  it('has a clock of its own', async () => {
    salesforce.switches.clockSkewMs = -3_600_000;
    const { headers, json } = await ada.message({ body: 'hi', recipients: [grace] });
    for (const date of [String(headers.date), json.sentDate]) {
      expect(Math.abs(Date.parse(date) + 3_600_000 - Date.now())).toBeLessThan(10_000);
    }
  });

  it('keeps Chatter from whom it is off, external users and all when the org has none', async () => {
    const code = async () => {
      const { status, json } = await ada.get(messagesPath);
      return [status, json[0]?.errorCode];
    };
    const off = [403, 'FUNCTIONALITY_NOT_ENABLED'];
    const id = idOf(salesforce, 'Ada');
    salesforce.changeUser(id, { chatterEnabled: false });
    expect(await code()).toEqual(off);
    salesforce.changeUser(id, { chatterEnabled: true, userType: 'PowerPartner' });
    expect(await code()).toEqual([403, 'API_NOT_AVAILABLE']);
    salesforce.changeUser(id, { userType: 'CsnOnly' });
    expect((await ada.get(messagesPath)).status).toBe(200);
    salesforce.switches.chatterFreeHasApi = false;
    expect(await code()).toEqual([403, 'API_CURRENTLY_DISABLED']);
    salesforce.changeUser(id, { userType: 'Standard' });
    salesforce.switches.orgHasMessages = false;
    expect(await code()).toEqual(off);
    const organization = await ada.get('/services/data/v66.0/connect/organization');
    expect(organization.json.features).toMatchObject({ chatter: true, chatterMessages: false });
  });

  it('lets nobody act as somebody else', async () => {
    const path = (id: string) => `/services/data/v66.0/chatter/users/${id}/messages`;
    expect((await ada.get(path(idOf(salesforce, 'Ada')))).status).toBe(200);
    expect((await ada.get(path(idOf(salesforce, 'Ada').slice(0, 15)))).status).toBe(200);
    expect(await ada.get(path(grace))).toMatchObject({
      status: 403,
      json: [{ errorCode: 'INSUFFICIENT_ACCESS' }],
    });
  });

  it('limits Chatter requests by user and hour', async () => {
    salesforce.switches.hourlyLimit = 1;
    expect((await ada.get(messagesPath)).status).toBe(200);
    const limited = await ada.get(messagesPath);
    expect(limited).toMatchObject({ status: 503, json: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    expect(limited.json[0].message).toContain("You have reached the Connect API's hourly request limit");
    expect(limited.headers).not.toHaveProperty('retry-after');
    expect((await (await visitor(salesforce, 'Grace')).get(messagesPath)).status).toBe(200);
    expect((await ada.query('SELECT Id FROM User')).status).toBe(200);
    salesforce.switches.hourlyLimitBody = 'page';
    salesforce.switches.hourlyLimitRetryAfterSeconds = 60;
    const page = await ada.get(messagesPath);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html;charset=UTF-8', 'retry-after': '60' });
    expect(page.text).toContain('hourly request limit');
    expect(salesforce.messages()).toEqual([]);
  });

  it('counts the hour by the clock it is given', async () => {
    let now = Date.now();
    const other = await startWithPeople({ now: () => now, switches: { hourlyLimit: 1 } });
    const reader = await visitor(other, 'Ada');
    expect((await reader.get(messagesPath)).status).toBe(200);
    expect((await reader.get(messagesPath)).status).toBe(503);
    now += 3_600_000;
    expect((await reader.get(messagesPath)).status).toBe(200);
    await other.close();
  });

  it('limits other requests by org and day, and says how far it is', async () => {
    salesforce.switches.dailyLimit = 2;
    expect((await ada.query('SELECT Id FROM User')).headers['sforce-limit-info']).toBe('api-usage=1/2');
    const limits = await ada.get('/services/data/v66.0/limits');
    expect(limits.json).toEqual({ DailyApiRequests: { Max: 2, Remaining: 0 } });
    expect(await ada.query('SELECT Id FROM User')).toMatchObject({
      status: 403,
      json: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    });
    expect((await ada.get(messagesPath)).status).toBe(200);
  });
});
