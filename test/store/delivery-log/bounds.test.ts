import { describe, expect, it } from 'vitest';
import type { NewEntry } from '../../../src/bridge/delivery-log.ts';
import type {
  ChatPersonId,
  DeliveryId,
  NotificationId,
  SalesforceUserId,
} from '../../../src/bridge/people.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog } from './log.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;
const grace = 'T0CORP-U0GRACE' as ChatPersonId;
const SOON_MS = 60_000;

const by = (author: ChatPersonId, given: NewEntry): NewEntry => ({
  ...given,
  delivery: { ...given.delivery, author },
});
const note = (name: string): NewEntry => {
  const given = entry(name, { lane: 'chat-ada' });
  return { ...given, delivery: { ...given.delivery, to: 'chat' } };
};
/** Takes as an edge does: while there is room. */
const take = async ({ log }: OpenedLog, given: NewEntry) => {
  const taken = await log.take(given, SOON_MS);
  return taken.kind === 'full' ? `full of ${taken.of}` : taken.kind;
};
/** Ends the head of the lane. */
async function end({ go, log }: OpenedLog, name: string, phase: 'sent' | 'failed' | 'discarded') {
  const { delivery } = await go(name, 'run');
  const ended = await log.commit({ ...change(delivery, 'run', { phase }), erase: phase !== 'failed' });
  if (ended.kind !== 'stored') throw new Error(ended.kind);
  return ended.delivery;
}

describe('taking in, when a person has as much waiting as is taken of one', () => {
  it('takes no more of theirs, and goes on with everybody else’s', async () => {
    const opened = await openLog(server, { ofPerson: 2 });
    expect(await take(opened, entry('msg-1'))).toBe('stored');
    expect(await take(opened, entry('msg-2'))).toBe('stored');
    expect(await take(opened, entry('msg-3'))).toBe('full of person');
    expect(await take(opened, entry('msg-1'))).toBe('duplicate');
    expect(await take(opened, by(grace, entry('msg-4', { lane: 'to-ada' })))).toBe('stored');
    expect(await opened.log.read(id('msg-3'))).toBeUndefined();
  });

  it('says the same of it however often it comes, also when there is room again: its writer was told', async () => {
    const opened = await openLog(server, { ofPerson: 1 });
    await take(opened, entry('msg-1'));
    expect(await take(opened, entry('msg-2'))).toBe('full of person');
    await end(opened, 'msg-1', 'sent');
    expect(await take(opened, entry('msg-2'))).toBe('full of person');
    expect(await opened.log.cancel(id('msg-2'))).toBe(true);
    expect(await take(opened, entry('msg-3'))).toBe('stored');
  });

  it('takes a message of a notification when there is room again: nobody was told that it does not go', async () => {
    const opened = await openLog(server, { ofPerson: 1 });
    const one = entry('notify-1');
    const telling = {
      ...one,
      delivery: {
        ...one.delivery,
        notification: { id: 'n1' as NotificationId, user: '005GRACE' as SalesforceUserId },
      },
    };
    await take(opened, entry('msg-1'));
    expect(await take(opened, telling)).toBe('full of person');
    await end(opened, 'msg-1', 'sent');
    expect(await take(opened, telling)).toBe('stored');
  });

  it.each(['sent', 'discarded'] as const)('has room again when one is %s', async (phase) => {
    const opened = await openLog(server, { ofPerson: 1 });
    await take(opened, entry('msg-1'));
    await end(opened, 'msg-1', phase);
    expect(await take(opened, entry('msg-2'))).toBe('stored');
  });

  it('counts what has failed for as long as it is kept', async () => {
    const opened = await openLog(server, { ofPerson: 1 });
    const { log, redis, keys } = opened;
    await take(opened, entry('msg-1'));
    const failed = await end(opened, 'msg-1', 'failed');
    expect(await take(opened, entry('msg-2'))).toBe('full of person');
    for (const index of [keys.dead, keys.deadOf(ada)]) await redis.zadd(index, 'XX', Date.now() - 1, 'msg-1');
    expect(await take(opened, entry('msg-3'))).toBe('stored');
    // And once only when it is tried again.
    await log.commit({ before: failed, after: { ...failed, phase: 'queued' }, outbox: [] });
    expect(await redis.zcard(keys.openOf(ada))).toBe(2);
    expect(await redis.zcard(keys.deadOf(ada))).toBe(0);
  });

  it('does not count for ever what vanished, or was ended by a version that does not count', async () => {
    const opened = await openLog(server, { ofPerson: 2 });
    const { redis, keys } = opened;
    await take(opened, entry('msg-1'));
    await take(opened, entry('msg-2', { lane: 'to-alan' }));
    await end(opened, 'msg-2', 'sent');
    await redis.del(keys.delivery(id('msg-1')));
    await redis.zadd(keys.openOf(ada), 1, 'msg-2');
    expect(await take(opened, entry('msg-3'))).toBe('stored');
    expect(await redis.zrange(keys.openOf(ada), '0', '-1')).toEqual(['msg-3']);
  });
});

describe('taking in, when as much waits as is taken in all', () => {
  it('takes nobody’s messages, and still what has to be said about that, to a bound of its own', async () => {
    const opened = await openLog(server, { inAll: 2, inAllToSay: 3 });
    await take(opened, entry('msg-1'));
    await take(opened, by(grace, entry('msg-2', { lane: 'to-ada' })));
    expect(await take(opened, entry('msg-3'))).toBe('full of bridge');
    expect(await take(opened, note('note-1'))).toBe('stored');
    expect(await take(opened, note('note-2'))).toBe('full of bridge');
  });

  it('stores what the bridge itself has to say all the same', async () => {
    const opened = await openLog(server, { inAll: 1, inAllToSay: 1 });
    await take(opened, entry('msg-1'));
    expect(await opened.log.take(note('note-1'))).toMatchObject({ kind: 'stored' });
  });

  it('counts what is still to be said', async () => {
    const opened = await openLog(server, { inAll: 2 });
    const { go, log } = opened;
    await take(opened, entry('msg-1'));
    const { delivery } = await go('msg-1', 'run');
    const said = [note('note-1'), note('note-2')];
    await log.commit({ ...change(delivery, 'run', { phase: 'sent' }), erase: true, outbox: said });
    expect(await take(opened, entry('msg-2'))).toBe('full of bridge');
    await end(opened, 'note-1', 'sent');
    expect(await take(opened, entry('msg-3'))).toBe('stored');
  });
});
