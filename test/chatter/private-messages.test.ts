import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/salesforce/faults.ts';
import type { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { ChatterMessageId, SalesforceUserId } from '../../src/bridge/people.ts';
import type { SendWatch } from '../../src/bridge/ports.ts';
import { startOddServer } from './odd-server.ts';
import { failureOf, noWatch, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const toGrace = (body: string) => ({ body, to: { recipients: [org.grace.id] } });
const send = (body: string, watch = noWatch) => org.salesforce.messages.send(org.ada, toGrace(body), watch);
const requestsOf = (kind: string) => org.server.requests.filter((request) => request.kind === kind);

describe('sending', () => {
  it('stores the message as the person who writes, and gives back what Salesforce says of it', async () => {
    const sent = await send('lunch?');
    const [stored] = org.server.messages();
    expect(stored).toMatchObject({ senderId: org.ada.id, text: 'lunch?', via: 'json' });
    expect(sent).toEqual({
      id: stored?.id,
      conversationId: stored?.conversationId,
      sender: org.ada.id,
      people: [org.ada.id, org.grace.id],
      names: new Map([
        [org.ada.id, 'Ada Lovelace'],
        [org.grace.id, 'Grace Hopper'],
      ]),
      text: 'lunch?',
      sentAtMs: Date.parse(stored?.sentDate ?? ''),
    });
  });

  it('answers a message in its conversation', async () => {
    const { id, conversationId } = await send('lunch?');
    const draft = { body: 'at one', to: { inReplyTo: id } };
    const answer = await org.salesforce.messages.send(org.grace, draft, noWatch);
    expect(answer).toMatchObject({ conversationId, sender: org.grace.id });
    expect(org.server.messages()).toHaveLength(2);
  });

  it('never puts the text into the URL', async () => {
    await send('the secret plan');
    for (const { path, search } of org.server.requests) {
      expect(decodeURIComponent(path + search)).not.toMatch(/secret|text=/);
    }
  });

  it.each([`it's <b> & c:\\x "q"`, 'two\nlines\tand a tab', '👩‍👩‍👧‍👦 שלום', '{"body":"x"}', '&amp;amp;'])(
    'brings %j there and back as it is',
    async (text) => {
      const sent = await send(text);
      expect(sent.text).toBe(text);
      expect(org.server.messages()[0]?.text).toBe(text);
      expect((await org.salesforce.messages.since(org.grace, 0, 'look'))[0]?.text).toBe(text);
    },
  );

  it('names each person once, with ids of 18 characters', async () => {
    const short = org.grace.id.slice(0, 15) as SalesforceUserId;
    const draft = { body: 'x', to: { recipients: [org.grace.id, short, org.alan.id] } };
    org.server.switches.duplicateRecipients = {
      status: 400,
      errorCode: 'INVALID_INPUT',
      message: 'duplicate',
    };
    const { people } = await org.salesforce.messages.send(org.ada, draft, noWatch);
    expect(people.toSorted()).toEqual([org.ada.id, org.grace.id, org.alan.id].toSorted());
  });

  it('costs one request when the token is known', async () => {
    await send('one');
    await send('two');
    expect(requestsOf('token')).toHaveLength(1);
    expect(requestsOf('post')).toHaveLength(2);
    expect(org.server.requests).toHaveLength(3);
  });

  it('tells Salesforce’s time, a second early at most', async () => {
    expect(org.salesforce.messages.serverNowMs()).toBeUndefined();
    org.server.switches.clockSkewMs = 3_600_000;
    const edge = org.edge({ now: () => Date.now() + 3_600_000 }); // or the assertion would be expired
    const { sentAtMs } = await edge.messages.send(org.ada, toGrace('x'), noWatch);
    const estimateMs = edge.messages.serverNowMs() ?? 0;
    expect(estimateMs).toBeGreaterThan(sentAtMs - 1_000);
    expect(estimateMs).toBeLessThan(sentAtMs + 1_000);
  });
});

describe('a message that Salesforce refuses', () => {
  it('comes back with the words of the org’s own rule', async () => {
    org.server.switches.vetoText = 'No salaries in Chatter, please.';
    const error = await failureOf(send('salary'));
    expect(error).toMatchObject({ certain: true, retry: { kind: 'never' }, code: 'vetoed' });
    expect(error.sentence).toBe('Salesforce refused it. It says: “No salaries in Chatter, please.”');
  });

  it('says that Chatter is off, that somebody is inactive, that an answered message is out of reach', async () => {
    org.server.changeUser(org.grace.id, { chatterEnabled: false });
    expect(await failureOf(send('x'))).toMatchObject({ certain: true, code: 'no-chatter' });
    org.server.changeUser(org.grace.id, { chatterEnabled: true, isActive: false });
    expect((await failureOf(send('x'))).sentence).toMatch(/inactive users/);
    const { id } = org.server.type(org.ada.id, { to: [org.alan.id] }, 'between us');
    const draft = { body: 'x', to: { inReplyTo: id as ChatterMessageId } };
    org.server.changeUser(org.grace.id, { isActive: true });
    expect(await failureOf(org.salesforce.messages.send(org.grace, draft, noWatch))).toMatchObject({
      certain: true,
      code: 'no-access',
    });
  });

  it('is not even tried with an id that cannot be one', async () => {
    const draft = { body: 'x', to: { inReplyTo: '03M' as ChatterMessageId } };
    const error = await failureOf(org.salesforce.messages.send(org.ada, draft, noWatch));
    expect(error).toMatchObject({ certain: true, code: 'id-malformed', retry: { kind: 'never' } });
    expect(org.server.requests).toHaveLength(0);
  });

  it('says what is wrong with a retired version', async () => {
    const old = org.edge({ apiVersion: '29.0' });
    const error = await failureOf(old.messages.send(org.ada, toGrace('x'), noWatch));
    expect(error).toMatchObject({ certain: true, code: 'version-retired', retry: { kind: 'never' } });
  });

  it.each(['array', 'object', 'page'] as const)('waits out the hourly limit (%s)', async (body) => {
    Object.assign(org.server.switches, { hourlyLimitBody: body, hourlyLimitRetryAfterSeconds: 60 });
    org.server.faults.arm({ do: 'status', answer: '503-limit', kind: 'post' });
    const error = await failureOf(send('x'));
    expect(error).toMatchObject({
      certain: true,
      code: 'hourly-limit',
      retry: { kind: 'after', ms: 60_000 },
    });
  });

  it('says nothing about text or secrets in its code, message or cause', async () => {
    org.server.faults.arm({ do: 'drop-after', kind: 'post' });
    const error = await failureOf(send('the secret plan'));
    const said = [error.code, error.message, error.stack, JSON.stringify(error.cause)].join();
    expect(said).not.toMatch(/secret|Bearer/);
  });
});

describe('a POST that goes wrong', () => {
  const unknown = (lost: 'silent' | 'broken'): Partial<DeliveryError> => ({ certain: false, lost });
  const cases: [string, Fault, Partial<DeliveryError>, stored: number][] = [
    ['reset before it is stored', { do: 'drop-before' }, unknown('broken'), 0],
    ['reset after it is stored', { do: 'drop-after' }, unknown('broken'), 1],
    ['silence', { do: 'hang', afterMs: 60_000, commit: true }, unknown('silent'), 0],
    ['an answer that stalls', { do: 'hang-headers' }, unknown('broken'), 1],
    ['a redirect', { do: 'redirect', location: 'http://127.0.0.1:1/' }, unknown('broken'), 0],
    ['a maintenance page', { do: 'status', answer: '503-page' }, unknown('broken'), 0],
    [
      'a maintenance page, though stored',
      { do: 'status', answer: '503-page', stored: true },
      unknown('broken'),
      1,
    ],
    ['a bad gateway', { do: 'status', answer: '502-page' }, unknown('broken'), 0],
    ['a fault of the server', { do: 'status', answer: '500', stored: true }, unknown('broken'), 1],
    [
      '429',
      { do: 'status', answer: '429', retryAfterSeconds: 5 },
      { certain: true, retry: { kind: 'after', ms: 5_000 } },
      0,
    ],
  ];

  it.each(cases)('%s: one request, no repetition', async (_name, fault, expected, stored) => {
    org.server.faults.arm({ ...fault, kind: 'post' });
    expect(await failureOf(send('x'))).toMatchObject(expected);
    expect(requestsOf('post')).toHaveLength(1);
    expect(org.server.messages()).toHaveLength(stored);
  });

  it('is a certain no when Salesforce cannot be reached', async () => {
    await send('so that the token is known');
    await org.server.close();
    // Until the end of the kept-alive connection has come through, a message may still be handed to it.
    await expect.poll(async () => (await failureOf(send('x'))).code).toBe('unreachable');
    expect(await failureOf(send('x'))).toMatchObject({ certain: true, retry: { kind: 'later' } });
  });

  it('is in doubt when a success cannot be understood', async () => {
    for (const answer of ['', 'null', '{}', '<html>', '{"id":"03J000000000001"}']) {
      const odd = await startOddServer(org.ada.id, () => answer);
      const error = await failureOf(
        org.edge({ loginUrl: odd.url }).messages.send(org.ada, toGrace('x'), noWatch),
      );
      expect(error).toMatchObject({ certain: false, lost: 'broken', code: 'answer-not-understood' });
      await odd.close();
    }
  });
});

describe('a sender who may have lost the delivery', () => {
  const watchFailingAt = (failing: number): SendWatch => {
    let guards = 0;
    return {
      guard() {
        guards += 1;
        if (guards === failing) throw new Error('no longer ours');
      },
      step() {},
    };
  };

  it('certainly sends nothing when that shows before the first byte', async () => {
    expect(await failureOf(send('x', watchFailingAt(1)))).toMatchObject({ certain: true, code: 'lost-hold' });
    expect(requestsOf('post')).toHaveLength(0);
    // Only the login host has answered, whose clock is another one.
    expect(requestsOf('token')).toHaveLength(1);
    expect(org.salesforce.messages.serverNowMs()).toBeUndefined();
  });

  it('is in doubt half-way, and nothing is stored', async () => {
    const error = await failureOf(send('x', watchFailingAt(3)));
    expect(error).toMatchObject({ certain: false, lost: 'broken', code: 'lost-hold' });
    await send('a message after it'); // whatever there was to come has come
    expect(org.server.messages().map(({ text }) => text)).toEqual(['a message after it']);
  });
});
