import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import type { DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { ada, grace, mirrorWorld, reply, request, thread, users } from './mirror-world.ts';

/** What is being opened, and tried again and again: its thread cannot be read yet, say. */
function opening() {
  const world = mirrorWorld();
  const { options, taken, opening: first } = world;
  options.log.read = async (id) => {
    const entry = taken.find(({ delivery }) => delivery.id === id);
    return entry && { delivery: entry.delivery as Delivery, content: undefined, isUnreadable: false };
  };
  const mirroring = createMirroring(options);
  const second = { ...first, id: 'view-2' as DeliveryId, lane: 'mirror-view-2' as LaneKey };
  return { ...world, mirroring, first, second };
}

describe('a mirror that is stopped while it is being opened', () => {
  it('is not opened again, and says nothing', async () => {
    const { mirroring, mirrors, options, first } = opening();
    await mirroring.open(first, request);
    await options.mirrorEnd.end(thread, { state: 'stopped', stoppedBy: grace });
    expect(await mirroring.open(first, request)).toBeUndefined();
    expect(await mirrors.find(thread)).toMatchObject({ state: 'stopped', stoppedBy: grace });
  });

  it('does not end what has taken its place, though it was begun anew itself', async () => {
    const { mirroring, mirrors, first, second } = opening();
    const anew = { ...request, isAnew: true } as const;
    await mirroring.open(first, anew);
    const people = [{ id: users.grace.id, name: users.grace.name }];
    await mirroring.open(second, { ...anew, people });
    expect(await mirroring.open(first, anew)).toBeUndefined();
    expect(await mirrors.find(thread)).toMatchObject({ openedBy: second.id, state: 'live' });
  });

  it('can be opened by a Retry when it was Chatter that had refused it', async () => {
    const { mirroring, mirrors, first } = opening();
    await mirroring.open(first, request);
    await mirrors.end(thread, { state: 'refused' }, first.id);
    expect(await mirroring.open(first, request)).toMatchObject({ sender: users.bridge });
    expect(await mirrors.find(thread)).toMatchObject({ state: 'live' });
  });
});

describe('a mirror that brings along more than is taken', () => {
  it('is refused at once, with what can be done about it', async () => {
    const { mirroring, options, first } = opening();
    options.threads.written = async (_request, lane) => [
      { id: 'msg-root' as DeliveryId, lane, order: 1, message: reply(ada) },
    ];
    options.log.take = async () => ({ kind: 'full', of: 'person' });
    await expect(mirroring.open(first, request)).rejects.toMatchObject({
      retry: { kind: 'never' },
      code: 'thread-too-full',
    });
  });
});

describe('a mirror that is begun anew', () => {
  it('leaves the one before as it is when its people have another thread', async () => {
    const { mirroring, mirrors, first, second } = opening();
    const people = [{ id: users.grace.id, name: users.grace.name }];
    await mirroring.open(first, request);
    await mirroring.open(second, { ...request, thread: 'other' as typeof thread, people });
    const anew = { ...request, people, startedBy: ada, isAnew: true } as const;
    const third = { ...first, id: 'view-3' as DeliveryId, lane: 'mirror-view-3' as LaneKey };
    await expect(mirroring.open(third, anew)).rejects.toMatchObject({ code: 'people-taken' });
    expect(await mirrors.find(thread)).toMatchObject({ openedBy: first.id, state: 'live' });
  });

  it('is what it became since, however often that is tried', async () => {
    const { mirroring, mirrors, options, first } = opening();
    await mirroring.open(first, request);
    options.now = () => 99_000;
    await mirrors.move(thread, 'moved' as typeof thread, 'elsewhere' as typeof request.place);
    await mirroring.open(first, request);
    expect(await mirrors.find(thread)).toMatchObject({ startedAtMs: 9_000, at: 'moved' });
  });
});
