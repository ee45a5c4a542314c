import { describe, expect, it } from 'vitest';
import type { Hand } from '../../src/bridge/apply.ts';
import type { Delivery, Phase } from '../../src/bridge/delivery.ts';
import type { DeliveryLog } from '../../src/bridge/delivery-log.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { createRevisions, type DeletePolicy } from '../../src/bridge/revisions.ts';
import { noStep } from '../../src/bridge/steps.ts';
import { privateRedis } from '../setup/redis.ts';
import { ada, change, entry, type OpenedLog, openLog } from '../store/delivery-log/log.ts';
import { timing } from './deliveries.ts';
import { runUntil, target } from './delivering.ts';

const server = await privateRedis();
const HOUR = 60 * 60 * 1_000;
const original = 'msg-1' as DeliveryId;
const contentOf = (text: string) =>
  JSON.stringify({ v: 1, message: { v: 1, author: ada, text, to: { kind: 'people', people: [] } } });

/** Ada's message, if it is stored, and what she has changed about it since. */
async function revised(
  how: 'edit' | 'delete',
  o: { original?: Partial<Delivery> | 'absent'; log?: Partial<DeliveryLog>; policy?: DeletePolicy } = {},
) {
  const opened = await openLog(server);
  if (o.original !== 'absent') await opened.takeAll(entry(original, { content: contentOf('lunhc?') }));
  if (o.original && o.original !== 'absent') {
    const { delivery } = await opened.go(original, 'run-0');
    await opened.log.commit(change(delivery, 'run-0', o.original));
  }
  const id = how as DeliveryId;
  const revises = { of: original, how, writtenAtMs: Date.now(), atUs: 10 };
  const { delivery, content } = entry(how, { lane: how, content: contentOf(how === 'edit' ? 'lunch?' : '') });
  await opened.log.take({ delivery: { ...delivery, revises }, content });
  const rung: string[] = [];
  const revisions = createRevisions({
    log: { ...opened.log, ...o.log },
    destination: target().destination,
    marks: opened.box.marks,
    bell: { add: async () => {}, ring: async (_to, id) => void rung.push(id) },
    timing,
    now: Date.now,
    step: noStep,
    changed: () => {},
    deletePolicy: o.policy ?? 'note',
  });
  const turnAfter = async (ms: number, fields: Partial<Delivery> = {}) => {
    const read = await stored(opened, id);
    const takenAtMs = read.delivery.takenAtMs;
    return revisions.turn({ ...read.delivery, ...fields }, read.content, takenAtMs + ms);
  };
  return { ...opened, revisions, rung, turnAfter, takenAtMs: (await stored(opened, id)).delivery.takenAtMs };
}

async function stored({ log }: OpenedLog, id: DeliveryId) {
  const read = await log.read(id);
  if (!read) throw new Error(`${id} is not stored`);
  return read;
}

