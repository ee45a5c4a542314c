import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { ReplayId } from '../../src/bridge/people.ts';
import type { MessageEvent, Sign } from '../../src/bridge/ports.ts';
import { createPush, type PushOptions, REPLAY_LOST } from '../../src/bridge/push.ts';
import { createPushState } from '../../src/store/push-state.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from '../store/delivery-log/log.ts';

const server = await privateRedis();

/** What one subscription brings: signs, and then how it ends. Without an end it stays open. */
type Stream = (Sign | Error)[];

const at = (place: number): ReplayId => `place-${place}` as ReplayId;
const event = (n: number): Sign => ({
  kind: 'event',
  event: { message: `m${n}` } as MessageEvent,
  at: at(n),
});
const open: Sign = { kind: 'open' };
const failure = (code: string, kind: 'later' | 'never' = 'later') =>
  new DeliveryError({ retry: { kind }, certain: true, code, sentence: `what ${code} means` });

/** Push in front of streams that were written down beforehand, with real Redis and waits that do not wait. */
async function play(streams: Stream[], more: Partial<PushOptions> = {}) {
  const { redis, keys } = await openLog(server);
  const state = createPushState(redis, keys, 60_000);
  const from: (ReplayId | undefined)[] = [];
  const heard: string[] = [];
  const waits: number[] = [];
  const said: string[] = [];
  const missed: number[] = [];
  const stopping = new AbortController();
  const push = createPush({
    events: {
      async *listen(place, stop) {
        from.push(place);
        for (const sign of streams.shift() ?? [open]) {
          if (sign instanceof Error) throw sign;
          yield sign;
        }
        if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
      },
    },
    state,
    heard: async ({ message }) => void heard.push(message),
    missed: async () => void missed.push(from.length),
    timing: {
      leaseMs: 60_000,
      keepEveryMs: 20_000,
      takeEveryMs: 5_000,
      backOffMs: { first: 1_000, most: 8_000 },
      hopelessMs: 3_600_000,
    },
    newLease: () => 'lease',
    now: () => performance.now(),
    random: () => 0,
    async after(ms, stop) {
      if (ms === 20_000) return void (await sleep(60_000, undefined, { signal: stop }).catch(() => {}));
      waits.push(ms);
      await new Promise(setImmediate);
    },
    say: (_level, words) => said.push(words),
    ...more,
  });
  const running = push(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  onTestFinished(stop);
  return { state, from, heard, waits, said, missed, stop };
}

describe('push', () => {
  it('begins with what happens from now on, and has everything else read once', async () => {
    const played = await play([[open, event(1)]]);
    await expect.poll(() => played.heard).toEqual(['m1']);
    expect([played.from, played.missed]).toEqual([[undefined], [1]]);
    await expect.poll(() => played.state.replayId()).toBe(at(1));
  });

  it('goes on after the last event that was dealt with', async () => {
    const played = await play([
      [open, event(1), event(2), failure('cut')],
      [open, event(3)],
    ]);
    await expect.poll(() => played.heard).toEqual(['m1', 'm2', 'm3']);
    expect([played.from, played.missed]).toEqual([[undefined, at(2)], [1]]);
  });

  it('hears an event again that could not be dealt with', async () => {
    let times = 0;
    const heard: string[] = [];
    const played = await play(
      [
        [open, event(1), event(2)],
        [open, event(2)],
      ],
      {
        async heard({ message }) {
          if (message === 'm2' && times++ === 0) throw new Error('on purpose');
          heard.push(message);
        },
      },
    );
    await expect.poll(() => heard).toEqual(['m1', 'm2']);
    expect(played.from).toEqual([undefined, at(1)]);
  });

  it('has everything read again when that could not be arranged, before it remembers a place', async () => {
    let times = 0;
    const played = await play(
      [
        [open, event(1)],
        [open, event(2)],
      ],
      {
        async missed() {
          if (times++ === 0) throw new Error('on purpose');
        },
      },
    );
    await expect.poll(() => played.heard).toEqual(['m2']);
    expect(played.from).toEqual([undefined, undefined]);
    expect(times).toBe(2);
  });

  it('gives a place up that is refused, and has everything read', async () => {
    const played = await play([[open, event(1), failure('cut')], [failure(REPLAY_LOST)], [open, event(7)]]);
    await expect.poll(() => played.heard).toEqual(['m1', 'm7']);
    expect([played.from, played.missed]).toEqual([
      [undefined, at(1), undefined],
      [1, 3],
    ]);
  });

  it('waits ever longer between failures, and from the beginning after a success', async () => {
    const cut = failure('cut');
    const played = await play([[cut], [cut], [cut], [cut], [cut], [open, event(1), cut], [open, event(2)]]);
    await expect.poll(() => played.heard).toEqual(['m1', 'm2']);
    expect(played.waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 1_000]);
  });

  it('says the same trouble once, and again when it was over in between', async () => {
    const cut = failure('cut');
    const played = await play([[cut], [cut], [open, event(1), cut], [failure('other')], [open, event(2)]]);
    await expect.poll(() => played.heard).toEqual(['m1', 'm2']);
    expect(played.said).toEqual([
      'what cut means',
      'push is alive',
      'what cut means',
      'what other means',
      'push is alive',
    ]);
  });

  it('tries what does not pass by itself again after an hour', async () => {
    const played = await play([[failure('topic-missing', 'never')], [open, event(1)]]);
    await expect.poll(() => played.heard).toEqual(['m1']);
    expect(played.waits).toEqual([3_600_000]);
  });

  it('is not alive from a failure on, nor when it was told to stop', async () => {
    const played = await play([[open, event(1)]]);
    await expect.poll(() => played.state.aliveUntilMs()).toBeGreaterThan(0);
    await played.stop();
    expect(await played.state.aliveUntilMs()).toBe(0);
  });

  it('stops when another has the lease, and writes nothing any more', async () => {
    const heard: string[] = [];
    let takeOver = async () => {};
    const played = await play([[open, event(1), event(2)]], {
      async heard({ message }) {
        if (message === 'm2') await takeOver();
        heard.push(message);
      },
    });
    takeOver = async () => {
      await played.state.release('lease');
      await played.state.take('another');
    };
    await expect.poll(() => heard).toEqual(['m1', 'm2']);
    // It waits for its turn again.
    await expect.poll(() => played.waits).toContain(5_000);
    expect(await played.state.replayId()).toBe(at(1));
  });
});
