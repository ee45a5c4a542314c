import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { idOf, startWithPeople, type Visitor, visitor } from './visitor.ts';

describe('SOQL on User', () => {
  let salesforce: StandInSalesforce;
  let ada: Visitor;
  beforeAll(async () => {
    salesforce = await startWithPeople();
  });
  afterAll(() => salesforce.close());
  beforeEach(async () => {
    salesforce.reset();
    ada = await visitor(salesforce, 'Ada');
  });

  it('answers with nested records', async () => {
    const soql =
      "SELECT id, Email, IsActive, Profile.UserLicense.Name FROM User WHERE IsActive = true AND Email IN ('GRACE@corp.example')";
    const { status, json } = await ada.query(soql);
    const id = idOf(salesforce, 'Grace');
    expect(status).toBe(200);
    expect(json).toEqual({
      totalSize: 1,
      done: true,
      records: [
        {
          attributes: { type: 'User', url: `/services/data/v66.0/sobjects/User/${id}` },
          Id: id,
          Email: 'grace@corp.example',
          IsActive: true,
          Profile: {
            attributes: { type: 'Profile', url: expect.stringContaining('/sobjects/Profile/00e') },
            UserLicense: { attributes: expect.objectContaining({ type: 'UserLicense' }), Name: 'Salesforce' },
          },
        },
      ],
    });
  });

  it('finds several people with one e-mail address, inactive ones too unless asked not to', async () => {
    salesforce.addUser({
      name: 'Grace M. Hopper',
      email: 'grace@corp.example',
      username: 'g2',
      isActive: false,
    });
    const names = async (more: string) => {
      const { json } = await ada.query(`SELECT Name FROM User WHERE Email = 'grace@corp.example'${more}`);
      return json.records.map((record: { Name: string }) => record.Name);
    };
    expect(await names('')).toEqual(['Grace Hopper', 'Grace M. Hopper']);
    expect(await names(' ORDER BY Name DESC LIMIT 1')).toEqual(['Grace M. Hopper']);
    expect(await names(' AND IsActive = true')).toEqual(['Grace Hopper']);
  });

  it('encodes no entities: that is Connect’s habit alone', async () => {
    salesforce.changeUser(idOf(salesforce, 'Alan'), { name: "Alan O'Turing" });
    const soql = encodeURIComponent("SELECT Name FROM User WHERE Name = 'Alan O\\'Turing'");
    const reply = await ada.get(`/services/data/v66.0/query?q=${soql}`, {
      'x-chatter-entity-encoding': 'true',
    });
    expect(reply.json.records).toMatchObject([{ Name: "Alan O'Turing" }]);
  });

  it('finds by id in both lengths', async () => {
    const id = idOf(salesforce, 'Alan');
    for (const asked of [id, id.slice(0, 15)]) {
      expect((await ada.query(`SELECT Id FROM User WHERE Id = '${asked}'`)).json.records).toMatchObject([
        { Id: id },
      ]);
    }
  });

  it('finds all that a list names, each once', async () => {
    const soql = "SELECT Name FROM User WHERE Email IN ('alan@CORP.example', 'x@y.z', 'ada@corp.example')";
    const { json } = await ada.query(soql);
    expect(json.records.map(({ Name }: { Name: string }) => Name)).toEqual(['Ada Lovelace', 'Alan Turing']);
  });

  it('has no room for a list beyond what an address may be long', async () => {
    const listOf = (count: number) => Array.from({ length: count }, (_, n) => `'person${n}@corp.example'`);
    const ask = (count: number) => ada.query(`SELECT Id FROM User WHERE Email IN (${listOf(count)})`);
    expect((await ask(300)).status).toBe(200);
    expect((await ask(600)).status).toBe(414);
  });

  it('gives what does not fit into an answer to whoever asks on, and to nobody else', async () => {
    salesforce.switches.queryBatchSize = 2;
    const first = await ada.query('SELECT Name FROM User');
    expect(first.json).toMatchObject({ totalSize: 3, done: false, records: [{}, {}] });
    const next = first.json.nextRecordsUrl;
    expect(next).toMatch(/^\/services\/data\/v66\.0\/query\/01g\w{15}-2$/);
    const rest = await ada.get(next);
    expect(rest.json).toEqual({ totalSize: 3, done: true, records: [expect.objectContaining({})] });
    expect(rest.json.records).toMatchObject([{ Name: 'Alan Turing' }]);
    const refused = { status: 400, json: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] };
    expect(await (await visitor(salesforce, 'Grace')).get(next)).toMatchObject(refused);
    expect(await ada.get(`${next}0`)).toMatchObject(refused);
  });

  it.each([
    ["SELECT Id FROM User WHERE Email = 'a\\' OR Name != ''", 'MALFORMED_QUERY'],
    ["SELECT Id FROM User WHERE Email = 'a\\@b'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account', 'INVALID_TYPE'],
    ['SELECT Nickname FROM User', 'INVALID_FIELD'],
    ["SELECT Id FROM User WHERE IsActive = 'true'", 'INVALID_FIELD'],
    ["SELECT Id FROM User WHERE Id = '005'", 'INVALID_QUERY_FILTER_OPERATOR'],
  ])('refuses %s', async (soql, errorCode) => {
    expect(await ada.query(soql)).toMatchObject({ status: 400, json: [{ errorCode }] });
  });
});
