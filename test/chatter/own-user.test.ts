import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseSentences } from '../../src/bridge/gate.ts';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import type { Doing } from '../../src/chatter/doing.ts';
import { deliveryError } from '../../src/chatter/errors.ts';
import { BrokenExchange, RefusedAnswer } from '../../src/chatter/http-failure.ts';
import { tokenError, wrongUser } from '../../src/chatter/token-errors.ts';
import { asSalesforceUser, failureOf, noWatch, startOrg, type TestOrg } from './org.ts';

const user = '005BRIDGE' as SalesforceUserId;
const own = (errorCode: string) => JSON.stringify([{ errorCode, message: '' }]);

/** Whoever reads it is in a mirrored thread, and cannot do anything about the bridge's own user. */
const SAYS_YOU = /\byou\b|\byour (Salesforce )?user|\byour Chatter|\bthan yours/i;

describe('what is said when it is the bridge’s own user who cannot write or read', () => {
  const codes = ['INSUFFICIENT_ACCESS', 'API_CURRENTLY_DISABLED', 'CHATTER_NOT_ENABLED', 'INVALID_ID_FIELD'];
  const refusals: [number, string][] = [
    ...[401, 404, 410, 429].map((status): [number, string] => [status, own('X')]),
    ...codes.map((code): [number, string] => [403, own(code)]),
    [401, 'This session is not valid for use with the REST API'],
    [503, own('REQUEST_LIMIT_EXCEEDED')],
    [503, '<html>away</html>'],
  ];

  it.each(['send', 'reply', 'read'] as const)('does not say that it is its reader: %s', (kind) => {
    const doing: Doing = { kind, as: 'bridge' };
    for (const [status, body] of refusals) {
      const { sentence, waitsFor } = deliveryError(new RefusedAnswer(status, {}, body), doing, user);
      expect(sentence).not.toMatch(SAYS_YOU);
      expect(waitsFor).toBeUndefined();
    }
    const how = { bytesOut: 9, answerBegan: false, timedOut: true, stoppedByWatch: false, cause: undefined };
    expect(deliveryError(new BrokenExchange(how), doing, user).sentence).not.toMatch(SAYS_YOU);
  });

  it('does not say so of a token, either', () => {
    const refused = new RefusedAnswer(
      400,
      {},
      '{"error":"invalid_grant","error_description":"too many login"}',
    );
    const limit = tokenError(refused, 'bridge', user);
    expect(limit.sentence).not.toMatch(SAYS_YOU);
    expect(limit.concerns?.reason).toBe('bridge-limit');
    expect(wrongUser('bridge').sentence).not.toMatch(SAYS_YOU);
    expect(wrongUser('person').sentence).toMatch(SAYS_YOU);
  });

  it('does not say so while it is waited for', () => {
    expect(pauseSentences['bridge-limit']).not.toMatch(SAYS_YOU);
    // It is not known whose readings are spent.
    expect(pauseSentences['reads-spent']).not.toMatch(SAYS_YOU);
  });
});

describe('the hourly limit of the bridge’s own user', () => {
  let org: TestOrg;
  beforeAll(async () => {
    org = await startOrg();
  });
  afterAll(() => org.close());

  it('is not said to be that of whoever it writes for', async () => {
    const bridge = org.server.users.map(asSalesforceUser).find(({ name }) => name === 'Chatter Bridge');
    if (!bridge) throw new Error('no such user');
    const draft = { body: 'hello', to: { recipients: [org.grace.id] } };
    const reasonOf = async (sender: typeof bridge) => {
      org.server.faults.arm({ do: 'status', answer: '503-limit', kind: 'post' });
      const failure = await failureOf(org.salesforce.messages.send(sender, draft, noWatch));
      return [failure.concerns?.reason, SAYS_YOU.test(failure.sentence)];
    };
    expect(await reasonOf(bridge)).toEqual(['bridge-limit', false]);
    expect(await reasonOf(org.ada)).toEqual(['person-limit', true]);
  });
});
