import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Refusal } from '../../sandbox/salesforce/api-error.ts';
import type { ChatterMessageId } from '../../src/bridge/people.ts';
import { failureOf, noWatch, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.close());
beforeEach(() => {
  org.server.faults.clear();
  const bridge = org.server.users.find(({ username }) => username === 'bridge@corp.com');
  org.server.changeUser(bridge?.id ?? '', { managesMessages: true });
});

const send = async (): Promise<ChatterMessageId> =>
  (
    await org.salesforce.messages.send(
      org.ada,
      { body: 'a slip', to: { recipients: [org.grace.id] } },
      noWatch,
    )
  ).id;
const isThere = (id: ChatterMessageId) => org.server.messages().some((message) => message.id === id);

describe('a message that is deleted', () => {
  it("is gone, with the bridge's own user; deleting it again does no harm", async () => {
    const id = await send();
    expect(await org.salesforce.removal.remove(id)).toBe(true);
    expect(isThere(id)).toBe(false);
    expect(await org.salesforce.removal.remove(id)).toBe(true);
  });

  it.each<Refusal>([
    { status: 404, errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' },
    { status: 403, errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights' },
    { status: 400, errorCode: 'INVALID_TYPE', message: 'sObject type is not supported' },
  ])('stays where the permission is missing ($errorCode)', async (refusal) => {
    const bridge = org.server.users.find(({ username }) => username === 'bridge@corp.com');
    org.server.changeUser(bridge?.id ?? '', { managesMessages: false });
    org.server.switches.removalForbidden = refusal;
    const id = await send();
    expect(await org.salesforce.removal.remove(id)).toBe(false);
    expect(isThere(id)).toBe(true);
  });

  it('may be deleted later where Salesforce is away or busy', async () => {
    const id = await send();
    for (const answer of ['503-page', '429'] as const) {
      org.server.faults.arm({ do: 'status', answer, kind: 'other' });
      const error = await failureOf(org.salesforce.removal.remove(id));
      expect(error.retry.kind).not.toBe('never');
      expect(error.certain).toBe(true);
      expect(error.waitsFor).toBeUndefined();
    }
    org.server.faults.arm({ do: 'drop-after', kind: 'other' });
    await failureOf(org.salesforce.removal.remove(id));
    expect(await org.salesforce.removal.remove(id)).toBe(true);
  });
});
