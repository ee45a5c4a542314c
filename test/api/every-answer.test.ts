import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BRIDGE, type NotificationId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { reportOf } from './fake-notifications.ts';
import { createOpenApiCheck, readOpenApi } from './openapi-check.ts';
import { type Ask, serve, TOKEN } from './served.ts';

const server = await privateRedis();
const check = createOpenApiCheck(readOpenApi());
type Served = Awaited<ReturnType<typeof serve>>;

const body = { recipients: ['grace@corp.com'], text: 'hi' };
const post: Ask = { body, key: 'key-1' };
const list: Ask = { method: 'GET', path: '/api/notifications?state=scheduled' };
const show: Ask = { method: 'GET', path: '/api/notifications/api-1' };
const remove: Ask = { method: 'DELETE', path: '/api/notifications/api-1' };
const all = [post, list, show, remove];

const put = (fake: Served['fake'], state: 'sending' | 'done') =>
  fake.reports.set('api-1' as NotificationId, reportOf('api-1', BRIDGE, { state }));

describe('every answer that the document has', () => {
  it.each<[status: number, asks: Ask[], before?: (served: Served) => unknown]>([
    [202, [post]],
    [200, [list, show], ({ fake }) => put(fake, 'done')],
    [204, [remove], ({ fake }) => put(fake, 'sending')],
    [
      400,
      [
        { ...post, body: {}, isWrong: true },
        { ...list, path: '/api/notifications', isWrong: true },
      ],
    ],
    [401, all.map((ask) => ({ ...ask, headers: { authorization: 'none' } }))],
    [404, [show, remove]],
    [409, [{ ...post, body: { ...body, text: 'ho' } }], ({ ask }) => ask(post)],
    [409, [remove], ({ fake }) => put(fake, 'done')],
    [413, [{ ...post, body: { ...body, text: 'a'.repeat(70_000) }, isWrong: true }]],
    [415, [{ ...post, headers: { 'content-type': 'text/plain' }, isWrong: true }]],
    [422, [{ ...post, body: { ...body, at: '2001-01-01T00:00:00Z' } }]],
    [503, all, ({ redis }) => redis.disconnect()],
  ])('%i', async (status, asks, before) => {
    const served = await serve(server, check);
    await before?.(served);
    for (const ask of asks) expect((await served.ask(ask)).status).toBe(status);
  });

  it('429', async () => {
    const { ask } = await serve(server, check, { overrides: { rate: { take: async () => 1_500 } } });
    for (const each of all) expect((await ask(each)).status).toBe(429);
  });

  it('500', async () => {
    const rate = { take: () => Promise.reject(new TypeError('a mistake')) };
    const { ask, lines } = await serve(server, check, { overrides: { rate } });
    for (const each of all) expect((await ask(each)).status).toBe(500);
    expect(lines.filter(({ level }) => level === 50)).toHaveLength(all.length);
  });

  it('408, by the server itself, to what drips in', async () => {
    const { url } = await serve(server, check, { requestWithinMs: 300 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const headers = [
      'POST /api/notifications HTTP/1.1',
      'host: x',
      `authorization: Bearer ${TOKEN}`,
      'idempotency-key: k',
      'content-type: application/json',
      'content-length: 100',
    ];
    socket.write(`${headers.join('\r\n')}\r\n\r\n{`);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    // Without a body.
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
    const answered = { status: 408, headers: new Headers(), text: '' };
    expect(check.response({ method: 'POST', path: '/api/notifications' }, answered)).toEqual([]);
  });

  it('was seen here', () => {
    expect(check.documented.filter((each) => !check.seen.has(each))).toEqual([]);
    expect(check.documented.length).toBeGreaterThan(25);
  });
});
