import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceUserId } from '../../src/bridge/people.ts';
import { failureOf, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const search = async (name: string, edge = org.salesforce) =>
  (await edge.directory.search(name)).map((user) => user.name);
const queries = () => org.server.requests.filter(({ kind }) => kind === 'query').length;

describe('looking people up by name', () => {
  it.each([
    ['gra', ['Grace Hopper']],
    ['HOP', ['Grace Hopper']],
    ['hopper, grace', ['Grace Hopper']],
    ['grace hop', ['Grace Hopper']],
    ['grace turing', []],
    ['race', []],
    ['', []],
    [' , ', []],
  ])('%j finds whom it begins a word of', async (typed, found) => {
    expect(await search(typed)).toEqual(found);
  });

  it('finds the second half of a double name', async () => {
    org.server.addUser({ name: 'Mary-Anne Evans', email: 'eliot@corp.com' });
    expect(await search('anne')).toEqual(['Mary-Anne Evans']);
  });

  it('tells people of one name apart by their address', async () => {
    org.server.addUser({ name: 'Grace Hopper', email: 'grace2@corp.com' });
    const found = await org.salesforce.directory.search('grace');
    expect(found.map(({ email }) => email).sort()).toEqual(['grace2@corp.com', 'grace@corp.com']);
    expect(found).toContainEqual({ ...org.grace, email: 'grace@corp.com' });
  });

  it('leaves out who is inactive or from outside, and the bridge’s own user', async () => {
    org.server.addUser({ name: 'Joan Gone', email: 'gone@corp.com', isActive: false });
    org.server.addUser({ name: 'Joan Partner', email: 'partner@corp.com', userType: 'PowerPartner' });
    org.server.addUser({ name: 'Joan Free', email: 'free@corp.com', userType: 'CsnOnly' });
    expect(await search('joan')).toEqual(['Joan Free']);
    expect(await search('chatter')).toEqual([]);
  });

  it.each(["o'neil", '100%', 'a_b', "\\' OR Name LIKE '", '%', '_', '\u{d83d}', 'x'.repeat(5_000)])(
    'takes %.30j as a name and nothing else',
    async (name) => {
      expect(await search(name)).toEqual([]);
    },
  );

  it('finds a name with such characters', async () => {
    org.server.addUser({ name: "Peg O'Neil 100%_", email: 'peg@corp.com' });
    expect(await search("o'neil 100%_")).toEqual(["Peg O'Neil 100%_"]);
  });

  it('gives a handful, in the order of their names', async () => {
    for (let n = 40; n > 10; n -= 1) org.server.addUser({ name: `Zoe ${n}`, email: `zoe${n}@corp.com` });
    const found = await search('zoe');
    expect(found).toHaveLength(20);
    expect(found).toEqual(found.toSorted());
  });

  it('asks once for many questions at a time, and believes the answer for half a minute', async () => {
    let nowMs = Date.now();
    const edge = org.edge({ now: () => nowMs });
    await Promise.all([search('gra', edge), search(' GRA', edge)]);
    nowMs += 29_000;
    await search('gra', edge);
    expect(queries()).toBe(1);
    nowMs += 2_000;
    await search('gra', edge);
    expect(queries()).toBe(2);
  });

  it('remembers no failure', async () => {
    org.server.faults.arm({ do: 'status', answer: '503-page', kind: 'query' });
    expect(await failureOf(org.salesforce.directory.search('gra'))).toMatchObject({
      certain: true,
      retry: { kind: 'later' },
    });
    expect(await search('gra')).toEqual(['Grace Hopper']);
  });
});

describe('looking somebody up who was picked', () => {
  const find = (id: string, edge = org.salesforce) => edge.directory.findById(id as SalesforceUserId);

  it('finds them', async () => {
    expect(await find(org.grace.id)).toEqual(org.grace);
  });

  it('says by name who cannot be written to any more', async () => {
    org.server.changeUser(org.grace.id, { isActive: false });
    const inactive = await failureOf(find(org.grace.id));
    expect(inactive).toMatchObject({ code: 'user-not-active', certain: true, retry: { kind: 'never' } });
    expect(inactive.sentence).toMatch(/^The Salesforce user Grace Hopper is not active/);
    expect(inactive.message).not.toContain('Grace');
    org.server.changeUser(org.alan.id, { userType: 'PowerPartner' });
    expect(await failureOf(find(org.alan.id))).toMatchObject({ code: 'user-external' });
  });

  it('refuses the bridge’s own user, and one that is not there', async () => {
    const own = await org.salesforce.directory.own();
    expect(await failureOf(find(own.id))).toMatchObject({ code: 'bridge-user' });
    expect(await failureOf(find('005000000000999AAA'))).toMatchObject({ code: 'user-unknown' });
  });

  it('believes the answer for a while, and a no for less', async () => {
    let nowMs = Date.now();
    const edge = org.edge({ now: () => nowMs });
    org.server.changeUser(org.alan.id, { isActive: false });
    await find(org.grace.id, edge);
    await failureOf(find(org.alan.id, edge));
    org.server.changeUser(org.alan.id, { isActive: true });
    nowMs += 31_000;
    expect(await find(org.alan.id, edge)).toEqual(org.alan);
    await find(org.grace.id, edge);
    expect(queries()).toBe(3);
  });
});

describe('the bridge’s own user', () => {
  it('is known by name, and asked for once', async () => {
    expect(await org.salesforce.directory.own()).toMatchObject({
      name: 'Chatter Bridge',
      username: 'bridge@corp.com',
    });
    await org.salesforce.directory.own();
    expect(queries()).toBe(1);
  });
});
