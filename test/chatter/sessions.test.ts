import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOddServer } from './odd-server.ts';
import { failureOf, noWatch, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const send = (from = org.ada, edge = org.salesforce) =>
  edge.messages.send(from, { body: 'x', to: { recipients: [org.grace.id] } }, noWatch);
const count = (kind: string) => org.server.requests.filter((request) => request.kind === kind).length;

describe('a person’s token', () => {
  it('is asked for once by however many at a time, for each person', async () => {
    await Promise.all([send(), send(), send(), send(org.alan), send(org.alan)]);
    expect(count('token')).toBe(2);
    expect(org.server.messages().filter(({ senderId }) => senderId === org.alan.id)).toHaveLength(2);
  });

  it('is asked for again after a failure', async () => {
    org.server.faults.arm({ do: 'status', answer: '503-page', kind: 'token' });
    expect(await failureOf(send())).toMatchObject({ certain: true, code: 'token-unavailable' });
    await send();
    expect(count('token')).toBe(2);
  });

  it('is renewed once when it has expired, and the message arrives once', async () => {
    await send();
    org.server.expireSessions();
    await send();
    expect(count('token')).toBe(2);
    expect(org.server.messages()).toHaveLength(2);
  });

  it('is renewed by one of many who find it expired', async () => {
    await send();
    org.server.expireSessions();
    await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(count('token')).toBe(2);
    expect(org.server.messages()).toHaveLength(11);
  });

  it('is not renewed for ever: two refusals, and the message waits', async () => {
    org.server.faults.arm({ do: 'expired-session', kind: 'post', times: 100 });
    const error = await failureOf(send());
    expect(error).toMatchObject({ certain: true, code: 'session-refused', waitsFor: 'token' });
    expect([count('token'), count('post')]).toEqual([2, 2]);
    expect(org.server.messages()).toHaveLength(0);
  });

  it('is renewed for reading and for looking up too', async () => {
    await org.salesforce.messages.since(org.ada, 0, 'look');
    await org.salesforce.directory.findByEmail('grace@corp.com', undefined);
    org.server.expireSessions();
    await org.salesforce.messages.since(org.ada, 0, 'look');
    await org.salesforce.directory.findByEmail('alan@corp.com', undefined);
    expect(count('token')).toBe(4);
  });

  it('is not renewed when a rule of the org forbids its use: a new one would fare no better', async () => {
    const words = 'This session is not valid for use with the REST API';
    const refusal = JSON.stringify([{ errorCode: 'INVALID_SESSION_ID', message: words }]);
    const odd = await startOddServer(org.ada.id, () => refusal, { status: 401 });
    const error = await failureOf(send(org.ada, org.edge({ loginUrl: odd.url })));
    expect(error).toMatchObject({ certain: true, code: 'session-not-for-api', retry: { kind: 'never' } });
    expect(odd.paths).toHaveLength(1);
    await odd.close();
  });

  it('is not sent in the clear, wherever the answer points', async () => {
    const odd = await startOddServer(org.ada.id, () => '{}', {
      instanceUrl: 'http://corp.my.salesforce.invalid',
    });
    expect(await failureOf(send(org.ada, org.edge({ loginUrl: odd.url })))).toMatchObject({
      certain: true,
      code: 'token-unavailable',
    });
    await odd.close();
  });

  it('of another user is never used, and is thrown away', async () => {
    org.server.switches.wrongTokenUserId = org.alan.id;
    const error = await failureOf(send());
    expect(error).toMatchObject({ certain: true, code: 'wrong-user', retry: { kind: 'never' } });
    expect(count('post')).toBe(0);
    org.server.switches.wrongTokenUserId = null;
    await send();
    expect(org.server.messages().map(({ senderId }) => senderId)).toEqual([org.ada.id]);
  });

  it('is not lent to somebody else who claims the same username', async () => {
    await send();
    expect(await failureOf(send({ ...org.ada, id: org.alan.id }))).toMatchObject({ code: 'wrong-user' });
    expect(count('post')).toBe(1);
  });

  it('that is not given says why, and the message waits for it', async () => {
    org.server.changeUser(org.ada.id, { preAuthorised: false });
    const unapproved = await failureOf(send());
    expect(unapproved).toMatchObject({ certain: true, code: 'not-approved', waitsFor: 'token' });
    org.server.changeUser(org.ada.id, { preAuthorised: true, isActive: false });
    expect(await failureOf(send())).toMatchObject({ code: 'user-inactive', waitsFor: 'token' });
    expect(count('post')).toBe(0);
  });

  it('needs the right audience, app, clock and key', async () => {
    const codeWith = async (options: Parameters<TestOrg['edge']>[0]) =>
      (await failureOf(send(org.ada, org.edge(options)))).code;
    expect(await codeWith({ audience: 'https://elsewhere.example' })).toBe('wrong-audience');
    expect(await codeWith({ clientId: 'unknown' })).toBe('wrong-client');
    expect(await codeWith({ now: () => Date.now() - 3_600_000 })).toBe('clock-wrong');
    org.server.switches.appInstalled = false;
    expect(await codeWith({})).toBe('app-not-installed');
  });

  it.each([
    ['reset', { do: 'drop-before' }],
    ['silence', { do: 'hang', afterMs: 60_000, commit: false }],
    ['a stalled answer', { do: 'hang-headers' }],
    ['a redirect', { do: 'redirect', location: 'http://127.0.0.1:1/' }],
    ['a fault of the server', { do: 'status', answer: '500' }],
  ] as const)('may come later after %s: nothing was sent', async (_name, fault) => {
    org.server.faults.arm({ ...fault, kind: 'token' });
    expect(await failureOf(send())).toMatchObject({
      certain: true,
      code: 'token-unavailable',
      retry: { kind: 'later' },
    });
    expect([count('token'), count('post')]).toEqual([1, 0]);
  });
});
