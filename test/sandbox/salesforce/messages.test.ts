import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { conversationsPath, idOf, messagesPath, startWithPeople, type Visitor, visitor } from './visitor.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/seed-message.json', import.meta.url), 'utf8'),
);

/** Every path to a value, with the value's type; array members are numbered. */
function structure(value: unknown, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [path];
  const inner = Object.entries(value).flatMap(([key, one]) => structure(one, `${path}.${key}`));
  return inner.length > 0 ? inner : [path];
}

let salesforce: StandInSalesforce;
let ada: Visitor;
let people: { ada: string; grace: string; alan: string };
beforeAll(async () => {
  salesforce = await startWithPeople();
});
afterAll(() => salesforce.close());
beforeEach(async () => {
  salesforce.reset();
  ada = await visitor(salesforce, 'Ada');
  people = { ada: idOf(salesforce, 'Ada'), grace: idOf(salesforce, 'Grace'), alan: idOf(salesforce, 'Alan') };
});

const refusal = async (body: unknown) => {
  const { status, json } = await ada.message(body);
  return [status, json[0]?.errorCode];
};

describe('sending', () => {
  it('answers 201 with exactly the fields of the recorded answer, the sender among the recipients', async () => {
    const { status, json } = await ada.message({ body: 'lunch?', recipients: [people.grace] });
    expect(status).toBe(201);
    expect(structure(json)).toEqual(structure(recorded));
    expect(json.body).toEqual({ isRichText: null, messageSegments: [], text: 'lunch?' });
    expect(json.recipients.map((user: { id: string }) => user.id)).toEqual([people.grace, people.ada]);
    expect(json.conversationUrl).toBe(`${conversationsPath}/${json.conversationId}`);
    salesforce.switches.recipientsIncludeSender = false;
    const second = await ada.message({ body: 'now?', recipients: [people.grace] });
    expect(second.json.recipients.map((user: { id: string }) => user.id)).toEqual([people.grace]);
  });

  it('stores who wrote what, where and when', async () => {
    const before = Date.now();
    const { json } = await ada.message({ body: 'lunch?', recipients: [people.grace.slice(0, 15)] });
    const [message] = salesforce.messages();
    expect(message).toMatchObject({
      id: json.id,
      conversationId: json.conversationId,
      senderId: people.ada,
      recipientIds: [people.grace],
      text: 'lunch?',
      sentDate: json.sentDate,
      via: 'json',
    });
    expect(message?.arrivedAt).toBeGreaterThanOrEqual(before);
    expect(salesforce.requests.at(-1)).toMatchObject({
      kind: 'post',
      userId: people.ada,
      status: 201,
      search: '',
    });
  });

  it('joins the conversation of the same people, until that is switched off', async () => {
    const both = [people.grace, people.alan];
    const first = await ada.message({ body: '1', recipients: both });
    const grace = await visitor(salesforce, 'Grace');
    const second = await grace.message({ body: '2', recipients: [people.alan, people.ada, people.grace] });
    const subset = await ada.message({ body: '3', recipients: [people.grace] });
    expect(second.json.conversationId).toBe(first.json.conversationId);
    expect(subset.json.conversationId).not.toBe(first.json.conversationId);
    salesforce.switches.sameSetSameConversation = false;
    const third = await ada.message({ body: '4', recipients: both });
    expect(third.json.conversationId).not.toBe(first.json.conversationId);
  });

  it('replies to a message that the sender can see, to all in its conversation', async () => {
    const first = await ada.message({ body: 'lunch?', recipients: [people.grace] });
    const grace = await visitor(salesforce, 'Grace');
    const reply = await grace.message({ body: 'yes', inReplyTo: first.json.id.slice(0, 15) });
    expect(reply).toMatchObject({ status: 201, json: { conversationId: first.json.conversationId } });
    const alan = await visitor(salesforce, 'Alan');
    expect(await alan.message({ body: 'me too', inReplyTo: first.json.id })).toMatchObject({
      status: 403,
      json: [{ errorCode: 'INSUFFICIENT_ACCESS' }],
    });
    expect(await refusal({ body: 'x', inReplyTo: first.json.conversationId })).toEqual([
      400,
      'INVALID_ID_FIELD',
    ]);
  });

  it('takes the documented query form, and the log shows it', async () => {
    const query = new URLSearchParams({ text: 'a & b', recipients: `${people.grace},${people.alan}` });
    const { status, json } = await ada.send('POST', `${messagesPath}?${query}`);
    expect(status).toBe(201);
    expect(json.body.text).toBe('a & b');
    expect(salesforce.messages()[0]?.via).toBe('query-form');
    expect(salesforce.requests.at(-1)?.search).toContain('text=');
  });

  it('knows `body` and not `text` in JSON, and a string, not segments', async () => {
    const recipients = [people.grace];
    for (const body of [
      { text: 'hi', recipients },
      { body: 'hi', recipients, extra: 1 },
      { body: { messageSegments: [] }, recipients },
      { body: 'hi', recipients: people.grace },
      { body: 'hi', recipients: [1] },
      [],
      'null',
      '{"body":',
    ]) {
      expect(await refusal(body)).toEqual([400, 'JSON_PARSER_ERROR']);
    }
  });

  it('wants either recipients or a message to reply to', async () => {
    const { json } = await ada.message({ body: 'hi', recipients: [people.grace] });
    const both = { body: 'hi', recipients: [people.grace], inReplyTo: json.id };
    expect(await refusal(both)).toEqual([400, 'INVALID_INPUT']);
    expect(await refusal({ body: 'hi' })).toEqual([400, 'MISSING_ARGUMENT']);
    expect(await refusal({ body: 'hi', recipients: [] })).toEqual([400, 'MISSING_ARGUMENT']);
  });

  it('takes texts of 1 to 10,000 UTF-16 units', async () => {
    const recipients = [people.grace];
    expect(await refusal({ body: '', recipients })).toEqual([400, 'MISSING_ARGUMENT']);
    expect(await refusal({ body: '😀'.repeat(5000), recipients })).toEqual([201, undefined]);
    expect(await refusal({ body: `${'😀'.repeat(5000)}x`, recipients })).toEqual([400, 'STRING_TOO_LONG']);
  });

  it('takes 1 to 9 recipients with ids of users', async () => {
    const many = Array.from({ length: 10 }, (_, n) =>
      salesforce.addUser({ name: `Guest ${n}`, email: `guest${n}@corp.example` }),
    ).map((user) => user.id);
    expect(await refusal({ body: 'hi', recipients: many })).toEqual([400, 'INVALID_INPUT']);
    expect(await refusal({ body: 'hi', recipients: many.slice(1) })).toEqual([201, undefined]);
    expect(await refusal({ body: 'hi', recipients: [salesforce.orgId] })).toEqual([400, 'INVALID_ID_FIELD']);
    expect(await refusal({ body: 'hi', recipients: ['grace'] })).toEqual([400, 'MALFORMED_ID']);
    const wrongCheck = `${people.grace.slice(0, 15)}${people.grace.endsWith('555') ? 'AAA' : '555'}`;
    expect(await refusal({ body: 'hi', recipients: [wrongCheck] })).toEqual([400, 'MALFORMED_ID']);
    expect(await refusal({ body: 'hi', recipients: ['005000000000000'] })).toEqual([404, 'NOT_FOUND']);
  });

  it('refuses people who cannot receive, in words that are switches', async () => {
    const toGrace = { body: 'hi', recipients: [people.grace, people.alan] };
    salesforce.changeUser(people.grace, { isActive: false });
    expect(await refusal(toGrace)).toEqual([400, 'INVALID_INPUT']);
    salesforce.switches.inactiveRecipient = { status: 403, errorCode: 'CANNOT_POST', message: 'no' };
    expect(await refusal(toGrace)).toEqual([403, 'CANNOT_POST']);
    salesforce.changeUser(people.grace, { isActive: true, chatterEnabled: false });
    expect(await refusal(toGrace)).toEqual([403, 'FUNCTIONALITY_NOT_ENABLED']);
    salesforce.changeUser(people.grace, { chatterEnabled: true, userType: 'CustomerSuccess' });
    expect(await refusal(toGrace)).toEqual([403, 'INSUFFICIENT_ACCESS']);
    expect(salesforce.messages()).toEqual([]);
  });

  it('has an opinion about oneself and about doubles', async () => {
    expect(await refusal({ body: 'hi', recipients: [people.ada] })).toEqual([400, 'INVALID_INPUT']);
    salesforce.switches.selfOnly = null;
    expect(await refusal({ body: 'hi', recipients: [people.ada] })).toEqual([201, undefined]);
    const twice = { body: 'hi', recipients: [people.grace, people.grace.slice(0, 15)] };
    expect(await refusal(twice)).toEqual([201, undefined]);
    salesforce.switches.duplicateRecipients = { status: 400, errorCode: 'DUPLICATE_VALUE', message: 'twice' };
    expect(await refusal(twice)).toEqual([400, 'DUPLICATE_VALUE']);
  });

  it('passes the admin’s own words on when a trigger vetoes, and stores nothing', async () => {
    salesforce.switches.vetoText = 'No card numbers in Chatter, please.';
    salesforce.switches.vetoWhenContains = '4111';
    const { status, json } = await ada.message({ body: 'it is 4111…', recipients: [people.grace] });
    expect(status).toBe(400);
    expect(json).toEqual([
      { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No card numbers in Chatter, please.' },
    ]);
    expect(salesforce.conversationsOf(people.ada)).toEqual([]);
    expect(await refusal({ body: 'fine', recipients: [people.grace] })).toEqual([201, undefined]);
  });

  it('may change the text when it stores it', async () => {
    const stored = async (body: string) =>
      (await ada.message({ body, recipients: [people.grace] })).json.body.text;
    const text = ' a\r\nb\u200b👩‍🚀 ';
    expect(await stored(text)).toBe(text);
    Object.assign(salesforce.switches, { lineBreaks: 'unified', trimsText: true, keepsZeroWidth: false });
    expect(await stored(text)).toBe('a\nb👩🚀');
    salesforce.switches.lineBreaks = 'spaces';
    expect(await stored('a\r\nb')).toBe('a b');
  });
});

describe('reading messages', () => {
  const texts = (json: { messages: { body: { text: string } }[] }) =>
    json.messages.map(({ body }) => body.text);
  const write = (count: number) => {
    for (let n = 1; n <= count; n += 1) salesforce.type(people.grace, { to: [people.ada] }, `text ${n}`);
  };

  it('shows one’s own conversations only, newest first, 25 at a time', async () => {
    salesforce.type(people.grace, { to: [people.alan] }, 'not for Ada');
    write(26);
    const { json } = await ada.get(messagesPath);
    expect(texts(json)).toHaveLength(25);
    expect(texts(json)[0]).toBe('text 26');
    expect(json.messages[0].recipients).toHaveLength(2);
    salesforce.switches.order = 'oldest-first';
    expect(texts((await ada.get(messagesPath)).json)[0]).toBe('text 1');
  });

  it('pages by token, undisturbed by new messages, null at the end', async () => {
    write(5);
    const first = await ada.get(`${messagesPath}?pageSize=2`);
    write(1);
    const second = await ada.get(first.json.nextPageUrl);
    const third = await ada.get(`${messagesPath}?pageSize=2&page=${second.json.nextPageToken}`);
    expect([first, second, third].map(({ json }) => texts(json))).toEqual([
      ['text 5', 'text 4'],
      ['text 3', 'text 2'],
      ['text 1'],
    ]);
    expect(third.json).toMatchObject({ nextPageUrl: null, nextPageToken: null });
    const past = Buffer.from(`after:${third.json.messages[0].id}`).toString('base64url');
    expect(await ada.get(`${messagesPath}?page=${past}`)).toMatchObject({
      status: 404,
      json: [{ errorCode: 'NOT_FOUND' }],
    });
  });

  it('searches bodies', async () => {
    write(12);
    expect(texts((await ada.get(`${messagesPath}?q=TEXT%2012`)).json)).toEqual(['text 12']);
  });

  it.each(['page=junk', 'pageSize=0', 'pageSize=101', 'pageSize=x', 'q=a*', 'filterGroup=Tiny'])(
    'refuses %s',
    async (query) => {
      write(1);
      expect(await ada.get(`${messagesPath}?${query}`)).toMatchObject({
        status: 400,
        json: [{ errorCode: 'ILLEGAL_QUERY_PARAMETER_VALUE' }],
      });
    },
  );

  it('gives one message by id, to members only', async () => {
    const { id } = salesforce.type(people.grace, { to: [people.ada] }, 'hi');
    expect(await ada.get(`${messagesPath}/${id}`)).toMatchObject({ status: 200, json: { id } });
    const alan = await visitor(salesforce, 'Alan');
    expect((await alan.get(`${messagesPath}/${id}`)).status).toBe(404);
    expect((await ada.get(`${messagesPath}/${people.ada}`)).json[0].errorCode).toBe('INVALID_ID_FIELD');
    expect((await ada.send('HEAD', `${messagesPath}/${id}`)).status).toBe(200);
  });

  it('drops the conversation’s id from smaller filter groups', async () => {
    write(1);
    const { json } = await ada.get(`${messagesPath}?filterGroup=Small`);
    expect(json.messages[0]).not.toHaveProperty('conversationId');
  });

  it('can date messages against their commit order', async () => {
    salesforce.switches.sentDateJitterMs = 60_000;
    write(20);
    const committed = salesforce.messages().map(({ sentDate }) => sentDate);
    expect(committed).not.toEqual(committed.toSorted());
    salesforce.switches.orderBy = 'sent-date';
    const { json } = await ada.get(messagesPath);
    const dates = json.messages.map((message: { sentDate: string }) => message.sentDate);
    expect(dates).toEqual(committed.toSorted().toReversed());
  });
});
