import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { newDelivery } from '../../src/bridge/delivery.ts';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { ChatPersonId, DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { describeError, logChanges } from '../../src/ops/log.ts';

/** An error as HTTP clients make them: with the request, its headers and its body all over it. */
function clientError(): Error {
  const secrets = {
    headers: { authorization: 'Bearer secret-token' },
    body: '{"text":"secret-text"}',
  };
  return Object.assign(new Error('Request failed with status 401'), {
    code: 'ERR_BAD_REQUEST',
    request: secrets,
    response: { ...secrets, data: secrets },
    config: secrets,
    toJSON: () => secrets,
  });
}

const written = (error: unknown): string => JSON.stringify(describeError(error));

describe('an error as it is logged', () => {
  it('has name, message, code and where it happened', () => {
    expect(describeError(clientError())).toEqual({
      type: 'Error',
      message: 'Request failed with status 401',
      code: 'ERR_BAD_REQUEST',
      stack: expect.stringContaining('log.test.ts'),
    });
  });

  it('has nothing of requests, headers and bodies, however deep they are', () => {
    const error = new DeliveryError({
      retry: { kind: 'never' },
      certain: true,
      code: 'refused',
      sentence: 'Salesforce said: secret-text',
      cause: new Error('wrapped', { cause: clientError() }),
    });
    expect(written(error)).not.toContain('secret');
    expect(written(error)).toContain('ERR_BAD_REQUEST');
  });

  it('has only the first line of a message, in the stack too', () => {
    const error = new Error('Unexpected answer:\n{"text":"secret-text"}\n    Authorization: secret-token');
    expect(written(error)).not.toContain('secret');
    expect(describeError(error)).toMatchObject({
      message: 'Unexpected answer:',
      stack: expect.stringMatching(/^\s+at /),
    });
  });

  it('has a message of bounded length', () => {
    expect(written(new Error('x'.repeat(10_000))).length).toBeLessThan(3_000);
  });

  it('does not repeat what could not be read as JSON', () => {
    const parse = () => JSON.parse('secret-text') as unknown;
    const caught = ((): unknown => {
      try {
        return parse();
      } catch (error) {
        return error;
      }
    })();
    expect(written(new Error('unreadable', { cause: caught }))).not.toContain('secret');
    expect(describeError(caught)).toMatchObject({ type: 'SyntaxError' });
  });

  it('may be its own cause', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(written(error).length).toBeLessThan(20_000);
  });

  it('may be anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(() => written(thrown)).not.toThrow();
      }),
    );
    expect(describeError('secret-text')).toEqual({ type: 'string' });
    expect(describeError({ token: 'secret-token' })).toEqual({ type: 'object' });
  });
});

describe('the line about a changed delivery', () => {
  const before = newDelivery({
    id: 'msg-1' as DeliveryId,
    to: 'chatter',
    lane: 'to-grace' as LaneKey,
    order: 1,
    author: 'T0CORP-U0ADA' as ChatPersonId,
    takenAtMs: 1,
  });
  const linesOf = (after: Partial<typeof before>) => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => lines.push(line) });
    logChanges(log)(before, { ...before, ...after });
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('follows a message by its id, from state to state', () => {
    expect(linesOf({ phase: 'begun', posts: 1 })).toMatchObject([
      { level: 30, delivery: 'msg-1', author: 'T0CORP-U0ADA', from: 'queued', phase: 'begun', posts: 1 },
    ]);
  });

  it.each(['failed', 'uncertain'] as const)(
    'warns of one that is %s, by code and without any words',
    (phase) => {
      const [line] = linesOf({
        phase,
        failure: { code: 'vetoed', sentence: 'The trigger said: secret-text' },
      });
      expect(line).toMatchObject({ level: 40, code: 'vetoed', phase });
      expect(JSON.stringify(line)).not.toContain('secret');
    },
  );
});
