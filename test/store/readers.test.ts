import { describe, expect, it } from 'vitest';
import type { ChatPersonId, ConversationId, SalesforceUserId } from '../../src/bridge/people.ts';
import type { Read, Readers } from '../../src/bridge/readers.ts';
import { createReaders } from '../../src/store/readers.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const ada = 'T-ADA' as ChatPersonId;
const grace = 'T-GRACE' as ChatPersonId;
const LEASE_MS = 10_000;

async function open() {
  const { redis, keys } = await openLog(server);
  return { readers: createReaders(redis, keys), keys, redis };
}

const user = {
  id: '005ADA' as SalesforceUserId,
  username: 'ada@corp',
  name: 'Ada Lovelace',
  email: 'a@b',
  untilMs: 9,
};
const read = (change: Partial<Read> = {}): Read => ({
  dueInMs: 60_000,
  hadTraffic: false,
  failures: 0,
  ...change,
});

async function claimed(readers: Readers, token = 'one', leaseMs = LEASE_MS) {
  const reader = await readers.claim(token, leaseMs);
  if (!reader) throw new Error('nobody is due');
  return reader;
}

describe('a reader', () => {
  it('is due at once when it is added, and is claimed once', async () => {
    const { readers } = await open();
    await readers.add(ada);
    expect(await claimed(readers)).toMatchObject({ person: ada, trafficMs: 0, failures: 0 });
    expect(await readers.claim('two', LEASE_MS)).toBeUndefined();
  });

  it('keeps what was read, and is due again when that says', async () => {
    const { readers } = await open();
    await readers.add(ada);
    const first = await claimed(readers);
    expect(
      await readers.release(first, read({ dueInMs: 0, cursorMs: 700, user, hadTraffic: true, failures: 2 })),
    ).toBe(true);
    const second = await claimed(readers, 'two');
    expect(second).toMatchObject({ cursorMs: 700, user, failures: 2 });
    expect(second.trafficMs).toBeGreaterThan(0);
    expect(await readers.readingAs(user.id)).toEqual([ada]);
  });

  it('never goes back behind what was read', async () => {
    const { readers } = await open();
    await readers.add(ada);
    await readers.release(await claimed(readers), read({ dueInMs: 0, cursorMs: 700 }));
    await readers.release(await claimed(readers, 'two'), read({ dueInMs: 0, cursorMs: 300 }));
    expect((await claimed(readers, 'three')).cursorMs).toBe(700);
  });

  it('whose worker is gone is another’s when its lease is over; the first one writes no more', async () => {
    const { readers } = await open();
    await readers.add(ada);
    const gone = await claimed(readers, 'one', 30);
    await expect.poll(() => readers.claim('two', LEASE_MS)).toMatchObject({ person: ada });
    expect(await readers.renew(gone, LEASE_MS)).toBe(false);
    expect(await readers.release(gone, read({ cursorMs: 900 }))).toBe(false);
  });

  it('is not given away while its lease is renewed, however much it is hurried', async () => {
    const { readers } = await open();
    await readers.add(ada);
    const reader = await claimed(readers, 'one', 200);
    for (let i = 0; i < 5; i += 1) {
      await readers.hurry([ada], 0);
      expect(await readers.renew(reader, 200)).toBe(true);
      expect(await readers.claim('two', LEASE_MS)).toBeUndefined();
    }
  });

  it('is read once more at once when it was hurried while it was being read', async () => {
    const { readers } = await open();
    await readers.add(ada);
    const reader = await claimed(readers);
    await readers.hurry([ada], 0);
    await readers.release(reader, read());
    expect(await claimed(readers, 'two')).toMatchObject({ person: ada });
  });

  it('is due earlier when it is hurried, never later', async () => {
    const { readers, keys, redis } = await open();
    await readers.add(ada);
    await readers.release(await claimed(readers), read({ dueInMs: 60_000 }));
    const dueMs = async () => Number(await redis.zscore(keys.readers, ada));
    const before = await dueMs();
    await readers.hurry([ada], 90_000);
    expect(await dueMs()).toBe(before);
    await readers.hurry([ada], 5_000);
    expect(before - (await dueMs())).toBeGreaterThan(50_000);
  });

  it('is not read at all unless it was added or has sent something', async () => {
    const { readers } = await open();
    await readers.hurry([grace], 0);
    await readers.hurryAll(0);
    expect(await readers.claim('one', LEASE_MS)).toBeUndefined();
  });

  it('is hurried with all others', async () => {
    const { readers } = await open();
    for (const person of [ada, grace]) {
      await readers.add(person);
      await readers.release(await claimed(readers), read());
    }
    await readers.hurryAll(0);
    const people = [(await claimed(readers, 'a')).person, (await claimed(readers, 'b')).person];
    expect(people.toSorted()).toEqual([ada, grace]);
  });

  it('that is forgotten is not due any more, and begins anew when it is added again', async () => {
    const { readers } = await open();
    await readers.add(ada);
    await readers.release(await claimed(readers), read({ dueInMs: 0, cursorMs: 700 }));
    await readers.forget(await claimed(readers));
    await readers.hurryAll(0);
    expect(await readers.claim('two', LEASE_MS)).toBeUndefined();
    await readers.add(ada);
    expect((await claimed(readers, 'three')).cursorMs).toBeUndefined();
  });

  it('is not forgotten when it was added since it was claimed', async () => {
    const { readers } = await open();
    await readers.add(ada);
    const reader = await claimed(readers);
    await readers.add(ada);
    await readers.forget(reader);
    expect(await claimed(readers, 'two')).toMatchObject({ person: ada });
  });

  it('is resumed when it was read before, and only then', async () => {
    const { readers } = await open();
    await readers.resume(grace);
    expect(await readers.claim('one', LEASE_MS)).toBeUndefined();
    await readers.add(ada);
    await readers.release(await claimed(readers), read({ dueInMs: 0, hadTraffic: true }));
    await readers.forget(await claimed(readers));
    await readers.resume(ada);
    expect(await claimed(readers, 'two')).toMatchObject({ person: ada });
  });

  it('keeps where it is to be read from once more, until that was done', async () => {
    const { readers, keys, redis } = await open();
    await readers.add(ada);
    await redis.hset(keys.reader(ada), 'fromMs', 300);
    const first = await claimed(readers);
    expect(first.fromMs).toBe(300);
    // Another conversation turns out to have begun earlier, while this one is read.
    await redis.hset(keys.reader(ada), 'fromMs', 200);
    await readers.release(first, read({ dueInMs: 0, readFrom: true }));
    const second = await claimed(readers, 'two');
    expect(second.fromMs).toBe(200);
    await readers.release(second, read({ dueInMs: 0, readFrom: true }));
    expect((await claimed(readers, 'three')).fromMs).toBeUndefined();
  });

  it('is nobody’s in a conversation that is not known', async () => {
    const { readers } = await open();
    expect(await readers.usersIn('03M' as ConversationId)).toEqual([]);
  });
});
