import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../src/api/limits.ts';
import { patterns, readNotificationBody } from '../../src/api/notification-body.ts';
import { createOpenApiCheck, type Document, readOpenApi } from './openapi-check.ts';

const file = fileURLToPath(new URL('../../docs/openapi.yaml', import.meta.url));
const linter = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));

/** The rules that a file breaks. The linter asks nobody: it would else tell its makers that it runs, and look for a newer one. */
function lint(path: string): Promise<string[]> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const args = [linter, 'lint', '--extends=recommended-strict', '--format=json', path];
  return new Promise((resolve, reject) => {
    // It ends with 1 when a rule is broken.
    execFile(process.execPath, args, { env }, (_error, stdout, stderr) => {
      try {
        const { problems } = JSON.parse(stdout) as { problems: { ruleId: string }[] };
        resolve(problems.map(({ ruleId }) => ruleId));
      } catch (cause) {
        reject(new Error(`the linter says: ${stderr}`, { cause }));
      }
    });
  });
}

const check = createOpenApiCheck(readOpenApi());
const schemaOfBody = ['components', 'schemas', 'NewNotification'];

describe('docs/openapi.yaml', () => {
  it('is accepted by a linter, with every rule that it recommends', async () => {
    expect(await lint(file)).toEqual([]);
  });

  it('would not be with a mistake in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const wrong = join(folder, 'openapi.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(wrong, text.replace('operationId: getNotification', 'operationId: createNotification'));
    expect(await lint(wrong)).toEqual(['operation-operationId-unique']);
  });

  it('says what clients are held to', () => {
    const { properties } = (readOpenApi().components as { schemas: Record<string, unknown> }).schemas
      .NewNotification as { properties: Record<string, Record<string, unknown>> };
    const { recipients, text, at, cron } = properties;
    expect(recipients).toMatchObject({
      maxItems: limits.recipients,
      items: {
        anyOf: [
          { maxLength: limits.emailCharacters, pattern: patterns.email },
          { pattern: patterns.person },
          { pattern: patterns.group },
        ],
      },
    });
    expect(text).toMatchObject({ maxLength: limits.textCharacters, pattern: patterns.text });
    expect([at?.pattern, cron?.pattern]).toEqual([patterns.at, patterns.cron]);
    const told = JSON.stringify(readOpenApi());
    expect(told).toContain(`At most ${limits.requests.most} requests a minute`);
    expect(told).toContain(`At most ${limits.bodyBytes / 1_024} KB`);
    expect(told).toContain(`"maxLength":${limits.idempotencyKeyCharacters}`);
    expect(limits.requests.windowMs).toBe(60_000);
  });

  it('takes what the bridge takes, and nothing else', () => {
    const some = <T>(right: fc.Arbitrary<T>, ...wrong: unknown[]) =>
      fc.oneof(
        { weight: 20, arbitrary: right as fc.Arbitrary<unknown> },
        { weight: 1, arbitrary: fc.constantFrom(...wrong) },
      );
    const recipient = some(
      fc.oneof(
        fc.emailAddress(),
        fc.stringMatching(/^[TE][A-Z0-9]{1,9}:[UW][A-Z0-9]{1,9}$/),
        fc.stringMatching(/^@[\p{L}a-z0-9._-]{1,85}$/u),
      ),
      '',
      ' ',
      'grace',
      'T0CORP',
      '@',
      'a@b',
      `${'a'.repeat(250)}@corp.com`,
      7,
      null,
    );
    const time = some(
      // No 31st of a shorter month: that there is such a day is beyond a pattern.
      fc
        .date({ min: new Date(0), max: new Date('2099-12-28'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      '2026-12-01T09:00+01:00',
      '2026-12-01T09:00:00',
      '2026-12-01',
      '2026-13-01T09:00:00Z',
      '2026-12-01T24:00:00Z',
      '2026-12-01T23:59:60Z',
      '2026-12-01 09:00:00Z',
      7,
    );
    const parts = {
      recipients: some(fc.array(recipient, { minLength: 1, maxLength: 3 }), [], ['a@b.c', 'a@b.c'], 'a@b.c'),
      text: some(
        fc.string({ minLength: 1, unit: 'binary' }),
        '',
        ' \n',
        '👋'.repeat(40_000),
        'a'.repeat(40_001),
        null,
      ),
      at: time,
      cron: some(fc.constantFrom('0 9 * * 1', '*/5 * * * *', '0 9 1 JAN *'), '0 9 * *', '0 0 9 * * 1', '', 7),
      timeZone: some(fc.constantFrom('Europe/Berlin', 'UTC'), '', 7),
    };
    const { recipients, text, at, cron, timeZone } = parts;
    const body = fc.oneof(
      fc.record({ recipients, text }),
      fc.record({ recipients, text, at }),
      fc.record({ recipients, text, cron, timeZone }),
      fc.record({ ...parts, more: fc.constant(1) }, { requiredKeys: [] }),
    );
    let taken = 0;
    fc.assert(
      fc.property(body, (value) => {
        const isTaken = 'body' in readNotificationBody(value);
        if (isTaken) taken += 1;
        expect(isTaken).toBe(check.schema(schemaOfBody, value).length === 0);
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

describe('the check against it', () => {
  const created = { method: 'POST', path: '/api/notifications' };
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k', authorization: 'Bearer t' };
  const body = { recipients: ['grace@corp.com'], text: 'hi' };
  const accepted = (change: object = {}, status = 202) => ({
    status,
    headers: new Headers({ 'content-type': 'application/json', location: '/api/notifications/api-1' }),
    text: JSON.stringify({ id: 'api-1', state: 'accepted', ...change }),
  });

  it('finds nothing wrong with what is right', () => {
    expect(check.request({ ...created, headers, body })).toEqual([]);
    expect(check.response(created, accepted())).toEqual([]);
  });

  it.each([
    ['a path that is not in it', { path: '/api/notes' }, /not in the document/],
    ['a method that is not in it', { method: 'PUT' }, /not in the document/],
    [
      'a header that is missing',
      { headers: { 'content-type': 'application/json' } },
      /Idempotency-Key is missing/,
    ],
    ['a header that is wrong', { headers: { ...headers, 'idempotency-key': 'a b' } }, /Idempotency-Key/],
    ['another content type', { headers: { ...headers, 'content-type': 'text/plain' } }, /content type/],
    ['a body that is missing', { body: undefined }, /body is missing/],
    ['a body that is wrong', { body: { ...body, recipients: ['nobody'] } }, /recipients/],
    ['a property too many', { body: { ...body, more: 1 } }, /additional/],
    [
      'a query that is wrong',
      { method: 'GET', path: '/api/notifications?state=old', body: undefined },
      /state/,
    ],
    ['an id that is wrong', { method: 'GET', path: '/api/notifications/a%20b', body: undefined }, /id/],
  ])('sees %s in a request', (_what, change, says) => {
    expect(check.request({ ...created, headers, body, ...change }).join()).toMatch(says);
  });

  it.each([
    ['a status that is not in it', accepted({}, 200), /200 is not in the document/],
    ['a property that is missing', accepted({ id: undefined }), /required/],
    ['a property too many', accepted({ more: 1 }), /additional/],
    ['a value that is wrong', accepted({ state: 'done' }), /state/],
    [
      'a header that is missing',
      { ...accepted(), headers: new Headers({ 'content-type': 'application/json' }) },
      /Location/,
    ],
    [
      'another content type',
      { ...accepted(), headers: new Headers({ location: '/api/notifications/api-1' }) },
      /content type/,
    ],
    ['what is no JSON', { ...accepted(), text: 'ok' }, /no JSON/],
  ])('sees %s in an answer', (_what, answered, says) => {
    expect(check.response(created, answered).join()).toMatch(says);
  });

  it('follows the document: with another one the same answer is wrong', () => {
    const changed = JSON.parse(JSON.stringify(readOpenApi())) as Document;
    const { schemas } = changed.components as { schemas: { Accepted: { required: string[] } } };
    schemas.Accepted.required.push('recipients');
    expect(createOpenApiCheck(changed).response(created, accepted())).not.toEqual([]);
  });
});
