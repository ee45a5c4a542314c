import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Change } from '../../../sandbox/salesforce/org.ts';
import { idOf, messagesPath, startWithPeople, visitor } from './visitor.ts';

async function started() {
  const salesforce = await startWithPeople();
  onTestFinished(() => salesforce.close());
  return salesforce;
}

describe('the stand-in', () => {
  it('tells listeners of every change until they stop', async () => {
    const salesforce = await started();
    const changes: Change['kind'][] = [];
    const stop = salesforce.onChange(({ kind }) => changes.push(kind));
    const { id } = salesforce.addUser({ name: 'Mary Jackson', email: 'mary@corp.example' });
    salesforce.type(id, { to: [idOf(salesforce, 'Ada')] }, 'hi');
    expect(changes).toEqual(['users', 'message']);
    stop();
    salesforce.reset();
    expect(changes).toHaveLength(2);
  });

  it('lets people type under the same rules', async () => {
    const salesforce = await started();
    const [ada, grace] = [idOf(salesforce, 'Ada'), idOf(salesforce, 'Grace')];
    const message = salesforce.type(ada, { to: [grace] }, 'hi');
    expect(message).toMatchObject({ senderId: ada, via: 'person', text: 'hi' });
    expect(salesforce.type(grace, { conversationId: message.conversationId }, 'yes').recipientIds).toEqual([
      ada,
    ]);
    expect(() => salesforce.type(ada, { to: [grace] }, '')).toThrow('text');
    expect(() =>
      salesforce.type(idOf(salesforce, 'Alan'), { conversationId: message.conversationId }, 'me'),
    ).toThrow('access');
    expect(salesforce.conversationsOf(grace)).toMatchObject([{ memberIds: [ada, grace] }]);
    expect(salesforce.requests).toEqual([]);
  });

  it('goes back to the start with the same people, and never gives a message id twice', async () => {
    const salesforce = await started();
    const ada = await visitor(salesforce, 'Ada');
    const first = salesforce.type(idOf(salesforce, 'Ada'), { to: [idOf(salesforce, 'Grace')] }, 'hi');
    const people = salesforce.users.map((user) => ({ ...user }));
    salesforce.switches.orgHasChatter = false;
    salesforce.addUser({ name: 'Mary Jackson', email: 'mary@corp.example' });
    salesforce.reset();
    expect(salesforce.users).toEqual(people);
    expect(salesforce.messages()).toEqual([]);
    expect(salesforce.requests).toEqual([]);
    expect(salesforce.switches.orgHasChatter).toBe(true);
    expect((await ada.get(messagesPath)).status).toBe(401);
    const second = salesforce.type(idOf(salesforce, 'Ada'), { to: [idOf(salesforce, 'Grace')] }, 'hi');
    expect(second.id > first.id).toBe(true);
  });

  it('refuses a second user of the same name', async () => {
    const salesforce = await started();
    const taken = { name: 'Ada Two', email: 'a2@corp.example', username: 'ADA@corp.example' };
    expect(() => salesforce.addUser(taken)).toThrow('already');
  });

  it('stores nothing of a request that breaks off half-way', async () => {
    const salesforce = await started();
    const ada = await visitor(salesforce, 'Ada');
    const body = JSON.stringify({ body: 'hi', recipients: [idOf(salesforce, 'Grace')] });
    const socket = connect(Number(new URL(salesforce.url).port), '127.0.0.1');
    const head = `POST ${messagesPath} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(head + body.slice(0, -5), () => resolve()));
    socket.destroy();
    expect((await ada.get(messagesPath)).json.messages).toEqual([]);
    expect(salesforce.requests.filter(({ kind }) => kind === 'post')).toEqual([]);
  });

  it('closes with requests still open', async () => {
    const salesforce = await startWithPeople();
    const ada = await visitor(salesforce, 'Ada');
    salesforce.faults.arm({ do: 'hang', afterMs: 60_000, commit: true });
    const hanging = expect(ada.get(messagesPath)).rejects.toThrow();
    await expect.poll(() => salesforce.requests.length).toBe(2);
    await salesforce.close();
    await hanging;
  });
});
