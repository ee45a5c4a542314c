import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const find = (email: string, called?: string, edge = org.salesforce) =>
  edge.directory.findByEmail(email, called);
const queries = () => org.server.requests.filter(({ kind }) => kind === 'query').length;

describe('looking somebody up by e-mail', () => {
  it('finds the one active user, however the address is written', async () => {
    expect(await find(' Grace@CORP.com ', 'Grace')).toEqual(org.grace);
  });

  it('finds users of Chatter Free', async () => {
    const { id } = org.server.addUser({ name: 'Joan', email: 'joan@corp.com', userType: 'CsnOnly' });
    expect(await find('joan@corp.com', 'Joan')).toMatchObject({ id });
  });

  it('says that there is none, to and about the sender', async () => {
    const unknown = await failureOf(find('joan@corp.com', undefined));
    expect(unknown).toMatchObject({ certain: true, code: 'user-unknown', retry: { kind: 'never' } });
    expect(unknown.sentence).toMatch(
      /^Salesforce has no user with your e-mail address joan@corp.com\. Ask your/,
    );
    expect((await failureOf(find('joan@corp.com', 'Joan Clarke'))).sentence).toMatch(
      /joan@corp.com \(Joan Clarke\)/,
    );
    expect((await failureOf(find('joan@corp.com', 'joan@corp.com'))).sentence).toBe(
      'Salesforce has no user with the e-mail address joan@corp.com. Ask your Salesforce admin to check the address of that Salesforce user.',
    );
  });

  it('says that a user is not active', async () => {
    org.server.changeUser(org.grace.id, { isActive: false });
    expect(await failureOf(find('grace@corp.com', 'Grace'))).toMatchObject({ code: 'user-not-active' });
  });

  it('takes the active one when an old user of theirs is not', async () => {
    org.server.addUser({ name: 'Grace, old', email: 'grace@corp.com', username: 'old@x', isActive: false });
    expect(await find('grace@corp.com', 'Grace')).toEqual(org.grace);
  });

  it('refuses when several are active, rather than take the first', async () => {
    org.server.addUser({ name: 'Grace Two', email: 'GRACE@corp.com', username: 'two@corp.com' });
    expect(await failureOf(find('grace@corp.com', 'Grace'))).toMatchObject({ code: 'user-ambiguous' });
  });

  it.each(['PowerPartner', 'CustomerSuccess', 'AutomatedProcess', 'Guest'])(
    'refuses a %s',
    async (userType) => {
      org.server.addUser({ name: 'Outsider', email: 'out@corp.com', userType });
      expect(await failureOf(find('out@corp.com', 'Outsider'))).toMatchObject({ code: 'user-external' });
    },
  );

  it('refuses the bridge’s own user, but not the admin who shares its address', async () => {
    const refused = await failureOf(find('admin@corp.com', 'the bridge'));
    expect(refused).toMatchObject({ certain: true, code: 'bridge-user', retry: { kind: 'never' } });
    expect(refused.sentence).toMatch(/is the bridge’s own/);
    const { id } = org.server.addUser({
      name: 'An Admin',
      email: 'admin@corp.com',
      username: 'admin@corp.com',
    });
    expect(await find('admin@corp.com', 'An Admin', org.edge())).toMatchObject({ id });
  });

  it.each(["o'neil@corp.com", "x\\' OR Email != '@corp.com", 'x\n\u0001"@corp.com'])(
    'takes %j as an address and nothing else',
    async (email) => {
      expect(await failureOf(find(email, 'them'))).toMatchObject({ code: 'user-unknown' });
      const { id } = org.server.addUser({ name: 'Odd', email });
      expect(await find(email, 'them', org.edge())).toMatchObject({ id });
    },
  );

  it('asks once for many questions at a time, and believes the answer for ten minutes', async () => {
    let nowMs = Date.now();
    const edge = org.edge({ now: () => nowMs });
    await Promise.all([find('grace@corp.com', 'Grace', edge), find('GRACE@corp.com', undefined, edge)]);
    nowMs += 10 * 60_000 - 1;
    await find('grace@corp.com', 'Grace', edge);
    expect(queries()).toBe(1);
    nowMs += 2;
    await find('grace@corp.com', 'Grace', edge);
    expect(queries()).toBe(2);
  });

  it('believes a no for half a minute, so that a mended user need not wait', async () => {
    let nowMs = Date.now();
    const edge = org.edge({ now: () => nowMs });
    await failureOf(find('joan@corp.com', 'Joan', edge));
    org.server.addUser({ name: 'Joan', email: 'joan@corp.com' });
    await failureOf(find('joan@corp.com', undefined, edge));
    expect(queries()).toBe(1);
    nowMs += 31_000;
    await expect(find('joan@corp.com', 'Joan', edge)).resolves.toMatchObject({ name: 'Joan' });
  });

  it('remembers no failure of the connection', async () => {
    org.server.faults.arm({ do: 'status', answer: '503-page', kind: 'query' });
    const error = await failureOf(find('grace@corp.com', 'Grace'));
    expect(error).toMatchObject({ certain: true, retry: { kind: 'later' } });
    expect(error.sentence).toMatch(/^The bridge could not look Grace up in Salesforce\./);
    expect(await find('grace@corp.com', 'Grace')).toEqual(org.grace);
  });

  it('keeps addresses out of codes and messages', async () => {
    const error = await failureOf(find('joan@corp.com', undefined));
    expect(error.code + error.message).not.toContain('@');
  });

  it('says that the bridge’s own user is at fault when it has no token', async () => {
    const bridge = org.server.users.find(({ username }) => username === 'bridge@corp.com');
    org.server.changeUser(bridge?.id ?? '', { preAuthorised: false });
    const error = await failureOf(find('grace@corp.com', 'Grace'));
    expect(error).toMatchObject({ certain: true, code: 'bridge-not-approved', waitsFor: undefined });
  });
});
