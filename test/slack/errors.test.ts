import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { Scope } from '../../src/bridge/people.ts';
import { type CallKind, isInstallationError, slackCall, toDeliveryError } from '../../src/slack/errors.ts';
import { createWebClient } from '../../src/slack/web-client.ts';
import { freePort } from './free-port.ts';

const log = pino({ level: 'silent' });

/** What a call of Slack's own client becomes when its server answers like this. */
async function outcome(kind: CallKind, answer: RequestListener, timeoutMs = 2_000) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const client = createWebClient('xoxb-1', `http://127.0.0.1:${port}/api/`, log, timeoutMs);
  return slackCall(kind, client.chat.postMessage({ channel: 'U1', text: 'hi' })).catch((error) => error);
}

const says =
  (error: string): RequestListener =>
  (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: false, error }));

describe("Slack's refusals", () => {
  it.each([
    // Nothing changes by itself.
    ['channel_not_found', 'never', true],
    ['not_in_channel', 'never', true],
    ['is_archived', 'never', true],
    ['msg_too_long', 'never', true],
    ['cannot_reply_to_message', 'never', true],
    ['restricted_action_thread_only_channel', 'never', true],
    ['messages_tab_disabled', 'never', true],
    ['ekm_access_denied', 'never', true],
    ['user_not_found', 'never', true],
    ['invalid_blocks', 'never', true],
    ['something_slack_invents_tomorrow', 'never', true],
    // An administrator repairs it.
    ['invalid_auth', 'after', true],
    ['account_inactive', 'after', true],
    ['token_revoked', 'after', true],
    ['token_expired', 'after', true],
    ['missing_scope', 'after', true],
    ['team_access_not_granted', 'after', true],
    // Not now.
    ['ratelimited', 'after', true],
    ['fetch_members_failed', 'after', true],
    ['team_added_to_org', 'after', true],
    ['request_timeout', 'later', true],
    // A part of the work may have been done.
    ['fatal_error', 'later', false],
    ['internal_error', 'later', false],
    ['service_unavailable', 'later', false],
  ])('%s: %s, certain: %s', async (name, retry, certain) => {
    expect(await outcome('post', says(name))).toMatchObject({
      name: 'DeliveryError',
      retry: { kind: retry },
      certain,
      code: `slack-${name.replaceAll('_', '-')}`,
    });
  });

  it('tell what is wrong with the installation from everything else', async () => {
    expect(isInstallationError(await outcome('read', says('missing_scope')))).toBe(true);
    expect(isInstallationError(await outcome('read', says('user_not_found')))).toBe(false);
    expect(isInstallationError(new Error('missing_scope'))).toBe(false);
  });
});

describe('an answer that is none of Slack', () => {
  it.each([
    ['HTTP 500', (_q: unknown, s: { writeHead(n: number): { end(): void } }) => s.writeHead(500).end()],
    ['HTTP 403', (_q: unknown, s: { writeHead(n: number): { end(): void } }) => s.writeHead(403).end()],
    ['a page of HTML', says(`<html>${'x'.repeat(100)}</html>`)],
    ['a short page', says('<b>502</b>')],
  ])('%s may have been preceded by the deed', async (_, answer) => {
    const listener = answer as RequestListener;
    expect(await outcome('post', listener)).toMatchObject({
      retry: { kind: 'later' },
      certain: false,
      lost: 'broken',
    });
    expect(await outcome('read', listener)).toMatchObject({ retry: { kind: 'later' }, certain: true });
  });

  it('is understood when the page comes as a page', async () => {
    const page: RequestListener = (_request, response) =>
      response
        .setHeader('content-type', 'text/html')
        .end('<html>We will be back soon, says the proxy</html>');
    expect(await outcome('post', page)).toMatchObject({ code: 'slack-not-an-answer', certain: false });
  });

  it('after silence: nobody knows, Slack may still be at work', async () => {
    expect(await outcome('post', () => {}, 50)).toMatchObject({
      retry: { kind: 'later' },
      certain: false,
      lost: 'silent',
      code: 'slack-time-out',
    });
  });

  it('a reset connection: nobody knows', async () => {
    expect(await outcome('post', (request) => request.socket.destroy())).toMatchObject({
      retry: { kind: 'later' },
      certain: false,
      lost: 'broken',
      code: 'slack-connection-lost',
    });
  });
});

describe('a call that never reached Slack', () => {
  it.each([
    ['nobody listens', async () => `http://127.0.0.1:${await freePort()}/api/`],
    ['nobody listens at any of its addresses', async () => `http://localhost:${await freePort()}/api/`],
    ['the name is unknown', async () => 'http://no-such-host.invalid/api/'],
  ])('is certainly undone when %s', async (_, urlOf) => {
    const url = await urlOf();
    const call = slackCall(
      'post',
      createWebClient('xoxb-1', url, log).chat.postMessage({ channel: 'U1', text: 'hi' }),
    );
    await expect(call).rejects.toMatchObject({
      retry: { kind: 'later' },
      certain: true,
      code: 'slack-unreachable',
    });
  });
});

describe('a rate limit', () => {
  it.each([
    ['as long as Slack says', { 'retry-after': '7' }, 7_000],
    ['a minute when Slack does not say', {}, 60_000],
  ])('is waited for %s', async (_, headers, ms) => {
    const limited: RequestListener = (_request, response) => response.writeHead(429, headers).end();
    expect(await outcome('post', limited)).toMatchObject({
      retry: { kind: 'after', ms },
      certain: true,
      code: 'slack-rate-limited',
    });
  });
});

it('an error that is understood already stays as it is', () => {
  const error = refusedForGood('person-bot', 'A Robot is an app.');
  expect(toDeliveryError(error, 'post')).toBe(error);
});

it('a 429 concerns all that is asked of the same, in whatever words Slack says it; nothing else does', () => {
  const scope = 'slack-method:chat.update' as Scope;
  const platform = (error: string) => new WebAPIPlatformError({ ok: false, error });
  for (const limit of [new WebAPIRateLimitedError(3), platform('ratelimited'), platform('rate_limited')]) {
    expect(toDeliveryError(limit, 'post', scope).concerns).toEqual({ scope, reason: 'chat-limit' });
  }
  for (const other of [platform('channel_not_found'), platform('internal_error'), new Error('?')]) {
    expect(toDeliveryError(other, 'post', scope).concerns).toBeUndefined();
  }
});