describe('an edit of what', () => {
  it('waits changes it, once, and wakes it', async () => {
    const opened = await revised('edit');
    expect(await opened.turnAfter(0)).toBe('done');
    const read = await stored(opened, original);
    expect(read.content).toBe(contentOf('lunch?'));
    expect(read.delivery).toMatchObject({ phase: 'queued', edited: { by: 'edit', atUs: 10 } });
    expect(opened.rung).toEqual([original]);
    expect(await opened.turnAfter(0)).toBe('done');
    expect((await stored(opened, original)).delivery.version).toBe(read.delivery.version);
  });

  it('waits since before Redis was restarted is left to the look that comes first', async () => {
    const opened = await revised('edit', { log: { hasUnlooked: async () => true } });
    expect(await opened.turnAfter(0)).toEqual({ waitMs: 100 });
    expect((await stored(opened, original)).content).toBe(contentOf('lunhc?'));
  });

  it('has failed is what Retry sends', async () => {
    const opened = await revised('edit', {
      original: { phase: 'failed' },
      log: { hasUnlooked: async () => true },
    });
    expect(await opened.turnAfter(0)).toBe('done');
    expect((await stored(opened, original)).content).toBe(contentOf('lunch?'));
  });

  it.each<[Phase, Partial<Delivery>]>([
    ['begun', {}],
    ['settling', {}],
    ['uncertain', {}],
    ['queued', { part: 1, parts: 2 }],
    ['queued', { unknown: true }],
  ])('is %s %j waits for that, and asks ever more rarely', async (phase, fields) => {
    const opened = await revised('edit', { original: { ...fields, phase } });
    expect(await opened.turnAfter(40_000)).toEqual({ waitMs: 10_000 });
    expect(await opened.turnAfter(3 * HOUR)).toEqual({ waitMs: 60_000 });
    expect((await stored(opened, original)).content).toBe(contentOf('lunhc?'));
  });

  it.each<[Phase, Partial<Delivery>]>([
    ['sent', {}],
    ['uncertain', { aside: true }],
    ['failed', { part: 1, parts: 2 }],
  ])('is %s %j follows when ten seconds were quiet', async (phase, fields) => {
    const { turnAfter } = await revised('edit', { original: { ...fields, phase } });
    expect(await turnAfter(4_000)).toEqual({ waitMs: 6_000 });
    expect(await turnAfter(10_000)).toBe('go');
  });

  it('is discarded does nothing', async () => {
    const { turnAfter } = await revised('edit', { original: { phase: 'discarded' } });
    expect(await turnAfter(10_000)).toBe('done');
  });

  it('went with it already does nothing', async () => {
    const { turnAfter } = await revised('edit', {
      original: { phase: 'sent', edited: { by: 'edit' as DeliveryId, atUs: 10 } },
    });
    expect(await turnAfter(10_000)).toBe('done');
  });

  it('is not there may still come, for as long as Slack may bring it', async () => {
    const { turnAfter } = await revised('edit', { original: 'absent' });
    expect(await turnAfter(0)).toEqual({ waitMs: 100 });
    expect(await turnAfter(25 * HOUR)).toEqual({ waitMs: 60_000 });
    expect(await turnAfter(27 * HOUR)).toBe('done');
  });

  it('is not there any more was sent long ago', async () => {
    const { turnAfter, takenAtMs } = await revised('edit', { original: 'absent' });
    const revises = { of: original, how: 'edit' as const, writtenAtMs: takenAtMs - 27 * HOUR, atUs: 10 };
    expect(await turnAfter(10_000, { revises })).toBe('go');
  });

  it('was changed once more since does nothing', async () => {
    const { log, turnAfter } = await revised('edit', { original: { phase: 'sent' } });
    const { delivery, content } = entry('later', { lane: 'later', content: contentOf('dinner?') });
    const revises = { of: original, how: 'edit' as const, writtenAtMs: Date.now(), atUs: 20 };
    await log.take({ delivery: { ...delivery, revises }, content });
    expect(await turnAfter(10_000)).toBe('done');
  });
});

describe('a deletion of what', () => {
  it('waits withdraws it', async () => {
    const opened = await revised('delete');
    expect(await opened.turnAfter(0)).toBe('done');
    expect(await stored(opened, original)).toMatchObject({
      delivery: { phase: 'discarded' },
      content: undefined,
    });
  });

  it('nobody knows to have arrived decides it, and follows', async () => {
    const uncertain = {
      phase: 'uncertain',
      unknown: true,
      parts: 1,
      posts: 1,
      lostAtMs: Date.now(),
    } as const;
    const opened = await revised('delete', { original: uncertain });
    expect(await opened.turnAfter(0)).toBe('go');
    expect((await stored(opened, original)).delivery).toMatchObject({ phase: 'discarded', ghosts: 1 });
    // Cut off before it went, it comes to the same.
    expect(await opened.turnAfter(0)).toBe('go');
  });

  it('has failed behind a part that is out decides it, and follows', async () => {
    const failed = { phase: 'failed', parts: 3, part: 1, failure: { code: 'no', sentence: 'No.' } } as const;
    const opened = await revised('delete', { original: failed });
    expect(await opened.turnAfter(0)).toBe('go');
    expect((await stored(opened, original)).delivery.phase).toBe('discarded');
  });

  it('is sent follows at once, or does nothing, as the operator likes', async () => {
    const sent = { original: { phase: 'sent' } } as const;
    expect(await (await revised('delete', sent)).turnAfter(0)).toBe('go');
    expect(await (await revised('delete', { ...sent, policy: 'ignore' })).turnAfter(0)).toBe('done');
  });
});

