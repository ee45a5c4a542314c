import { describe, expect, it } from 'vitest';
import { BRIDGE, type ChatPersonId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { reportOf } from './fake-notifications.ts';
import { createOpenApiCheck, readOpenApi } from './openapi-check.ts';
import { BEARER, idOf, serve } from './served.ts';

const server = await privateRedis();
const check = createOpenApiCheck(readOpenApi());
const open = (o?: Parameters<typeof serve>[2]) => serve(server, check, o);

const body = { recipients: ['grace@corp.com', 'T0CORP:U0ADA', '@on-call'], text: 'The build is red.' };
const JSON_TYPE = { 'content-type': 'application/json' };
const ada = 'T0CORP-U0ADA' as ChatPersonId;

describe('a notification', () => {
  it('is handed in as the bridge’s own, with everybody who is named', async () => {
    const { ask, fake } = await open();
    const id = idOf(await ask({ body }));
    expect([...fake.sent]).toEqual([
      [
        id,
        {
          by: BRIDGE,
          text: 'The build is red.',
          to: {
            named: [
              { kind: 'email', email: 'grace@corp.com' },
              { kind: 'person', id: ada },
              { kind: 'group', name: '@on-call' },
            ],
          },
        },
      ],
    ]);
  });

  it('says where to ask for it', async () => {
    const { ask, fake } = await open();
    const made = await ask({ body });
    const id = idOf(made);
    expect(made.headers.get('location')).toBe(`/api/notifications/${id}`);
    fake.reports.set(id, reportOf(id, BRIDGE));
    expect((await ask({ method: 'GET', path: made.headers.get('location') ?? '' })).status).toBe(200);
  });

  it('can be planned for a time, or again and again', async () => {
    const { ask, fake } = await open();
    const once = await ask({ body: { ...body, at: '2026-12-01T09:50:00+01:00' } });
    const weekly = await ask({ body: { ...body, cron: '0 9 * * MON', timeZone: 'Europe/Berlin' } });
    expect([once.body, weekly.body]).toMatchObject([{ state: 'scheduled' }, { state: 'scheduled' }]);
    expect([...fake.planned.values()].map(({ when }) => when)).toEqual([
      { atMs: Date.parse('2026-12-01T08:50:00Z') },
      { cron: '0 9 * * MON', timeZone: 'Europe/Berlin' },
    ]);
  });

  it.each([
    ['a time that has passed', { at: '2026-11-25T19:49:59Z' }, 'That time has passed.'],
    ['an expression of nonsense', { cron: '61 9 * * *', timeZone: 'UTC' }, 'That cron expression cannot be'],
  ])('cannot be planned for %s; corrected, it can under the same key', async (_what, when, says) => {
    const { ask, fake } = await open();
    const refused = await ask({ body: { ...body, ...when }, key: 'key-1' });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ detail: expect.stringContaining(says) });
    expect(fake.planned.size).toBe(0);
    idOf(await ask({ body, key: 'key-1' }));
  });
});

describe('a body', () => {
  it.each<[what: string, body: unknown, pointers: string[]]>([
    ['that is no object', [], ['#']],
    ['without anything', {}, ['#/recipients', '#/text']],
    ['with nobody', { ...body, recipients: [] }, ['#/recipients']],
    ['with somebody twice', { ...body, recipients: ['a@b.c', 'a@b.c'] }, ['#/recipients']],
    [
      'with people who are none',
      { ...body, recipients: ['a@b.c', 'grace', 7] },
      ['#/recipients/1', '#/recipients/2'],
    ],
    ['with nothing to say', { ...body, text: ' ' }, ['#/text']],
    ['with more than is known', { ...body, 'more/of~it': 1 }, ['#']],
    ['with a time without a zone', { ...body, at: '2026-12-01T09:00:00' }, ['#/at']],
    ['with a day that there is not', { ...body, at: '2027-02-29T09:00:00Z' }, ['#/at']],
    ['with two plans', { ...body, at: '2026-12-01T09:00:00Z', cron: '0 9 * * 1', timeZone: 'UTC' }, ['#/at']],
    ['that recurs nowhere', { ...body, cron: '0 9 * * 1' }, ['#/timeZone']],
    ['in a zone for nothing', { ...body, timeZone: 'UTC' }, ['#/timeZone']],
  ])('%s is refused, with the place', async (_what, wrong, pointers) => {
    const { ask, fake } = await open();
    const refused = await ask({ body: wrong, isWrong: true });
    expect(refused.status).toBe(400);
    const { type, errors } = refused.body as { type: string; errors: { pointer: string }[] };
    expect([type, errors.map(({ pointer }) => pointer)]).toEqual(['/problems/not-valid', pointers]);
    expect(fake.calls).toEqual([]);
  });

  it.each([
    ['is no JSON', '{"recipients": ["grace@corp.com"], "text": secret}'],
    ['is empty', ''],
  ])('that %s is refused, and not repeated', async (_what, text) => {
    const { ask, lines } = await open();
    const refused = await ask({ body: text, headers: JSON_TYPE, isWrong: true });
    expect(refused).toMatchObject({ status: 400, body: { type: '/problems/not-json' } });
    expect(JSON.stringify([refused.body, lines])).not.toContain('secret');
  });

  it('that is not UTF-8 is refused', async () => {
    const { url } = await open();
    const bytes = Buffer.concat([
      Buffer.from('{"recipients":["a@b.c"],"text":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const headers = { ...BEARER, ...JSON_TYPE, 'idempotency-key': 'k' };
    const response = await fetch(`${url}/api/notifications`, { method: 'POST', headers, body: bytes });
    expect(response.status).toBe(400);
  });

  it.each([
    [64 * 1_024, 202],
    [64 * 1_024 + 1, 413],
    [600_000, 413],
  ])('of %i bytes is answered with %i', async (bytes, status) => {
    const { ask } = await open();
    const bare = JSON.stringify({ recipients: ['grace@corp.com'], text: 'hi' });
    // White space, so that the text itself is not what is too long.
    const padded = bare + ' '.repeat(bytes - bare.length);
    expect((await ask({ body: padded, headers: JSON_TYPE, isWrong: true })).status).toBe(status);
  });

  it.each([
    ['no content type', {}],
    ['another content type', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['a compressed body', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
  ])('with %s is refused', async (_what, headers) => {
    const { ask } = await open();
    const refused = await ask({
      body: JSON.stringify(body),
      headers: headers as Record<string, string>,
      isWrong: true,
    });
    expect(refused.status).toBe(415);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"', 'application/json; v=1'])(
    'declared as %s is taken',
    async (type) => {
      const { ask } = await open();
      idOf(await ask({ body: JSON.stringify(body), headers: { 'content-type': type }, isWrong: true }));
    },
  );
});
