import { describe, expect, it, onTestFinished } from 'vitest';
import { createAfterRestart } from '../src/after-restart.ts';
import type { ChatPersonId, DeliveryId } from '../src/bridge/people.ts';
import type { Config } from '../src/config.ts';
import type { Beat } from '../src/store/pulse.ts';
import type { Waiting } from '../src/store/waiting.ts';
import { collectLog } from './collect-log.ts';

const MINUTE = 60_000;
const first: Beat = {
  run: 'run-1',
  epoch: 1,
  count: 100,
  atMs: 10 * MINUTE,
  sinceMs: MINUTE,
  until: undefined,
  isListed: false,
  wasPaused: false,
};
/** Redis came up anew, with data that reach to so long before the last beat of the first run. */
const restarted = (forgottenMs: number, changed: Partial<Beat> = {}): Beat => ({
  ...first,
  run: 'run-2',
  epoch: 2,
  sinceMs: first.atMs + 5_000,
  atMs: first.atMs + 6_000,
  until: { count: first.count - Math.ceil(forgottenMs / 1_000), atMs: first.atMs - forgottenMs },
  ...changed,
});
const waits = (count: number, to: Waiting['to'] = 'chatter'): Waiting[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${to}-${i}` as DeliveryId,
    to,
    author: 'T0CORP-U0ADA' as ChatPersonId,
    phase: 'queued',
    takenAtMs: first.atMs - MINUTE,
  }));

/** Goes through these beats, one a tick; the last one stays. */
async function go(
  beats: Beat[],
  o: { afterRestore?: Config['afterRestore']; waiting?: Waiting[]; failing?: number } = {},
) {
  const { log, lines } = collectLog();
  const done: string[] = [];
  let failing = o.failing ?? 0;
  const afterRestart = createAfterRestart({
    pulse: {
      beat: async () => ({ ...((beats.length > 1 ? beats.shift() : beats[0]) as Beat) }),
      read: async () => undefined,
      note: async (run, what) => {
        done.push(`${what} ${run}`);
        if (beats[0]?.run !== run) return;
        beats[0] = { ...beats[0], ...(what === 'listed' ? { isListed: true } : { wasPaused: true }) };
      },
    },
    async *waitingFromBefore() {
      yield* o.waiting ?? [];
    },
    async pause() {
      failing -= 1;
      if (failing >= 0) throw new Error('full');
      done.push(`pause, may claim: ${afterRestart.mayClaim('run-2')}`);
    },
    afterRestore: o.afterRestore ?? 'pause',
    pauseAfterMs: MINUTE,
    everyMs: 5,
    log,
  });
  onTestFinished(() => afterRestart.stop());
  expect(afterRestart.mayClaim('run-1')).toBe(false);
  await afterRestart.start();
  const last = beats.at(-1)?.run ?? '';
  await expect.poll(() => afterRestart.mayClaim(last)).toBe(true);
  return { done, lines, said: lines.map(({ msg }) => String(msg)) };
}

describe('the first start', () => {
  it('has nothing to list', async () => {
    expect(await go([first])).toEqual({ done: [], lines: [], said: [] });
  });
});

describe('another run of Redis', () => {
  it('is listed before anything is claimed: until when its data reach, how many wait, and who', async () => {
    const { done, lines } = await go([first, restarted(0)], { waiting: [...waits(25), ...waits(3, 'chat')] });
    expect(done).toEqual(['listed run-2']);
    expect(lines[0]).toMatchObject({
      level: 40,
      dataReachUntil: '1970-01-01T00:10:00.000Z',
      upSince: '1970-01-01T00:10:05.000Z',
      messagesWait: 25,
      notesWait: 3,
    });
    expect(lines).toHaveLength(1 + 20);
    const row = { level: 40, delivery: 'chatter-0', author: 'T0CORP-U0ADA', phase: 'queued', ageSeconds: 66 };
    expect(lines[1]).toMatchObject(row);
  });

  it('is listed by a process that only starts, and proves nothing to it', async () => {
    const { done, said } = await go([restarted(50 * MINUTE)], { waiting: waits(1) });
    expect(done).toEqual(['listed run-2']);
    expect(said.join()).not.toContain('certainly');
  });

  it('is listed once, whoever does it', async () => {
    expect(await go([first, restarted(0, { isListed: true })], { waiting: waits(1) })).toMatchObject({
      done: [],
      lines: [],
    });
  });
});

describe('a proven loss', () => {
  it('of a second is said, and sending goes on', async () => {
    const { done, lines, said } = await go([first, restarted(1_000)]);
    expect(done).toEqual(['listed run-2']);
    expect(lines[0]).toMatchObject({
      level: 50,
      forgottenSeconds: 1,
      rememberedUntil: '1970-01-01T00:10:00.000Z',
    });
    expect(said[0]).toContain('certainly');
  });

  it('of more than a minute pauses sending first, then lists, and only then may anything be claimed', async () => {
    const { done, said } = await go([first, restarted(2 * MINUTE)], { waiting: waits(1) });
    expect(done).toEqual(['pause, may claim: false', 'paused run-2', 'listed run-2']);
    expect(said[1]).toContain('`npm run operate -- resume`');
  });

  it('of everything is one', async () => {
    const empty = restarted(0, { epoch: 1, until: undefined });
    const { done, lines } = await go([first, empty]);
    expect(done).toEqual(['pause, may claim: false', 'paused run-2', 'listed run-2']);
    expect(lines[0]).toMatchObject({ rememberedUntil: '1970-01-01T00:10:00.000Z' });
  });

  it('does not pause again when the operator has resumed, nor where it should go on', async () => {
    const resumed = restarted(2 * MINUTE, { wasPaused: true, isListed: true });
    expect((await go([first, resumed])).done).toEqual([]);
    expect((await go([first, restarted(2 * MINUTE)], { afterRestore: 'go' })).done).toEqual(['listed run-2']);
  });

  it('lets nothing be claimed until the pause has succeeded', async () => {
    const { done, said } = await go([first, restarted(2 * MINUTE)], { failing: 3 });
    expect(done).toEqual(['pause, may claim: false', 'paused run-2', 'listed run-2']);
    expect(said.filter((words) => words.includes('is paused'))).toHaveLength(1);
  });
});
