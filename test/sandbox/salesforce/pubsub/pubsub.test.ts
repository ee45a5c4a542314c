import avsc from 'avsc';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TOPIC } from '../../../../sandbox/salesforce/pubsub/event-schema.ts';
import type { StandInPubSub } from '../../../../sandbox/salesforce/pubsub/server.ts';
import type { StandInSalesforce } from '../../../../sandbox/salesforce/server.ts';
import { idOf, startWithPeople, visitor } from '../visitor.ts';
import { errorCode, Visitor } from './visitor.ts';

let salesforce: StandInSalesforce;
let pubSub: StandInPubSub;
let headers: { accesstoken: string; instanceurl: string; tenantid: string };

beforeEach(async () => {
  salesforce = await startWithPeople({ pubSub: true });
  onTestFinished(() => salesforce.close());
  if (!salesforce.pubSub) throw new Error('there is no Pub/Sub API');
  ({ pubSub } = salesforce);
  const { token } = await visitor(salesforce, 'Ada');
  headers = { accesstoken: token, instanceurl: salesforce.url, tenantid: salesforce.orgId };
});

const visit = (more: Record<string, string> = {}) => new Visitor(pubSub.url, { ...headers, ...more });
const write = () => salesforce.type(idOf(salesforce, 'Ada'), { to: [idOf(salesforce, 'Grace')] }, 'hi');
const first = { topic_name: TOPIC, num_requested: 10 };

