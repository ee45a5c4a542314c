import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import type { RedisServer } from '../../sandbox/redis/server.ts';
import { limits } from '../../src/api/limits.ts';
import { createNotificationsApi, type NotificationsApiOptions } from '../../src/api/routes.ts';
import type { NotificationId } from '../../src/bridge/people.ts';
import { makePersonId } from '../../src/slack/ids.ts';
import { readRawBody } from '../../src/slack/raw-body.ts';
import { createHttpEdge } from '../../src/slack/receiver.ts';
import { createIdempotency } from '../../src/store/idempotency.ts';
import { createRateLimit } from '../../src/store/rate-limit.ts';
import { collectLog } from '../collect-log.ts';
import { openLog } from '../store/delivery-log/log.ts';
import { fakeNotifications } from './fake-notifications.ts';
import type { OpenApiCheck } from './openapi-check.ts';

export const TOKEN = 'a-token-of-the-api-for-tests-0123456789';
export const BEARER = { authorization: `Bearer ${TOKEN}` };

export interface Ask {
  method?: string;
  path?: string;
  /** Of a POST without one, a new one each time. */
  key?: string | undefined;
  /** Sent as JSON, unless it is text. */
  body?: unknown;
  headers?: Record<string, string>;
  /** It is meant to be refused: only the answer is held against the document. */
  isWrong?: boolean;
}

export interface Got {
  status: number;
  headers: Headers;
  /** Read from JSON; undefined: there was none. */
  body: unknown;
}

/** The API in the real HTTP server, with real limits and keys in Redis, in front of a fake core. */
export async function serve(
  server: RedisServer,
  check: OpenApiCheck,
  o: {
    requests?: { most: number; windowMs: number };
    requestWithinMs?: number;
    overrides?: Partial<NotificationsApiOptions>;
  } = {},
) {
  const opened = await openLog(server);
  const { redis, keys, box } = opened;
  const fake = fakeNotifications();
  const { lines, log } = collectLog();
  const routes = () =>
    createNotificationsApi({
      token: TOKEN,
      notifications: fake.core,
      idempotency: createIdempotency(redis, keys, box.marks),
      rate: createRateLimit(redis, keys.apiCalls, o.requests ?? limits.requests),
      marks: box.marks,
      personIdOf: makePersonId,
      readBytes: readRawBody,
      log,
      ...o.overrides,
    });

  /** Another web process at the same Redis. */
  async function start(): Promise<string> {
    const edge = createHttpEdge({
      signingSecret: undefined,
      routes: routes(),
      log,
      ...(o.requestWithinMs && { requestWithinMs: o.requestWithinMs }),
    });
    onTestFinished(() => edge.stop());
    const { port } = await edge.start(0, '127.0.0.1');
    return `http://127.0.0.1:${port}`;
  }
  const url = await start();

  /** A client that sees to it that both sides keep to the document. */
  async function ask(request: Ask, at = url): Promise<Got> {
    const { method = 'POST', path = '/api/notifications', body, isWrong = false } = request;
    const isJson = body !== undefined && typeof body !== 'string';
    const key = 'key' in request ? request.key : method === 'POST' ? randomUUID() : undefined;
    const headers = {
      ...BEARER,
      ...(isJson && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...request.headers,
    };
    if (!isWrong) expect(check.request({ method, path, headers, body })).toEqual([]);
    const response = await fetch(`${at}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
    });
    const text = await response.text();
    expect(
      check.response({ method, path }, { status: response.status, headers: response.headers, text }),
    ).toEqual([]);
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }
  return { ...opened, fake, lines, log, url, start, ask };
}

/** Of what was taken. */
export function idOf({ status, body }: Got): NotificationId {
  expect(status).toBe(202);
  return (body as { id: NotificationId }).id;
}
