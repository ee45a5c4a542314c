import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RefusedAnswer } from '../../src/chatter/http-failure.ts';

const waitOf = (headers: Record<string, string>) => new RefusedAnswer(503, headers, '').retryAfterMs;

describe('a refused answer', () => {
  it('knows when to ask again, in seconds or as a date by the server’s own clock', () => {
    const date = 'Sun, 22 Nov 2026 12:00:00 GMT';
    expect(waitOf({ 'retry-after': '90' })).toBe(90_000);
    expect(waitOf({ 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT', date })).toBe(120_000);
    expect(waitOf({ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT', date })).toBe(0);
    expect(waitOf({ 'retry-after': '99999999' })).toBe(24 * 60 * 60 * 1000);
  });

  it.each([[{}], [{ 'retry-after': 'soon' }], [{ 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT' }]])(
    'leaves it open for %j',
    (headers: Record<string, string>) => {
      expect(waitOf(headers)).toBeUndefined();
    },
  );

  it('reads Salesforce’s own errors, as a list or alone, and nothing else', () => {
    const codesIn = (body: string) => new RefusedAnswer(400, {}, body).errorCodes;
    expect(codesIn('[{"errorCode":"A","message":"a"},{"errorCode":"B","message":"b"}]')).toEqual(['A', 'B']);
    expect(codesIn('{"errorCode":"A","message":"a"}')).toEqual(['A']);
    for (const body of ['', 'null', '[]', '{}', '<html>', '[null]', '{"errorCode":7}']) {
      expect(codesIn(body)).toEqual([]);
    }
  });

  it('does not show its body to loggers', () => {
    const answer = new RefusedAnswer(400, {}, '[{"errorCode":"A","message":"the secret plan"}]');
    expect(inspect(answer, { depth: 9, showHidden: true }) + JSON.stringify(answer)).not.toContain('secret');
  });
});
