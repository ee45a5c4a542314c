import { describe, expect, it } from 'vitest';
import { readContent } from '../../src/bridge/chatter-content.ts';
import { entryOf } from '../../src/bridge/incoming.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import type { DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { ada, grace, mirrorWorld, reply, request, thread, users } from './mirror-world.ts';

/** A mirror that was begun anew by Grace: with her alone, where Ada and Grace were before. */
async function begunAnew() {
  const world = mirrorWorld();
  const mirroring = createMirroring(world.options);
  const first = world.opening;
  await mirroring.open(first, request);
  const second = { ...first, id: 'view-2' as DeliveryId, lane: 'mirror-view-2' as LaneKey };
  const people = [{ id: users.grace.id, name: users.grace.name }];
  await mirroring.open(second, { ...request, startedBy: grace, people, isAnew: true });
  return { ...world, mirroring, first, second };
}

describe('a thread that was mirrored anew', () => {
  it('stays mirrored when the mirror before takes leave, of its own conversation', async () => {
    const { mirroring, mirrors, first, second } = await begunAnew();
    const speaking = await mirroring.close(thread, first.id, { state: 'stopped', stoppedBy: grace });
    expect(speaking?.recipients.map(({ id }) => id)).toEqual([users.ada.id, users.grace.id]);
    expect(await mirrors.find(thread)).toMatchObject({ openedBy: second.id, state: 'live' });
  });

  it('sends what was written before to whom it was written', async () => {
    const { mirroring, first, second } = await begunAnew();
    const before = await mirroring.speak(first, reply(ada), thread);
    expect(before?.recipients.map(({ id }) => id)).toEqual([users.grace.id, users.bridge.id]);
    const since = await mirroring.speak(second, reply(grace), thread);
    expect(since?.recipients.map(({ id }) => id)).toEqual([users.bridge.id]);
  });

  it('takes along what the mirror before has sent, as a copy, unless it is deleted since', async () => {
    const { options, taken, mirroring, first, second } = await begunAnew();
    const root = (lane: LaneKey) => ({
      id: 'msg-root' as DeliveryId,
      lane,
      order: 1_000,
      message: reply(ada),
    });
    options.threads.written = async (_request, lane) => [root(lane)];
    options.log.read = async (id) => {
      const revises = { of: 'msg-root' as DeliveryId, how: 'delete', writtenAtMs: 1, atUs: 1 } as const;
      const delivery = id === ('deletion' as DeliveryId) ? { ...first, revises } : first;
      return { delivery, content: undefined, isUnreadable: false };
    };
    options.log.revisedBy = async () => undefined;
    await options.log.take(entryOf(root(first.lane)));
    for (const _try of [1, 2]) await mirroring.open(second, { ...request, startedBy: grace, isAnew: true });
    const copies = taken.filter(({ delivery }) => delivery.lane === second.lane);
    expect(copies.map(({ delivery }) => delivery.id)).toEqual(['msg-root-for-view-2']);
    const { message } = readContent(copies[0]?.content ?? '');
    const copy = { ...second, id: 'msg-root-for-view-2' as DeliveryId };
    expect(await mirroring.speak(copy, message, thread)).toMatchObject({ relayedFor: 'ada in chat' });
    options.log.revisedBy = async (id) => (id === 'msg-root' ? ('deletion' as DeliveryId) : undefined);
    expect(await mirroring.speak(copy, message, thread)).toBeUndefined();
  });

  it('does not take along what just these people have had from the mirror before', async () => {
    const world = mirrorWorld();
    const mirroring = createMirroring(world.options);
    const root = (lane: LaneKey) => ({
      id: 'msg-root' as DeliveryId,
      lane,
      order: 1_000,
      message: reply(ada),
    });
    world.options.threads.written = async (_request, lane) => [root(lane)];
    world.options.log.read = async () => ({
      delivery: world.opening,
      content: undefined,
      isUnreadable: false,
    });
    await mirroring.open(world.opening, request);
    const again = { ...world.opening, id: 'view-2' as DeliveryId, lane: 'mirror-view-2' as LaneKey };
    await mirroring.open(again, { ...request, isAnew: true });
    expect(world.taken.filter(({ delivery }) => delivery.lane === again.lane)).toEqual([]);
  });

  it('sends what was changed before to whom the original went, and later changes to whom read it now', async () => {
    const { mirroring, options, first, second } = await begunAnew();
    options.log.read = async (id) => ({
      delivery: id === ('msg-1' as DeliveryId) ? first : second,
      content: undefined,
      isUnreadable: false,
    });
    const revises = { of: 'msg-1' as DeliveryId, how: 'edit', writtenAtMs: 6, atUs: 1 } as const;
    const edit = { ...first, id: 'edit' as DeliveryId, lane: 'revises' as LaneKey, revises };
    const to = async (takenAtMs: number) =>
      (await mirroring.speak({ ...edit, takenAtMs }, reply(ada), thread))?.mirror.openedBy;
    expect(await to(8_999)).toBe(first.id);
    expect(await to(9_000)).toBe(second.id);
  });
});