describe('the stand-in Pub/Sub API', () => {
  it('tells of a message in the words of the schema that it hands out', async () => {
    const stream = visit().subscribe(first);
    await expect.poll(() => pubSub.calls).toHaveLength(1);
    const { id, conversationId, senderId } = write();
    await expect.poll(() => stream.responses).toHaveLength(1);
    const event = stream.responses[0]?.events[0]?.event;
    const schema = await visit().ask('GetSchema', { schema_id: event?.schema_id });
    const type = avsc.Type.forSchema(JSON.parse(String('schema_json' in schema ? schema.schema_json : '')));
    expect(type.fromBuffer(event?.payload ?? Buffer.alloc(0))).toMatchObject({
      MessageId__c: id,
      ConversationId__c: conversationId,
      SenderId__c: senderId,
      MemberIds__c: [senderId, idOf(salesforce, 'Grace')].join(','),
    });
  });

  it.each<[what: string, header: Record<string, string>, code: string]>([
    ['no token', { accesstoken: '' }, 'service.auth.headers.invalid'],
    ['no org', { tenantid: '' }, 'service.auth.headers.invalid'],
    ['a token of nobody', { accesstoken: '00D!x' }, 'service.auth.error'],
    ['another org', { tenantid: '00DgK0000000009UAA' }, 'service.auth.error'],
    ['another instance', { instanceurl: 'https://other.my.salesforce.com' }, 'service.auth.error'],
  ])('refuses %s', async (_what, header, code) => {
    expect(errorCode(await visit(header).ask('GetTopic', { topic_name: TOPIC }))).toBe(code);
    const stream = visit(header).subscribe(first);
    await expect.poll(() => stream.error).toBe(code);
  });

  it('knows one topic, and one schema', async () => {
    expect(await visit().ask('GetTopic', { topic_name: TOPIC })).toMatchObject({ can_subscribe: true });
    expect(errorCode(await visit().ask('GetTopic', { topic_name: '/event/Other__e' }))).toBe(
      'topic.not.found',
    );
    expect(errorCode(await visit().ask('GetSchema', { schema_id: 'x' }))).toBe('schema.validation.failed');
  });

  it('never sends more than was asked for', async () => {
    const stream = visit().subscribe({ ...first, num_requested: 3 });
    await expect.poll(() => pubSub.calls).toHaveLength(1);
    for (let i = 0; i < 5; i += 1) write();
    await expect.poll(() => stream.events).toHaveLength(3);
    expect(stream.responses.at(-1)?.pending_num_requested).toBe(0);
    stream.more({ num_requested: 1 });
    await expect.poll(() => stream.events).toHaveLength(4);
    const kept = pubSub.bus.after(0).map(({ replayId }) => replayId.toString('hex'));
    expect(stream.events).toEqual(kept.slice(0, 4));
  });

  it('ends a stream from which nothing more is asked for', async () => {
    pubSub.switches.closesIdleMs = 50;
    const stream = visit().subscribe({ ...first, num_requested: 1 });
    await expect.poll(() => pubSub.calls).toHaveLength(1);
    write();
    await expect.poll(() => stream.isOver).toBe(true);
    expect(stream.error).toBeUndefined();
  });

  it('begins where it is told to: at the tip, at the beginning, after a place', async () => {
    write();
    write();
    const ids = pubSub.bus.after(0).map(({ replayId }) => replayId);
    const [latest, earliest, custom] = [
      visit().subscribe({ ...first, replay_preset: 'LATEST' }),
      visit().subscribe({ ...first, replay_preset: 'EARLIEST' }),
      visit().subscribe({ ...first, replay_preset: 'CUSTOM', replay_id: ids[0] ?? Buffer.alloc(0) }),
    ];
    await expect.poll(() => pubSub.calls).toHaveLength(3);
    write();
    await expect.poll(() => [latest, earliest, custom].map(({ events }) => events.length)).toEqual([1, 3, 2]);
    expect(ids.every((id) => id.length >= 8)).toBe(true);
  });

  it('keeps events and places for 72 hours', async () => {
    write();
    const [event] = pubSub.bus.after(0);
    const from = {
      ...first,
      replay_preset: 'CUSTOM',
      replay_id: event?.replayId ?? Buffer.alloc(0),
    } as const;
    pubSub.bus.age(71 * 60 * 60 * 1_000);
    write();
    const stream = visit().subscribe(from);
    await expect.poll(() => stream.events).toHaveLength(1);
    pubSub.bus.age(2 * 60 * 60 * 1_000);
    const late = visit().subscribe(from);
    await expect.poll(() => late.error).toBe('subscription.fetch.replayid.corrupted');
    pubSub.bus.forget();
    expect(pubSub.bus.after(0)).toEqual([]);
  });

  it.each<[what: string, request: object, code: string]>([
    ['no place', { replay_preset: 'CUSTOM' }, 'subscription.fetch.replayid.validation.failed'],
    [
      'a place of its own making',
      { replay_preset: 'CUSTOM', replay_id: Buffer.alloc(10) },
      'subscription.fetch.replayid.corrupted',
    ],
    ['nothing asked for', { num_requested: 0 }, 'subscription.fetch.requested.events.invalid'],
    ['too much asked for', { num_requested: 101 }, 'subscription.fetch.requested.events.invalid'],
    ['no topic', { topic_name: '' }, 'topic.validation.empty'],
  ])('refuses a subscription with %s', async (_what, request, code) => {
    const stream = visit().subscribe({ ...first, ...request });
    await expect.poll(() => stream.error).toBe(code);
  });

  it('refuses another topic on the same stream', async () => {
    const stream = visit().subscribe(first);
    stream.more({ ...first, topic_name: '/event/Other__e' });
    await expect.poll(() => stream.error).toBe('subscription.fetch.topic.mismatch');
  });

  it('gives signs of life with a place to go on from, when nothing happens', async () => {
    pubSub.switches.signOfLifeMs = 30;
    const stream = visit().subscribe(first);
    await expect.poll(() => stream.responses.length).toBeGreaterThan(1);
    expect(stream.events).toEqual([]);
    const from = stream.responses[0]?.latest_replay_id ?? Buffer.alloc(0);
    write();
    const next = visit().subscribe({ ...first, replay_preset: 'CUSTOM', replay_id: from });
    await expect.poll(() => next.events).toHaveLength(1);
  });

  it('ends a stream whose session has ended', async () => {
    const stream = visit().subscribe(first);
    await expect.poll(() => pubSub.calls).toHaveLength(1);
    salesforce.expireSessions();
    write();
    await expect.poll(() => stream.error).toBe('service.auth.error');
  });

  it('tells nothing when the trigger is not deployed', async () => {
    salesforce.switches.publishesEvents = false;
    write();
    expect(pubSub.bus.after(0)).toEqual([]);
  });
});
