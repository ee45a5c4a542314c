import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOddServer } from './odd-server.ts';
import { failureOf, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const requestsOf = (kind: string) => org.server.requests.filter((request) => request.kind === kind);

describe('reading since a time', () => {
  const type = (text: string) => org.server.type(org.grace.id, { to: [org.ada.id] }, text);
  const textsSince = async (sinceMs: number, edge = org.salesforce) =>
    (await edge.messages.since(org.ada, sinceMs, 'look')).map(({ text }) => text);

  it('gives what the reader can see, and only that', async () => {
    type('for ada');
    org.server.type(org.grace.id, { to: [org.alan.id] }, 'not for ada');
    expect(await textsSince(0)).toEqual(['for ada']);
  });

  it('gives what was sent at that moment or later', async () => {
    const { sentDate } = type('x');
    expect(await textsSince(Date.parse(sentDate))).toEqual(['x']);
    expect(await textsSince(Date.parse(sentDate) + 1)).toEqual([]);
  });

  it('reads on over all pages that may hold something', async () => {
    for (let n = 0; n < 250; n++) type(`${n}`);
    expect(new Set(await textsSince(0)).size).toBe(250);
    expect(requestsOf('list')).toHaveLength(3);
    for (const { search } of requestsOf('list')) expect(search).toContain('pageSize=100');
  });

  describe('with a long past', () => {
    let nowMs: number;
    beforeEach(async () => {
      await org.close();
      nowMs = Date.now() - 24 * 60 * 60 * 1000;
      org = await startOrg({ now: () => nowMs });
      for (let n = 0; n < 150; n++) type(`old ${n}`);
      nowMs = Date.now();
      for (let n = 0; n < 5; n++) type(`new ${n}`);
    });

    it('stops at the first page that reaches back far enough', async () => {
      expect(await textsSince(nowMs - 60_000)).toHaveLength(5);
      expect(requestsOf('list')).toHaveLength(1);
    });

    it('reads all of it when the order is not known', async () => {
      expect(await textsSince(nowMs - 60_000, org.edge({ listOrder: 'unknown' }))).toHaveLength(5);
      expect(requestsOf('list')).toHaveLength(2);
    });

    it('misses nothing when the order turns out to be the other one', async () => {
      org.server.switches.order = 'oldest-first';
      expect(await textsSince(nowMs - 60_000)).toHaveLength(5);
    });
  });

  it('finds its way by nextPageUrl alone, but never to another place', async () => {
    const path = '/services/data/v66.0/chatter/users/me/messages';
    let nextPageUrl = `${path}?page=2`;
    const odd = await startOddServer(org.ada.id, ({ searchParams }) =>
      JSON.stringify(searchParams.has('page') ? { messages: [] } : { messages: [], nextPageUrl }),
    );
    const read = () => org.edge({ loginUrl: odd.url }).messages.since(org.ada, 0, 'look');
    await expect(read()).resolves.toEqual([]);
    expect(odd.paths).toEqual([path, path]);
    for (const elsewhere of [
      `http://127.0.0.1:1${path}?page=2`,
      '/services/data/v66.0/query?page=2',
      '//evil.example/',
    ]) {
      nextPageUrl = elsewhere;
      expect(await failureOf(read())).toMatchObject({ certain: true, code: 'answer-not-understood' });
    }
    expect(odd.paths).toEqual([path, path, path, path, path]);
    await odd.close();
  });

  it('says so when the list has no end', async () => {
    for (let n = 0; n < 2_001; n++) type(`${n}`);
    const edge = org.edge({ timeouts: { readMs: 5_000 } });
    const error = await failureOf(edge.messages.since(org.ada, 0, 'look'));
    expect(error).toMatchObject({ certain: true, code: 'list-too-long', retry: { kind: 'never' } });
    expect(error.sentence).toMatch(/2000 Chatter messages and could not read the list to its end/);
    expect(requestsOf('list')).toHaveLength(20);
  });

  it('fails without a doubt and asks once, whatever happens', async () => {
    await textsSince(0);
    const before = requestsOf('list').length;
    org.server.faults.arm({ do: 'status', answer: '503-page', kind: 'list' });
    expect(await failureOf(org.salesforce.messages.since(org.ada, 0, 'look'))).toMatchObject({
      certain: true,
      retry: { kind: 'later' },
    });
    expect(requestsOf('list')).toHaveLength(before + 1);
  });
});
