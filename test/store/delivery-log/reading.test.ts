import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../src/bridge/pair.ts';
import type { ChatterMessageId, ConversationId } from '../../../src/bridge/people.ts';
import { createReaders } from '../../../src/store/readers.ts';
import { privateRedis } from '../../setup/redis.ts';
import { ada, change, entry, openLog, pairOf } from './log.ts';

const server = await privateRedis();

/** Of each message in turn Chatter has said that it arrived, at that time by its own clock. */
async function arrived(...messages: { pair?: string; atMs: number }[]) {
  const opened = await openLog(server);
  const pairs = new Map<string, Pair>();
  for (const [i, { pair: name = 'grace', atMs }] of messages.entries()) {
    const id = `msg-${i}`;
    await opened.takeAll(entry(id, { lane: id }));
    const { delivery } = await opened.go(id, 'run');
    const before = pairs.get(name) ?? pairOf(name);
    const known = [...before.known, { id: `03J${i}` as ChatterMessageId, atMs }];
    const after: Pair = { ...before, known, conversation: `03M${name}` as ConversationId };
    await opened.log.commit({
      ...change(delivery, 'run', { phase: 'sent' }),
      pair: { before, after },
    });
    pairs.set(name, { ...after, version: before.version + 1 });
  }
  const { redis, keys } = opened;
  const dueInMs = Number(await redis.zscore(keys.readers, ada)) - Date.now();
  return { readers: createReaders(redis, keys), reader: await redis.hgetall(keys.reader(ada)), dueInMs };
}

describe('whoever has sent something', () => {
  it('is read for answers soon, from when it arrived, and found by their user and by the conversation', async () => {
    const { readers, reader, dueInMs } = await arrived({ atMs: 700 });
    expect(reader).toMatchObject({ cursorMs: '700', trafficMs: expect.any(String) });
    expect(dueInMs).toBeGreaterThan(80_000);
    expect(dueInMs).toBeLessThanOrEqual(90_000);
    const { sender } = pairOf('grace');
    expect(await readers.readingAs(sender)).toEqual([ada]);
    expect(await readers.usersIn('03Mgrace' as ConversationId)).toEqual([sender]);
  });

  it('keeps how far they were read, and is not read anew for a further message', async () => {
    const { reader } = await arrived({ atMs: 700 }, { atMs: 900 });
    expect(reader).toMatchObject({ cursorMs: '700', fromMs: '700' });
  });

  it('is read once more from where another conversation turns out to have begun, the earliest of them', async () => {
    const { reader } = await arrived({ atMs: 700 }, { pair: 'alan', atMs: 300 }, { pair: 'emmy', atMs: 500 });
    expect(reader).toMatchObject({ cursorMs: '700', fromMs: '300' });
  });
});
