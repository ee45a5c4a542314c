import { describe, expect, it } from 'vitest';
import { DeliveryError, refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { Incoming } from '../../src/bridge/message.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import { createMirrors } from '../../src/bridge/mirrors.ts';
import type { ChatPersonId, ChatPlaceId, DeliveryId, SalesforceUserId } from '../../src/bridge/people.ts';
import { ada, alan, type Given, grace, mirrorWorld, place, request, thread, users } from './mirror-world.ts';

async function web(
  given: Given & { live?: boolean; hangs?: boolean; find?: (id: ChatPersonId) => Error | undefined } = {},
) {
  const world = mirrorWorld(given);
  if (given.live) await createMirroring(world.options).open(world.opening, request);
  const stored: Incoming[] = [];
  const mirrors = createMirrors({
    ...world.options,
    intake: {
      async take(incoming) {
        stored.push(incoming);
        return 'stored';
      },
    },
    people: {
      async find(id) {
        if (given.hangs) await new Promise(() => {});
        const flaw = given.find?.(id);
        if (flaw) throw flaw;
        return { id, name: id, email: `${id}@corp.com`, timeZone: 'UTC' };
      },
    },
    after: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  return { ...world, web: mirrors, stored };
}

const check = async (people: ChatPersonId[], users: string[] = [], given = {}) =>
  (await web(given)).web.check(ada, { people, users: users as SalesforceUserId[] }, 1_000);

describe('whom a form names', () => {
  it('are found, with the starter, each once', async () => {
    expect(await check([grace, grace, ada], ['005ada'])).toEqual({
      kind: 'fine',
      people: [users.ada, users.grace].map(({ id, name }) => ({ id, name })),
    });
  });

  it('are eight at most, and somebody else than the starter', async () => {
    expect(await check(Array.from({ length: 9 }, () => grace))).toMatchObject({ kind: 'mistaken' });
    expect(await check([ada])).toMatchObject({ people: 'Choose somebody other than yourself.' });
  });

  it('are said to be wrong where they were named', async () => {
    const find = (id: ChatPersonId) =>
      id === alan ? refusedForGood('person-guest', 'Alan is a guest.') : undefined;
    expect(await check([grace, alan], [], { find })).toEqual({
      kind: 'mistaken',
      people: 'Alan is a guest.',
    });
    expect(await check([grace], [], { without: grace })).toEqual({
      kind: 'mistaken',
      people: 'No such user.',
    });
  });

  it('are not guessed at when nobody answers in time', async () => {
    const away = new DeliveryError({
      retry: { kind: 'later' },
      certain: true,
      code: 'away',
      sentence: 'Away.',
    });
    expect(await check([grace], [], { find: () => away })).toEqual({ kind: 'busy' });
    const { web: slow } = await web({ hangs: true });
    expect(await slow.check(ada, { people: [grace], users: [] }, 10)).toEqual({ kind: 'busy' });
  });
});

describe('starting a mirror', () => {
  it('is taken in like a message, in a lane of its own', async () => {
    const { web: mirrors, stored } = await web();
    expect(await mirrors.start('view-1' as DeliveryId, request)).toBe('stored');
    expect(stored).toMatchObject([
      { id: 'view-1', lane: 'mirror-view-1', order: 5_000, message: { author: ada, to: { opens: request } } },
    ]);
  });

  it('is refused at once when the thread or the people have one, unless it is begun anew', async () => {
    const { web: mirrors, stored } = await web({ live: true });
    const id = 'view-2' as DeliveryId;
    expect(await mirrors.start(id, request)).toBe('thread-taken');
    expect(await mirrors.start(id, { ...request, thread: 'other' as typeof thread })).toBe('people-taken');
    expect(stored).toEqual([]);
    expect(await mirrors.start(id, { ...request, isAnew: true })).toBe('stored');
  });
});

describe('starting a mirror anew', () => {
  it('is for those who may stop the one that it ends', async () => {
    const { web: mirrors, stored, mirrors: log } = await web({ live: true });
    const anew = { ...request, startedBy: alan, isAnew: true } as const;
    // From the offer of an earlier mirror of this thread, say.
    expect(await mirrors.start('view-2' as DeliveryId, anew)).toBe('thread-taken');
    expect(stored).toEqual([]);
    await log.addWriter(thread, alan);
    expect(await mirrors.start('view-2' as DeliveryId, anew)).toBe('stored');
  });
});

describe('stopping a mirror', () => {
  const over = ['view-1-end', 'view-1-over'];

  it('is for its starter, for an admin, and for anybody whose words travel', async () => {
    const outsider = await web({ live: true });
    expect(await outsider.web.stop(thread, alan, false)).toBe('not-theirs');
    expect(outsider.taken).toEqual([]);
    await outsider.mirrors.addWriter(thread, alan);
    expect(await outsider.web.stop(thread, alan, false)).toBe('stopped');
    for (const [by, isAdmin] of [
      [ada, false],
      [grace, true],
    ] as const) {
      const { web: mirrors, taken } = await web({ live: true });
      expect(await mirrors.stop(thread, by, isAdmin)).toBe('stopped');
      expect(taken.map(({ delivery }) => delivery.id)).toEqual(over);
    }
  });

  it('is done once', async () => {
    const { web: mirrors } = await web({ live: true });
    await mirrors.stop(thread, ada, false);
    expect(await mirrors.stop(thread, ada, false)).toBe('not-live');
  });
});

describe('a place that can no longer be written in', () => {
  it('lets its mirrors rest, and tells whoever has started them', async () => {
    const { web: mirrors, taken, mirrors: log } = await web({ live: true });
    await mirrors.rest({ place }, 'place-archived');
    expect(await log.find(thread)).toMatchObject({ state: 'resting', rest: 'place-archived' });
    expect(taken.map(({ delivery }) => [delivery.id, delivery.author])).toEqual([
      ['view-1-end', ada],
      ['view-1-rests', ada],
    ]);
  });

  it('lets the thread say so, too, where it can', async () => {
    const { web: mirrors, taken } = await web({ live: true });
    await mirrors.rest({ place }, 'place-shared');
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['view-1-end', 'view-1-rests', 'view-1-over']);
  });

  it('or that is called otherwise keeps them', async () => {
    const { web: mirrors, mirrors: log } = await web({ live: true });
    await mirrors.moved(place, 'new' as ChatPlaceId, () => 'thread there' as typeof thread);
    expect(await log.find(thread)).toMatchObject({ state: 'live', at: 'thread there', place: 'new' });
  });
});
