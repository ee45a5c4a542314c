import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { Pair } from '../../src/bridge/pair.ts';
import type { ChatterMessageId, DeliveryId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { change, entry, openLog, pairOf } from '../store/delivery-log/log.ts';

import { PARTS, passing, runUntil, target } from './delivering.ts';

const server = await privateRedis();

describe('what has been delivered', () => {
  it('rings the next in its lane, and what is to be said about it', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1', { order: 10 }), entry('msg-2', { order: 20 }));
    const { destination } = target();
    const told = entry('note-1', { lane: 'chat-ada' });
    const rung = await runUntil('done', opened, 'msg-1', {
      ...destination,
      outcome: ({ phase }) => ({ outbox: phase === 'sent' ? [told] : [] }),
    });
    expect(rung).toEqual(['chat note-1', 'chatter msg-2']);
  });
});

describe('what is known to one run alone', () => {
  it('is stored although another run has taken over: the answer to its POST', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { stored, destination } = target();
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      prepare: async (_delivery, content) => ({ content, parts: 1, repeatable: false }),
      async post(...what) {
        await opened.go('msg-1', 'another run');
        return destination.post(...what);
      },
      look: async () => undefined,
    });
    const read = await opened.log.read('msg-1' as DeliveryId);
    expect(read?.delivery).toMatchObject({ phase: 'sent', arrived: { id: 'm0' }, posts: 0 });
    expect(stored).toEqual([0]);
  });
});

describe('the answer to the POST of a former run', () => {
  it('is no news when its message was found before: nothing has arrived twice', async () => {
    const opened = await openLog(server);
    const { log, takeAll, go } = opened;
    await takeAll(entry('msg-1'));
    const fresh = pairOf('pair-1');
    const { destination } = target();
    const said: string[] = [];
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      prepare: async (_delivery, content) => ({ content, parts: 1, repeatable: false, pair: fresh }),
      pairOf: async () => (await log.pair(fresh.key)) ?? fresh,
      async post(...what) {
        const { delivery } = await go('msg-1', 'another run');
        const before = (await log.pair(fresh.key)) ?? fresh;
        const known = [{ id: 'm0' as ChatterMessageId, atMs: 1_000 }];
        const sent = change(delivery, 'another run', { phase: 'sent' });
        await log.commit({ ...sent, pair: { before, after: { ...before, known } } });
        return destination.post(...what);
      },
      outcome(_after, effects) {
        for (const effect of effects) if (effect.do === 'tell') said.push(effect.what);
        return { outbox: [] };
      },
    });
    expect(said).not.toContain('arrived-twice');
  });
});

describe('what is under watch', () => {
  it.each([
    ['is looked for', false],
    [
      'is not looked for right after a restore of Redis: what turns up may be what that forgot of another',
      true,
    ],
  ])('%s', async (_name, isRestored) => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { delivery } = await opened.go('msg-1', 'before');
    await opened.log.commit(change(delivery, 'before', { phase: 'sent', parts: 1, ghosts: 1, wakeAtMs: 1 }));
    const { destination } = target();
    let looks = 0;
    if (isRestored) await server.restart();
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      async lookForGhost() {
        looks += 1;
        return undefined;
      },
    });
    expect(looks).toBe(isRestored ? 0 : 1);
  });
});

describe('a person who has too much in hand of a worker', () => {
  it('is sent away, and served later', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { stored, destination } = target();
    const answers = [20, 20, undefined];
    const asked: (number | undefined)[] = [];
    const share = {
      enter: () => {
        asked.push(answers[Math.min(asked.length, 2)]);
        return asked.at(-1);
      },
      leave: () => {},
    };
    await runUntil('done', opened, 'msg-1', destination, { share });
    expect(asked.slice(0, 3)).toEqual(answers);
    expect(stored).toEqual([0, 1, 2]);
  });
});

describe('what is found', () => {
  it('is given up when another delivery to the same people has it by then', async () => {
    const opened = await openLog(server);
    const { log, takeAll, go } = opened;
    await takeAll(entry('msg-1', { lane: 'a' }), entry('msg-2', { lane: 'b' }));
    const { delivery } = await go('msg-1', 'before');
    await log.commit(
      change(delivery, 'before', { phase: 'settling', parts: 1, posts: 1, unknown: true, lost: 'broken' }),
    );
    const fresh = pairOf('pair-1');
    const { stored, destination } = target();
    const m0: Pair['known'][number] = { id: 'm0' as ChatterMessageId, atMs: 1_000 };
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      pairOf: async () => (await log.pair(fresh.key)) ?? fresh,
      async look(_delivery, _content, pair) {
        if (pair?.known.length) return undefined;
        const other = await go('msg-2', 'run');
        const acknowledged = { before: fresh, after: { ...fresh, known: [m0] } };
        await log.commit({ ...change(other.delivery, 'run', { phase: 'sent' }), pair: acknowledged });
        return { arrived: { id: m0.id, conversation: 'c', atMs: m0.atMs } };
      },
    });
    expect(stored).toEqual([0]);
  });
});

describe('what is sent', () => {
  it('is made once, and stays as it was however often it is tried', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { destination } = target();
    const posted: string[] = [];
    let made = 0;
    await runUntil('done', opened, 'msg-1', {
      ...destination,
      async prepare() {
        made += 1;
        return { content: `{"v":1,"made":${made}}`, parts: 1, repeatable: false };
      },
      async post(delivery, content, ...rest) {
        posted.push(content);
        if (posted.length < 3) throw passing;
        return destination.post(delivery, content, ...rest);
      },
    });
    expect(posted).toEqual(Array.from({ length: 3 }, () => '{"v":1,"made":1}'));
  });
});

describe('what Redis forgot when it was restored', () => {
  const states: Partial<Delivery>[] = [
    { phase: 'begun' },
    { phase: 'settling', unknown: true, lost: 'broken' },
    { phase: 'uncertain', unknown: true, lost: 'silent', wakeAtMs: 0 },
  ];
  for (const state of states) {
    it(`is found, all parts of it, when the first was ${state.phase} then`, async () => {
      const opened = await openLog(server);
      await opened.takeAll(entry('msg-1'));
      const { delivery } = await opened.go('msg-1', 'before');
      const first: Partial<Delivery> = { parts: PARTS, posts: 1, base: { sinceMs: 0, known: [] }, ...state };
      await opened.log.commit(change(delivery, 'before', first));
      const { stored, destination } = target(0, 1, 2);
      const beforeMs = Date.now();
      await server.restart();
      const newEnough: number[] = [];
      await runUntil('done', opened, 'msg-1', {
        ...destination,
        async look(delivery, content, pair, newEnoughMs) {
          newEnough.push(newEnoughMs);
          return destination.look(delivery, content, pair, newEnoughMs);
        },
      });
      expect(stored).toEqual([0, 1, 2]);
      // A reading from before cannot hold what was posted since and is forgotten.
      expect(Math.min(...newEnough)).toBeGreaterThan(beforeMs);
    });
  }

  it('is sent from where it had stopped', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const { delivery } = await opened.go('msg-1', 'before');
    await opened.log.commit(
      change(delivery, 'before', { phase: 'begun', parts: PARTS, posts: 1, base: { sinceMs: 0, known: [] } }),
    );
    const { stored, destination } = target(0, 1);
    await server.restart();
    await runUntil('done', opened, 'msg-1', destination);
    expect(stored).toEqual([0, 1, 2]);
  });
});
