import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { reachLines, reviewLines } from '../../src/store/review.ts';
import { type Waiting, waitingFromBefore } from '../../src/store/waiting.ts';
import { privateRedis } from '../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog } from './delivery-log/log.ts';

const server = await privateRedis();
async function idsOf({ redis, keys }: OpenedLog, epoch: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of waitingFromBefore(redis, keys, epoch)) ids.push(id);
  return ids.sort();
}

describe('what waits from before an epoch', () => {
  it('is all that is in lanes and was stored in an earlier one', async () => {
    const opened = await openLog(server);
    const { takeAll, log, go, redis, keys } = opened;
    await takeAll(entry('done', { lane: 'a' }), entry('one', { lane: 'b' }), entry('two', { lane: 'b' }));
    const { delivery } = await go('done', 'run-1');
    await log.commit({ ...change(delivery, 'run-1', { phase: 'sent' }), erase: true });
    expect(await idsOf(opened, 1)).toEqual([]);
    expect(await idsOf(opened, 2)).toEqual(['one', 'two']);
    const rows = waitingFromBefore(redis, keys, 2);
    const [first] = [(await rows.next()).value as Waiting];
    expect(first).toEqual({
      id: 'one',
      to: 'chatter',
      author: ada,
      phase: 'queued',
      takenAtMs: expect.any(Number),
    });
  });

  it('is read whole, however much it is, each once', async () => {
    const opened = await openLog(server);
    const ids = Array.from({ length: 700 }, (_, i) => `msg-${i}`);
    for (const [i, id] of ids.entries())
      await opened.log.take(entry(id, { lane: i < 300 ? 'long' : `lane-${i}` }));
    expect(await idsOf(opened, 2)).toEqual(ids.sort());
  });
});

describe('the list for the operator', () => {
  const beat = { run: 'r', count: 9, atMs: 0, epoch: 2, sinceMs: 70_000, isListed: true, wasPaused: false };
  const row = (id: string, to: Waiting['to']): Waiting => ({
    id: id as DeliveryId,
    to,
    author: ada,
    phase: 'queued',
    takenAtMs: 40_000,
  });
  async function lines(...rows: Waiting[]): Promise<string[]> {
    async function* waiting() {
      yield* rows;
    }
    const all: string[] = [];
    const until = { count: 8, atMs: 50_000 };
    for await (const line of reviewLines({ ...beat, until }, waiting(), 100_000)) all.push(line);
    return all;
  }

  it('names each message, counts notes, and says how far the data reach', async () => {
    const said = await lines(row('msg-1', 'chatter'), row('note-1', 'chat'), row('msg-2', 'chatter'));
    expect(said[0]).toBe(
      'This run of Redis is known since 1970-01-01T00:01:10.000Z; its data reach until 1970-01-01T00:00:50.000Z.',
    );
    expect(said.slice(2)).toEqual([
      `msg-1  ${ada}  queued  stored 1970-01-01T00:00:40.000Z, 60 s ago`,
      `msg-2  ${ada}  queued  stored 1970-01-01T00:00:40.000Z, 60 s ago`,
      '2 message(s) to Salesforce and 1 note(s) to Slack wait from before that; each is looked for before it is sent.',
    ]);
  });

  it('says when there was no restart, and why sending is paused', () => {
    expect(reachLines({ ...beat, epoch: 1, until: undefined })).toEqual([
      'Redis has not been restarted since the bridge began.',
    ]);
    expect(reachLines({ ...beat, until: undefined })[0]).toContain('without data');
    expect(reachLines({ ...beat, epoch: 1, until: undefined, wasPaused: true }).join()).toContain(
      'sending was paused',
    );
  });
});
