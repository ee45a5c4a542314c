import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/salesforce/faults.ts';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import {
  askToken,
  assertion,
  exchange,
  grant,
  idOf,
  messagesPath,
  startWithPeople,
  type Visitor,
  visitor,
} from './visitor.ts';

const patience = { timeout: 3000, interval: 5 };

describe('faults', () => {
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
  afterEach(() => expect(salesforce.faults.active()).toEqual([]));

  const post = (text = 'hi') => ada.message({ body: text, recipients: [grace] });
  /** A client that gives up after 150 ms. */
  const impatientPost = () =>
    request(salesforce.url + messagesPath, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'hi', recipients: [grace] }),
      signal: AbortSignal.timeout(150),
    });
  const stored = () => salesforce.messages().map(({ text }) => text);
  const reset = { code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) };

  it('reset the connection before or after storing', async () => {
    salesforce.faults.arm({ do: 'drop-before' });
    await expect(post('lost')).rejects.toMatchObject(reset);
    expect(stored()).toEqual([]);
    salesforce.faults.arm({ do: 'drop-after' });
    await expect(post('kept')).rejects.toMatchObject(reset);
    expect(stored()).toEqual(['kept']);
    expect(salesforce.requests.filter(({ kind }) => kind === 'post')).toMatchObject([
      { status: null },
      { status: null },
    ]);
    expect((await post('fine')).status).toBe(201);
  });

  it('commit late, after a reset or without any answer', async () => {
    salesforce.faults.arm({ do: 'late-commit', afterMs: 50, answer: 'reset' });
    await expect(post()).rejects.toMatchObject(reset);
    expect(stored()).toEqual([]);
    await expect.poll(stored, patience).toEqual(['hi']);
    salesforce.faults.arm({ do: 'late-commit', afterMs: 10, answer: 'withheld' });
    await expect(impatientPost()).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect.poll(stored, patience).toEqual(['hi', 'hi']);
  });

  it('forget what would commit late when the server is reset', async () => {
    salesforce.faults.arm({ do: 'late-commit', afterMs: 30, answer: 'reset' });
    await expect(post()).rejects.toMatchObject(reset);
    salesforce.reset();
    ada = await visitor(salesforce, 'Ada');
    salesforce.faults.arm({ do: 'slow', delayMs: 60 });
    await post('next');
    expect(stored()).toEqual(['next']);
  });

  it('hang, and then commit and answer, or break off', async () => {
    salesforce.faults.arm({ do: 'hang', afterMs: 30, commit: true });
    expect((await post('late')).status).toBe(201);
    salesforce.faults.arm({ do: 'hang', afterMs: 30, commit: false });
    await expect(post('never')).rejects.toMatchObject(reset);
    salesforce.faults.arm({ do: 'hang', afterMs: 400, commit: true });
    await expect(impatientPost()).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect.poll(stored, patience).toEqual(['late', 'hi']);
  });

  it('stall in the middle of the body', async () => {
    salesforce.faults.arm({ do: 'hang-headers' });
    const { statusCode, headers, body } = await impatientPost();
    expect(statusCode).toBe(201);
    expect(Number(headers['content-length'])).toBeGreaterThan(1000);
    await expect(body.text()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(stored()).toEqual(['hi']);
  });

  it('answer late', async () => {
    salesforce.faults.arm({ do: 'slow', delayMs: 60 });
    const started = performance.now();
    expect((await post()).status).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(55);
  });

  it.each([
    ['429', 429, 'REQUEST_LIMIT_EXCEEDED'],
    ['500', 500, 'UNKNOWN_EXCEPTION'],
    ['503-limit', 503, 'hourly request limit'],
    ['502-page', 502, '<!DOCTYPE html>'],
    ['503-page', 503, '<!DOCTYPE html>'],
  ] as const)('answer %s, having stored the message or not', async (answer, status, words) => {
    salesforce.faults.arm({ do: 'status', answer, retryAfterSeconds: 7 });
    const before = await post('before');
    expect(before.status).toBe(status);
    expect(before.text).toContain(words);
    expect(before.headers['retry-after']).toBe('7');
    salesforce.faults.arm({ do: 'status', answer, stored: true });
    expect((await post('after')).headers).not.toHaveProperty('retry-after');
    expect(stored()).toEqual(['after']);
  });

  it('end sessions and redirect elsewhere', async () => {
    salesforce.faults.arm({ do: 'redirect', location: 'http://127.0.0.1:9/elsewhere' });
    expect(await post()).toMatchObject({
      status: 307,
      headers: { location: 'http://127.0.0.1:9/elsewhere' },
    });
    salesforce.faults.arm({ do: 'expired-session' });
    expect(await post()).toMatchObject({ status: 401, json: [{ errorCode: 'INVALID_SESSION_ID' }] });
    expect((await post()).status).toBe(401);
    expect(stored()).toEqual([]);
  });

  it('choose by kind, person and text, as often as armed', async () => {
    const status = (occasion: Partial<Fault>) =>
      salesforce.faults.arm({ do: 'status', answer: '500', ...occasion } as Fault);
    status({ kind: 'list' });
    status({ kind: 'query' });
    status({ kind: 'token' });
    status({ userId: grace });
    status({ text: 'bad', times: 2 });
    status({ text: (text) => text.length > 5 });
    const outcomes = [];
    for (const text of ['fine', 'bad', 'bad', 'bad', 'longer text']) outcomes.push((await post(text)).status);
    expect(outcomes).toEqual([201, 500, 500, 201, 500]);
    expect((await ada.get(messagesPath)).status).toBe(500);
    expect((await ada.query('SELECT Id FROM User')).status).toBe(500);
    expect((await askToken(salesforce, grant(await assertion('ada@corp.example')))).status).toBe(500);
    expect(salesforce.faults.active()).toMatchObject([{ fault: { userId: grace }, left: 1 }]);
    const graceVisits = await visitor(salesforce, 'Grace');
    expect(graceVisits.token).toBe('undefined');
  });

  it('happen by chance, the same chance each time', async () => {
    const run = async () => {
      const id = salesforce.faults.arm({ do: 'status', answer: '500', probability: 0.5, seed: 7 });
      const outcomes = [];
      for (let n = 0; n < 20; n += 1) outcomes.push((await ada.get(messagesPath)).status);
      salesforce.faults.clear(id);
      return outcomes;
    };
    const outcomes = await run();
    expect(new Set(outcomes)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(outcomes);
  });

  it('leave alone what is refused anyway', async () => {
    salesforce.faults.arm({ do: 'drop-before' });
    expect((await exchange(salesforce.url + messagesPath)).status).toBe(401);
    expect(salesforce.faults.active()).toHaveLength(1);
    salesforce.faults.clear();
  });
});
