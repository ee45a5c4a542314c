import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { ask, begin, type Mirrored, readAgain, settled, startMirroring, untimed } from './mirroring.ts';
import { ready } from './redis-trouble.ts';
import { longTest, notes, wordsOf } from './seen.ts';

const patience = { timeout: 30_000 };

let bridge: RunningBridge;
beforeAll(async () => {
  // A restart is noticed after a lock's length; in production that is four seconds.
  bridge = await startMirroring({ timing: { lockMs: 1_500, stalledCheckMs: 300 } });
});
afterAll(() => bridge?.close());

const WRITERS = ['U0ADA', 'U0ALAN', 'U0GRACE'];
const NAMES = ['Ada Lovelace', 'Chatter Bridge: Alan Turing (in Slack)', 'Grace Hopper'];
const lines = (count: number) => [
  'Grace Hopper: the root',
  ...Array.from({ length: count }, (_, n) => `${NAMES[n % 3]}: reply ${n}`),
];

function talked(replies: number) {
  const { slack } = bridge;
  const { message: root } = slack.say('U0GRACE', 'C0GENERAL', 'the root');
  for (let n = 0; n < replies; n += 1) {
    slack.say(WRITERS[n % 3] ?? '', 'C0GENERAL', `reply ${n}`, { thread_ts: root.ts });
  }
  return root;
}

/** Both ways, once, and with the one notice. */
async function expectWhole(mirror: Mirrored, replies: number): Promise<void> {
  await expect.poll(() => mirror.inChatter().map(untimed), patience).toEqual(lines(replies));
  await ready(bridge);
  mirror.type('reader', 'And back');
  await expect.poll(() => mirror.inSlack().length, patience).toBe(2);
  mirror.say('ada', 'the end');
  await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: the end');
  await readAgain(bridge);
  expect(mirror.inChatter().map(untimed)).toEqual([
    ...lines(replies),
    `${mirror.reader.name}: And back`,
    'Ada Lovelace: the end',
  ]);
  expect(mirror.inSlack()).toHaveLength(2);
}

describe('a restart of Redis', { timeout: 120_000 }, () => {
  it('while a thread is brought along loses, doubles and reorders nothing', async () => {
    const root = talked(12);
    bridge.salesforce.faults.arm({ do: 'slow', delayMs: 150, kind: 'post', times: 12 });
    const mirror = await ask(bridge, { root, bring: 'all' });
    await expect.poll(() => mirror.conversation().length, patience).toBeGreaterThan(4);
    await bridge.redis.restart();
    await expectWhole(mirror, 12);
  });

  it('before the first message has gone leaves one mirror, that begins then', async () => {
    const root = talked(3);
    const { faults } = bridge.salesforce;
    faults.arm({
      do: 'status',
      answer: 'row-locked',
      retryAfterSeconds: 2,
      kind: 'post',
      text: 'has mirrored',
    });
    const mirror = await ask(bridge, { root, bring: 'all' });
    await expect.poll(() => faults.active(), patience).toEqual([]);
    await bridge.redis.restart();
    await expectWhole(mirror, 3);
  });

  it('after an end leaves it ended', longTest, async () => {
    const mirror = await begin(bridge);
    const [, notice] = bridge.slack.thread('C0GENERAL', mirror.root.ts);
    if (!notice) throw new Error('no notice');
    await bridge.slack.press('U0ADA', notice, 'stop_mirror');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('no longer mirrored here');
    await bridge.redis.restart();
    await ready(bridge);
    await mirror.say('ada', 'Only here').delivered;
    await settled(bridge);
    expect(mirror.inChatter().join()).not.toContain('Only here');
    expect(mirror.inSlack().join()).toContain('no longer mirrored to Chatter');
    expect(notes(bridge, 'Not sent').map(wordsOf)).toEqual([]);
  });
});
