import { describe, expect, it } from 'vitest';
import { BRIDGE, type ChatPersonId, type NotificationId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { reportOf } from './fake-notifications.ts';
import { createOpenApiCheck, readOpenApi } from './openapi-check.ts';
import { BEARER, idOf, serve } from './served.ts';

const server = await privateRedis();
const check = createOpenApiCheck(readOpenApi());
const open = (o?: Parameters<typeof serve>[2]) => serve(server, check, o);

const body = { recipients: ['grace@corp.com', 'T0CORP:U0ADA', '@on-call'], text: 'The build is red.' };
const ada = 'T0CORP-U0ADA' as ChatPersonId;

describe('what became of it', () => {
  it('is told person by person', async () => {
    const { ask, fake } = await open();
    fake.reports.set('api-1' as NotificationId, reportOf('api-1', BRIDGE));
    const told = await ask({ method: 'GET', path: '/api/notifications/api-1' });
    expect(told.body).toEqual({
      id: 'api-1',
      state: 'sending',
      createdAt: '2026-11-25T19:50:00.000Z',
      foreseenEndAt: '2026-11-25T20:10:00.000Z',
      counts: { waiting: 1, delivered: 1, failed: 1, uncertain: 0, stopped: 0, leftOut: 2 },
      recipients: [
        { name: 'Grace Hopper', email: 'grace@corp.com', outcome: 'delivered' },
        { name: 'Ada Lovelace', email: 'ada@corp.com', outcome: 'waiting' },
        {
          name: 'Alan Turing',
          email: 'alan@corp.com',
          outcome: 'failed',
          code: 'no',
          sentence: 'Not on a Sunday.',
        },
      ],
      leftOut: [
        {
          name: 'Linus',
          email: 'linus@corp.com',
          code: 'no-user',
          sentence: 'Salesforce has no user with that e-mail address.',
        },
        { name: '@nobody', code: 'unknown', sentence: 'Nobody and no group is called that.' },
      ],
    });
    expect(told.headers.get('cache-control')).toBe('no-store');
  });

  it('says what keeps it back', async () => {
    const { ask, fake } = await open();
    const paused = { reason: 'away', untilMs: Date.parse('2026-11-25T20:00:00Z') } as const;
    fake.reports.set('api-1' as NotificationId, reportOf('api-1', BRIDGE, { paused }));
    const { body } = await ask({ method: 'GET', path: '/api/notifications/api-1' });
    expect(body).toMatchObject({
      paused: {
        sentence: 'Salesforce gives no proper answer at the moment.',
        until: '2026-11-25T20:00:00.000Z',
      },
    });
  });

  it('is nothing when nobody could be looked up, with the reason', async () => {
    const { ask, fake } = await open();
    const failure = { code: 'audience-too-large', sentence: 'That is more than 10,000 people.' };
    fake.reports.set(
      'api-1' as NotificationId,
      reportOf('api-1', BRIDGE, { state: 'done', people: [], leftOut: [], failure }),
    );
    const { body } = await ask({ method: 'GET', path: '/api/notifications/api-1' });
    expect(body).toMatchObject({ state: 'done', recipients: [], failure });
  });

  it.each(['looking-up', 'sending', 'done', 'stopped'] as const)(
    'can be asked for when it is %s',
    async (state) => {
      const { ask, fake } = await open();
      const { foreseenEndMs: _none, ...report } = reportOf('api-1', BRIDGE, {
        state,
        people: [],
        leftOut: [],
      });
      fake.reports.set('api-1' as NotificationId, report);
      expect((await ask({ method: 'GET', path: '/api/notifications/api-1' })).body).toMatchObject({ state });
    },
  );

  it('is told of what is planned, too: when, and what was sent of it last', async () => {
    const { ask, fake } = await open();
    const once = idOf(await ask({ body: { ...body, at: '2026-12-01T09:50:00+01:00' } }));
    const weekly = idOf(await ask({ body: { ...body, cron: '0 9 * * MON', timeZone: 'Europe/Berlin' } }));
    const plan = fake.planned.get(weekly);
    if (plan) fake.planned.set(weekly, { ...plan, lastRun: `${weekly}-1` as NotificationId });
    const at = '2026-12-01T08:50:00.000Z';
    const shown = [
      { id: once, state: 'scheduled', at, nextAt: at },
      {
        id: weekly,
        state: 'scheduled',
        cron: '0 9 * * MON',
        timeZone: 'Europe/Berlin',
        nextAt: '2026-11-25T19:50:01.000Z',
        lastRun: `${weekly}-1`,
      },
    ];
    const list = await ask({ method: 'GET', path: '/api/notifications?state=scheduled' });
    expect(list.body).toEqual({ notifications: shown });
    expect((await ask({ method: 'GET', path: `/api/notifications/${once}` })).body).toEqual(shown[0]);
    expect((await ask({ method: 'GET', path: `/api/notifications/${weekly}` })).body).toEqual(shown[1]);
  });

  it.each(['', '?state=', '?state=done', '?State=scheduled'])(
    'is not listed by anything else: %j',
    async (query) => {
      const { ask } = await open();
      const refused = await ask({ method: 'GET', path: `/api/notifications${query}`, isWrong: true });
      expect(refused.status).toBe(400);
    },
  );

  it('is nobody’s business when it was not sent through the API', async () => {
    const { ask, fake } = await open();
    const id = 'n-1' as NotificationId;
    fake.reports.set(id, reportOf(id, ada));
    fake.planned.set(id, { id, by: ada, when: { atMs: 1 }, nextAtMs: 1 });
    expect((await ask({ method: 'GET', path: '/api/notifications/n-1' })).status).toBe(404);
    expect((await ask({ method: 'DELETE', path: '/api/notifications/n-1' })).status).toBe(404);
    expect((await ask({ method: 'GET', path: '/api/notifications?state=scheduled' })).body).toEqual({
      notifications: [],
    });
    expect([fake.reports.get(id)?.state, fake.planned.size]).toEqual(['sending', 1]);
  });
});

describe('DELETE', () => {
  const remove = (id: string) => ({ method: 'DELETE', path: `/api/notifications/${id}` });

  it('cancels what is planned', async () => {
    const { ask, fake } = await open();
    const id = idOf(await ask({ body: { ...body, at: '2026-12-01T09:50:00+01:00' } }));
    expect((await ask(remove(id))).status).toBe(204);
    expect(fake.planned.size).toBe(0);
    expect((await ask(remove(id))).status).toBe(404);
  });

  it('stops what is under way, however often it is asked to', async () => {
    const { ask, fake } = await open();
    const id = 'api-1' as NotificationId;
    fake.reports.set(id, reportOf(id, BRIDGE));
    expect((await ask(remove(id))).status).toBe(204);
    expect(fake.reports.get(id)?.state).toBe('stopped');
    expect((await ask(remove(id))).status).toBe(204);
  });

  it('says that there is nothing left to stop', async () => {
    const { ask, fake } = await open();
    const id = 'api-1' as NotificationId;
    fake.reports.set(id, reportOf(id, BRIDGE, { state: 'done' }));
    expect(await ask(remove(id))).toMatchObject({ status: 409, body: { type: '/problems/already-done' } });
  });

  it.each(['api-0', 'a%20b', 'a'.repeat(101), '', 'a/b'])('knows no notification %j', async (id) => {
    const { url } = await open();
    const response = await fetch(`${url}/api/notifications/${id}`, { method: 'DELETE', headers: BEARER });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});
