import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const findAll = (emails: readonly string[], edge = org.salesforce) => edge.directory.findAll(emails);
const queries = () => org.server.requests.filter(({ kind }) => kind === 'query');

describe('looking many people up by e-mail', () => {
  it('gives each their user, or why there is none, in one question', async () => {
    const { addUser, changeUser } = org.server;
    changeUser(org.alan.id, { isActive: false });
    addUser({ name: 'Out', email: 'out@corp.com', userType: 'PowerPartner' });
    addUser({ name: 'Two', email: 'TWO@corp.com', username: 'one' });
    addUser({ name: 'Two', email: 'two@corp.com', username: 'two' });
    addUser({ name: 'Old Ada', email: 'ada@corp.com', username: 'old', isActive: false });
    const emails = [
      'grace@corp.com',
      'alan@corp.com',
      'out@corp.com',
      'two@corp.com',
      'nobody@corp.com',
      'ada@corp.com',
    ];
    expect(await findAll([...emails, 'grace@corp.com'])).toEqual(
      new Map<string, unknown>([
        ['grace@corp.com', org.grace],
        ['alan@corp.com', 'inactive'],
        ['out@corp.com', 'other-company'],
        ['two@corp.com', 'several-users'],
        ['nobody@corp.com', 'no-user'],
        ['ada@corp.com', org.ada],
      ]),
    );
    expect(queries()).toHaveLength(1);
  });

  it('never counts the bridge’s own user', async () => {
    expect(await findAll(['admin@corp.com'])).toEqual(new Map([['admin@corp.com', 'no-user']]));
    const { id } = org.server.addUser({ name: 'Admin', email: 'admin@corp.com', username: 'admin' });
    const found = await findAll(['admin@corp.com'], org.edge());
    expect(found.get('admin@corp.com')).toMatchObject({ id });
  });

  it('asks for five hundred people in few questions, each short enough for Salesforce', async () => {
    const emails = Array.from({ length: 500 }, (_, n) => `first.last+${n}'x@a-long-name.corp.com`);
    for (const [n, email] of emails.entries())
      org.server.addUser({ name: `P ${n}`, email, username: `${n}` });
    const found = await findAll(emails);
    expect([...found.keys()]).toEqual(emails);
    expect([...found.values()].every((one) => typeof one === 'object')).toBe(true);
    expect(queries().map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('reads an answer to its end, however small its pages', async () => {
    for (let n = 0; n < 7; n++)
      org.server.addUser({ name: 'Test', email: 'test@corp.com', username: `t${n}` });
    org.server.switches.queryBatchSize = 2;
    expect(await findAll(['test@corp.com', 'grace@corp.com'])).toEqual(
      new Map<string, unknown>([
        ['grace@corp.com', org.grace],
        ['test@corp.com', 'several-users'],
      ]),
    );
    expect(queries()).toHaveLength(4);
  });

  it('shares what it found with the look-ups of one, and they with it', async () => {
    const { directory } = org.salesforce;
    await directory.findByEmail('Grace@corp.com', 'Grace');
    await findAll(['grace@corp.com', 'ada@corp.com', 'nobody@corp.com']);
    expect(queries()).toHaveLength(2);
    expect(decodeURIComponent(queries()[1]?.search ?? '')).not.toContain('grace');
    expect(await directory.findByEmail('ada@corp.com', 'Ada')).toEqual(org.ada);
    expect(await failureOf(directory.findByEmail('nobody@corp.com', 'N'))).toMatchObject({
      code: 'user-unknown',
    });
    expect(queries()).toHaveLength(2);
  });

  it('believes a user for ten minutes and a no for half a minute', async () => {
    let nowMs = Date.now();
    const edge = org.edge({ now: () => nowMs });
    await findAll(['grace@corp.com', 'joan@corp.com'], edge);
    org.server.addUser({ name: 'Joan', email: 'joan@corp.com' });
    nowMs += 31_000;
    const found = await findAll(['grace@corp.com', 'joan@corp.com'], edge);
    expect(found.get('joan@corp.com')).toMatchObject({ name: 'Joan' });
    expect(decodeURIComponent(queries()[1]?.search ?? '')).not.toContain('grace');
  });

  it('asks nobody about nobody, nor about what is no address', async () => {
    expect(await findAll([])).toEqual(new Map());
    const odd = ['\ud800@corp.com', 'no address', `${'a'.repeat(260)}@corp.com`];
    expect(await findAll(odd)).toEqual(new Map(odd.map((email) => [email, 'no-user'])));
    expect(queries()).toEqual([]);
  });

  it.each(["o'neil@corp.com", "x\\') or email != ('@corp.com", 'x\n"@corp.com'])(
    'takes %j as an address and nothing else',
    async (email) => {
      expect(await findAll([email])).toEqual(new Map([[email, 'no-user']]));
      const { id } = org.server.addUser({ name: 'Odd', email, username: 'odd' });
      expect((await findAll([email], org.edge())).get(email)).toMatchObject({ id });
    },
  );

  it('fails as a whole, and then asks only for the rest', async () => {
    const emails = Array.from({ length: 600 }, (_, n) => `person${n}@corp.com`);
    for (const email of emails) org.server.addUser({ name: 'P', email });
    org.server.faults.arm({ do: 'slow', delayMs: 0, kind: 'query' });
    org.server.faults.arm({ do: 'status', answer: '503-page', kind: 'query' });
    const error = await failureOf(findAll(emails));
    expect(error).toMatchObject({ certain: true, retry: { kind: 'later' } });
    expect(error.sentence).toMatch(/^The bridge could not look people up in Salesforce\./);
    expect(error.code + error.message).not.toContain('@');
    const before = queries().length;
    expect((await findAll(emails)).size).toBe(600);
    expect(queries().length - before).toBe(1);
  });

  it('says when the day’s requests are used up', async () => {
    org.server.switches.dailyLimit = 0;
    expect(await failureOf(findAll(['ada@corp.com']))).toMatchObject({
      code: 'daily-limit',
      concerns: { reason: 'org-limit' },
    });
  });
});