describe('what goes now', () => {
  const handOf = async (opened: OpenedLog): Promise<Hand> => {
    const { delivery, content, revisedBy } = await opened.go(original, 'run-1');
    return { delivery, content, pair: undefined, revisedBy };
  };

  it('takes the new text first, once', async () => {
    const opened = await revised('edit');
    const hand = await handOf(opened);
    expect(await opened.revisions.takeOver(hand, 'run-1')).toBe('stored');
    expect(hand.content).toBe(contentOf('lunch?'));
    expect((await stored(opened, original)).content).toBe(contentOf('lunch?'));
    expect(await opened.revisions.takeOver(hand, 'run-1')).toBeUndefined();
  });

  it('waits when no key opens its edit: the old text is not meant any more', async () => {
    const opened = await revised('edit');
    const hand = await handOf(opened);
    await opened.redis.set(opened.keys.content('edit' as DeliveryId), 'v1.lost.a.b.c');
    await expect(opened.revisions.takeOver(hand, 'run-1')).rejects.toMatchObject({ code: 'text-unreadable' });
    expect(await opened.turnAfter(0)).toEqual({ waitMs: 100 });
    expect(await opened.turnAfter(27 * HOUR)).toBe('done');
    expect((await stored(opened, original)).content).toBe(contentOf('lunhc?'));
  });

  it('does not go when it was deleted', async () => {
    const opened = await revised('delete');
    const hand = await handOf(opened);
    expect(await opened.revisions.takeOver(hand, 'run-1')).toBe('stored');
    expect(hand.delivery.phase).toBe('discarded');
  });

  it('is what the run of its job prepares and posts, whether or not its edit had a run', async () => {
    const opened = await revised('edit');
    const { destination } = target();
    const prepared: string[] = [];
    await runUntil('done', opened, original, {
      ...destination,
      prepare: (delivery, content, late) => {
        prepared.push(content);
        return destination.prepare(delivery, content, late);
      },
    });
    expect(prepared).toEqual([contentOf('lunch?')]);
  });

  it('is not posted by the run of its job when it was deleted, whether or not its deletion had a run', async () => {
    const opened = await revised('delete');
    const { stored: posted, destination } = target();
    await runUntil('done', opened, original, destination);
    expect(posted).toEqual([]);
  });

  it('is begun anew when it is edited just after it was prepared', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry(original, { content: contentOf('lunhc?') }));
    const { destination } = target();
    const prepared: string[] = [];
    await runUntil('done', opened, original, {
      ...destination,
      prepare: async (delivery, content, late) => {
        prepared.push(content);
        const { delivery: edit, content: text } = entry('edit', {
          lane: 'edit',
          content: contentOf('lunch?'),
        });
        const revises = { of: original, how: 'edit' as const, writtenAtMs: Date.now(), atUs: 10 };
        await opened.log.take({ delivery: { ...edit, revises }, content: text });
        return destination.prepare(delivery, content, late);
      },
    });
    expect(prepared).toEqual([contentOf('lunhc?'), contentOf('lunch?')]);
  });

  it('stays as it is when a part of it is out', async () => {
    const opened = await revised('edit', { original: { part: 1, parts: 2 } });
    const hand = await handOf(opened);
    expect(await opened.revisions.takeOver(hand, 'run-1')).toBeUndefined();
    expect(hand.content).toBe(contentOf('lunhc?'));
  });
});
