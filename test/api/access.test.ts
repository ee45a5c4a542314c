import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/api/limits.ts';
import { BRIDGE, type NotificationId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { reportOf } from './fake-notifications.ts';
import { createOpenApiCheck, readOpenApi } from './openapi-check.ts';
import { BEARER, idOf, serve, TOKEN } from './served.ts';

const server = await privateRedis();
const check = createOpenApiCheck(readOpenApi());
const open = (o?: Parameters<typeof serve>[2]) => serve(server, check, o);

const body = { recipients: ['grace@corp.com', 'T0CORP:U0ADA', '@on-call'], text: 'The build is red.' };

describe('the token', () => {
  const operations = [
    { method: 'POST', body },
    { method: 'GET', path: '/api/notifications?state=scheduled' },
    { method: 'GET', path: '/api/notifications/api-1' },
    { method: 'DELETE', path: '/api/notifications/api-1' },
  ];

  it.each([
    ['none', ''],
    ['another one', 'Bearer another-token-of-the-api-0123456789abc'],
    ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}0`],
    ['it without its scheme', TOKEN],
    ['it with another scheme', `Basic ${TOKEN}`],
    ['nothing behind the scheme', 'Bearer '],
  ])('is needed everywhere: with %s nothing is done', async (_what, authorization) => {
    const { ask, fake, lines } = await open();
    for (const operation of operations) {
      const refused = await ask({ ...operation, headers: { authorization } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    }
    expect(fake.calls).toEqual([]);
    expect(JSON.stringify(lines)).not.toMatch(/of-the-api/);
  });

  it('goes behind bearer, however that is written', async () => {
    const { ask } = await open();
    idOf(await ask({ body, headers: { authorization: `bearer ${TOKEN}` } }));
  });
});

describe('the rate limit', () => {
  it('is one for all processes, and says when to come again', async () => {
    const { ask, start } = await open({ requests: { most: 3, windowMs: 60_000 } });
    const other = await start();
    await ask({ body });
    await ask({ body }, other);
    await ask({ method: 'GET', path: '/api/notifications?state=scheduled' });
    for (const operation of [
      { body },
      { method: 'GET', path: '/api/notifications?state=scheduled' },
      { method: 'GET', path: '/api/notifications/api-1' },
      { method: 'DELETE', path: '/api/notifications/api-1' },
    ]) {
      const refused = await ask(operation, other);
      expect(refused.status).toBe(429);
      const afterSeconds = Number(refused.headers.get('retry-after'));
      expect(afterSeconds).toBeGreaterThan(50);
      expect(afterSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('cannot be used up by whoever has no token', async () => {
    const { ask } = await open({ requests: { most: 1, windowMs: 60_000 } });
    for (let i = 0; i < 3; i += 1) await ask({ body, headers: { authorization: 'Bearer x' } });
    idOf(await ask({ body }));
  });

  it('is sixty a minute', async () => {
    const { ask } = await open();
    const path = '/api/notifications?state=scheduled';
    const statuses = await Promise.all(
      Array.from(
        { length: limits.requests.most + 5 },
        async () => (await ask({ method: 'GET', path })).status,
      ),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

describe('a method', () => {
  it.each([
    ['PUT', '/api/notifications', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/api/notifications', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/api/notifications/api-1', 'DELETE, GET, HEAD, OPTIONS'],
    ['PATCH', '/api/notifications/api-1', 'DELETE, GET, HEAD, OPTIONS'],
  ])('%s that %s does not have is refused, and those that it has are named', async (method, path, allow) => {
    const { url } = await open();
    const response = await fetch(`${url}${path}`, { method, headers: BEARER });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ type: 'about:blank', status: 405 });
  });

  it.each(['/api/notifications', '/api/notifications/api-1'])('OPTIONS says what %s has', async (path) => {
    const { url } = await open();
    const response = await fetch(`${url}${path}`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toContain('OPTIONS');
  });

  it('HEAD is answered as GET, without a body', async () => {
    const { url, fake } = await open();
    fake.reports.set('api-1' as NotificationId, reportOf('api-1', BRIDGE));
    const response = await fetch(`${url}/api/notifications/api-1`, { method: 'HEAD', headers: BEARER });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '',
    ]);
  });
});

describe('when something is wrong with the bridge', () => {
  const readings = [
    { method: 'GET', path: '/api/notifications?state=scheduled' },
    { method: 'GET', path: '/api/notifications/api-1' },
    { method: 'DELETE', path: '/api/notifications/api-1' },
  ];

  it('Redis that is away is said', async () => {
    const { ask, fake, redis } = await open();
    fake.mood.isAway = true;
    for (const reading of readings) expect((await ask(reading)).status).toBe(503);
    redis.disconnect();
    expect(await ask({ body })).toMatchObject({ status: 503, body: { type: '/problems/not-available' } });
  });

  it('no text, no name and no token reaches the log', async () => {
    const { ask, lines, fake } = await open();
    await ask({ body, key: `key-${randomUUID()}` });
    fake.mood.isAway = true;
    await ask({ body });
    expect(lines.map(({ msg }) => msg)).toEqual(['notification taken', 'taking a notification failed']);
    const logged = JSON.stringify(lines);
    for (const secret of [TOKEN, 'build', 'grace', 'U0ADA', 'on-call', 'key-'])
      expect(logged).not.toContain(secret);
  });
});
