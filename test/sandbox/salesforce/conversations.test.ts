import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { conversationsPath, idOf, startWithPeople, type Visitor, visitor } from './visitor.ts';

describe('conversations', () => {
  let salesforce: StandInSalesforce;
  let ada: Visitor;
  let adaId: string;
  let grace: string;
  let alan: string;
  beforeAll(async () => {
    salesforce = await startWithPeople();
  });
  afterAll(() => salesforce.close());
  beforeEach(async () => {
    salesforce.reset();
    ada = await visitor(salesforce, 'Ada');
    [adaId, grace, alan] = [idOf(salesforce, 'Ada'), idOf(salesforce, 'Grace'), idOf(salesforce, 'Alan')];
  });

  it('are listed by latest activity, with members and without recipients', async () => {
    const first = salesforce.type(grace, { to: [adaId] }, 'one');
    const second = salesforce.type(alan, { to: [adaId, grace] }, 'two');
    salesforce.type(adaId, { conversationId: first.conversationId }, 'three');
    salesforce.type(alan, { to: [grace] }, 'not for Ada');
    const { json } = await ada.get(conversationsPath);
    expect(json.conversations.map((one: { id: string }) => one.id)).toEqual([
      first.conversationId,
      second.conversationId,
    ]);
    const [latest] = json.conversations;
    expect(latest.latestMessage).toMatchObject({ body: { text: 'three' }, recipients: [] });
    expect(latest.members.map((user: { id: string }) => user.id)).toEqual([grace, adaId]);
    expect(json).toMatchObject({ nextPageUrl: null, nextPageToken: null });
    const found = await ada.get(`${conversationsPath}?q=two`);
    expect(found.json.conversations).toMatchObject([{ id: second.conversationId }]);
  });

  it('show their messages in pages, under names of their own', async () => {
    const { conversationId } = salesforce.type(grace, { to: [adaId] }, 'one');
    salesforce.type(grace, { to: [adaId] }, 'two');
    const { json } = await ada.get(`${conversationsPath}/${conversationId}?pageSize=1`);
    expect(json).toMatchObject({ conversationId, conversationUrl: `${conversationsPath}/${conversationId}` });
    expect(json).not.toHaveProperty('id');
    expect(json.members).toHaveLength(2);
    expect(json.messages.messages).toMatchObject([{ body: { text: 'two' }, recipients: [] }]);
    const next = await ada.get(json.messages.nextPageUrl);
    expect(next.json.messages.messages).toMatchObject([{ body: { text: 'one' } }]);
  });

  it('are hidden from others', async () => {
    const { conversationId } = salesforce.type(grace, { to: [alan] }, 'secret');
    for (const method of ['GET', 'PATCH'] as const) {
      const reply = await ada.send(method, `${conversationsPath}/${conversationId}?read=true`);
      expect(reply).toMatchObject({ status: 404, json: [{ errorCode: 'NOT_FOUND' }] });
    }
  });

  it('are unread until marked, for each member alone', async () => {
    const { conversationId } = salesforce.type(grace, { to: [adaId] }, 'one');
    const path = `${conversationsPath}/${conversationId}`;
    const unread = async (who: Visitor) => (await who.get(`${conversationsPath}/unread-count`)).json;
    expect(await unread(ada)).toEqual({ unreadCount: 1, hasMore: false });
    expect(await unread(await visitor(salesforce, 'Grace'))).toEqual({ unreadCount: 0, hasMore: false });
    const patched = await ada.send('PATCH', path, { read: true });
    expect(patched).toMatchObject({ status: 200, json: { id: conversationId, read: true } });
    expect(await unread(ada)).toEqual({ unreadCount: 0, hasMore: false });
    expect((await ada.send('POST', `${path}?_HttpMethod=PATCH&read=false`)).json.read).toBe(false);
    salesforce.switches.readMeansUnread = true;
    expect((await ada.get(path)).json.read).toBe(true);
    salesforce.switches.patchAnswers = 'no-content';
    expect(await ada.send('PATCH', `${path}?read=true`)).toMatchObject({ status: 204, text: '' });
  });

  it('refuse a mark that is neither true nor false', async () => {
    const { conversationId } = salesforce.type(grace, { to: [adaId] }, 'one');
    const path = `${conversationsPath}/${conversationId}`;
    for (const body of [{ read: 'true' }, { unread: true }]) {
      expect((await ada.send('PATCH', path, body)).json[0].errorCode).toBe('JSON_PARSER_ERROR');
    }
    expect((await ada.send('PATCH', `${path}?read=1`)).status).toBe(400);
  });
});
