import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { idOf, messagesPath, startWithPeople, type Visitor, visitor } from './visitor.ts';

const record = (id: string) => `/services/data/v66.0/sobjects/ChatterMessage/${id}`;

describe('deleting a message as a record', () => {
  let salesforce: StandInSalesforce;
  let ada: Visitor;
  let alan: Visitor;
  beforeAll(async () => {
    salesforce = await startWithPeople();
  });
  afterAll(() => salesforce.close());
  beforeEach(async () => {
    salesforce.reset();
    ada = await visitor(salesforce, 'Ada');
    alan = await visitor(salesforce, 'Alan');
    salesforce.changeUser(idOf(salesforce, 'Alan'), { managesMessages: true });
  });
  const send = async () =>
    (await ada.message({ body: 'a slip', recipients: [idOf(salesforce, 'Grace')] })).json.id as string;

  it('takes it from everybody, for good, whoever has the permission', async () => {
    const id = await send();
    const other = await send();
    expect(await alan.send('DELETE', record(id))).toMatchObject({ status: 204, text: '' });
    expect(salesforce.messages().map((message) => message.id)).toEqual([other]);
    expect((await ada.get(messagesPath)).json.messages).toHaveLength(1);
    expect((await ada.get(`${messagesPath}/${id}`)).status).toBe(404);
    expect(await alan.send('DELETE', record(id))).toMatchObject({
      status: 404,
      json: [{ errorCode: 'ENTITY_IS_DELETED' }],
    });
  });

  it('is refused without it, in whatever words', async () => {
    const id = await send();
    expect(await ada.send('DELETE', record(id))).toMatchObject({
      status: 404,
      json: [{ errorCode: 'NOT_FOUND' }],
    });
    salesforce.switches.removalForbidden = {
      status: 403,
      errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
      message: 'insufficient access rights on object id',
    };
    expect((await ada.send('DELETE', record(id))).status).toBe(403);
    expect(salesforce.messages()).toHaveLength(1);
  });

  it('knows ids of messages only, and no other way to use them', async () => {
    expect(await alan.send('DELETE', record('nonsense'))).toMatchObject({
      status: 400,
      json: [{ errorCode: 'MALFORMED_ID' }],
    });
    expect(await alan.send('DELETE', record(idOf(salesforce, 'Ada')))).toMatchObject({
      status: 400,
      json: [{ errorCode: 'INVALID_ID_FIELD' }],
    });
    expect((await alan.get(record(await send()))).status).toBe(405);
  });
});
