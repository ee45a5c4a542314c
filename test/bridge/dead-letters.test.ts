import { describe, expect, it } from 'vitest';
import { createDeadLetters, type Decided } from '../../src/bridge/dead-letters.ts';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { DeadLetter, DeliveryLog, StoredDelivery } from '../../src/bridge/delivery-log.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { failed, note, queued, uncertain } from './deliveries.ts';

const letter = (id: string): DeadLetter => ({ id: id as DeliveryId, order: 0, keptUntilMs: 1 });
const { wakeAtMs: _due, ...undecided } = uncertain;

/** Dead letters of a log that holds these, where every decision is carried out; with the order that it was given. */
function deskOn(stored: Readonly<Record<string, Delivery>>) {
  const carried: [id: string, what: string, order: number][] = [];
  const log: Partial<DeliveryLog> = {
    async read(id): Promise<StoredDelivery | undefined> {
      const delivery = stored[id];
      return delivery && { delivery: { ...delivery, id }, content: '{}', isUnreadable: false };
    },
  };
  const desk = createDeadLetters({
    log: log as DeliveryLog,
    carryOut: async ({ delivery }, what, order) => {
      carried.push([delivery.id, what, order]);
      return 'done';
    },
    now: () => 5,
  });
  async function together(ids: readonly string[], what: 'retry' | 'discard') {
    const all: [string, Decided][] = [];
    for await (const { id, decided } of desk.decideEach(ids.map(letter), what)) all.push([id, decided]);
    return all;
  }
  return { desk, carried, together };
}

describe('several dead letters that are tried again together', () => {
  it('go in the order in which they are given, each behind the other', async () => {
    const { carried, together } = deskOn({ c: failed, a: failed, b: failed });
    await together(['c', 'a', 'b'], 'retry');
    expect(carried).toEqual([
      ['c', 'retry', 5_000],
      ['a', 'retry', 5_001],
      ['b', 'retry', 5_002],
    ]);
  });

  it('are those that failed: what may have arrived is decided by itself, what moved on is left alone', async () => {
    const { desk, carried, together } = deskOn({ failed, undecided, queued, note });
    expect(await together(['failed', 'undecided', 'queued', 'note', 'nobody'], 'retry')).toEqual([
      ['failed', 'done'],
      ['undecided', 'uncertain'],
      ['queued', 'outdated'],
      ['note', 'gone'],
      ['nobody', 'gone'],
    ]);
    expect(carried).toHaveLength(1);
    expect(await desk.decide('undecided' as DeliveryId, 'retry')).toBe('done');
    expect(await together(['undecided'], 'discard')).toEqual([['undecided', 'done']]);
  });
});

describe('a dead letter', () => {
  it('can be read while it is one', async () => {
    const { desk } = deskOn({ failed, undecided, uncertain, queued });
    const found = await Promise.all(
      ['failed', 'undecided', 'uncertain', 'queued', 'nobody'].map((id) => desk.read(id as DeliveryId)),
    );
    expect(found.map((stored) => stored?.delivery.id)).toEqual([
      'failed',
      'undecided',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
