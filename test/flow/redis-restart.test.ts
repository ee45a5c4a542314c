import { describe, expect, it, onTestFinished } from 'vitest';
import { startBridge } from './bridge.ts';
import { backUp, ready } from './redis-trouble.ts';
import { asked, command, longTest, notes, patience, reply, rootOf } from './seen.ts';
import { underWay } from './under-way.ts';
import type { World } from './world.ts';

async function start() {
  // A restart is noticed after a lock's length; in production that is four seconds.
  const bridge = await startBridge({ timing: { lockMs: 1_500, stalledCheckMs: 300 } });
  onTestFinished(() => bridge.close());
  return bridge;
}

/** Salesforce wants to be left alone for a while: what is written now waits in Redis. */
function refuseForSeconds(world: World, retryAfterSeconds: number): void {
  world.salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds, kind: 'post' });
}

describe('after a restart of Redis', longTest, () => {
  it('everything that waited is looked for before it is sent; nothing is lost, doubled or reordered', async () => {
    const bridge = await start();
    await command(bridge, '@grace zero');
    await expect.poll(() => notes(bridge, 'zero'), patience).toHaveLength(1);
    refuseForSeconds(bridge, 3);
    const waiting = ['one', 'two', 'three'];
    for (const text of waiting) await command(bridge, `@grace ${text}`);
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    const reads = asked(bridge, 'list');
    await bridge.redis.restart();
    await expect.poll(() => bridge.texts(), { timeout: 20_000 }).toEqual(['zero', ...waiting]);
    expect(asked(bridge, 'list') - reads).toBeGreaterThan(0);
    for (const text of waiting) await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
    await ready(bridge);
    const settled = asked(bridge, 'list');
    await command(bridge, '@grace four');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('four');
    expect(asked(bridge, 'list')).toBe(settled);
    expect(bridge.texts()).toEqual(['zero', ...waiting, 'four']);
  });
});

describe('what is changed about a message that waits over a restart of Redis', () => {
  it(
    'goes with it, once it was looked for: it may have been sent, and that forgotten',
    longTest,
    async () => {
      const bridge = await start();
      await command(bridge, '@grace zero');
      await expect.poll(() => notes(bridge, 'zero'), patience).toHaveLength(1);
      refuseForSeconds(bridge, 4);
      const root = rootOf(bridge, 'zero');
      const edited = reply(bridge, root, 'one');
      await edited.delivered;
      await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
      const deleted = reply(bridge, root, 'two');
      await deleted.delivered;
      await bridge.redis.restart();
      await ready(bridge);
      await bridge.slack.edit('U0ADA', edited.message, 'one more').delivered;
      await bridge.slack.delete('U0ADA', deleted.message).delivered;
      await expect.poll(() => underWay(bridge), { timeout: 30_000 }).toBe(0);
      expect(bridge.texts()).toEqual(['zero', 'one more']);
    },
  );
});

describe('after a restart of Redis with a full lane', () => {
  it('a handful of readings serves hundreds of messages of one person, equal ones included', {
    timeout: 120_000,
  }, async () => {
    const bridge = await start();
    await command(bridge, '@grace zero');
    await expect.poll(() => notes(bridge, 'zero'), patience).toHaveLength(1);
    // Each of them twice, further apart than a pair remembers by itself: what was found or sent for one is not taken for
    // the other.
    const waiting = Array.from({ length: 420 }, (_, i) => `word ${i % 210}`);
    refuseForSeconds(bridge, 12);
    for (const text of waiting) await command(bridge, `@grace ${text}`);
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    const reads = asked(bridge, 'list');
    await bridge.redis.restart();
    await expect.poll(() => bridge.texts().length, { timeout: 80_000 }).toBe(1 + waiting.length);
    expect(bridge.texts()).toEqual(['zero', ...waiting]);
    // Three after the restart, and then one every five seconds: that is how long one is kept in tests.
    const list = bridge.salesforce.requests.filter(({ kind }) => kind === 'list').slice(reads);
    const readings = list.filter(({ search }) => !search.includes('page='));
    const tookMs = (bridge.salesforce.requests.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0);
    expect(readings.length).toBeLessThanOrEqual(4 + tookMs / 5_000);
  });
});

describe('while Redis is restarted again and again', () => {
  it('what was taken in arrives once and in order, what was refused never', {
    timeout: 120_000,
  }, async () => {
    const bridge = await start();
    await command(bridge, '@grace opening');
    await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
    const { faults } = bridge.salesforce;
    faults.arm({ do: 'slow', delayMs: 100, kind: 'post', probability: 1 });
    const answers = new Map<string, string>();
    for (let i = 0; i < 30; i += 1) {
      const text = `word ${i}`;
      const typed = command(bridge, `@grace ${text}`);
      if (i % 10 === 5) await bridge.redis.restart();
      answers.set(text, await typed);
    }
    const texts = (beginning: string) =>
      [...answers].filter(([, answer]) => answer.startsWith(beginning)).map(([text]) => text);
    const [taken, unsure] = [texts('Sending to'), texts('It is not sure yet')];
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length + unsure.length + texts('Nothing was sent').length).toBe(30);
    const arrived = () => bridge.texts().filter((text) => text.startsWith('word') && !unsure.includes(text));
    await expect.poll(arrived, { timeout: 60_000 }).toEqual(taken);
    for (const text of unsure) expect(bridge.texts().filter((one) => one === text).length).toBeLessThan(2);
    await ready(bridge);
    await command(bridge, '@grace closing');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('closing');
    expect(arrived()).toEqual(taken);
  });
});

describe('after a restore of Redis from an older state', longTest, () => {
  it('a message that was delivered since is found in Salesforce and not sent again', async () => {
    const bridge = await start();
    refuseForSeconds(bridge, 2);
    await command(bridge, '@grace known to Salesforce alone');
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    const restore = await backUp(bridge);
    await expect.poll(() => bridge.texts(), patience).toEqual(['known to Salesforce alone']);
    await expect.poll(() => notes(bridge, 'known to Salesforce alone'), patience).not.toHaveLength(0);
    await restore();
    await ready(bridge);
    await command(bridge, '@grace after the restore');
    await expect.poll(() => bridge.texts().at(-1), { timeout: 20_000 }).toBe('after the restore');
    expect(bridge.texts()).toEqual(['known to Salesforce alone', 'after the restore']);
  });

  it('all parts of a long text are found', async () => {
    const bridge = await start();
    const long = Array.from({ length: 2_500 }, (_, i) => `word${i}`).join(' ');
    refuseForSeconds(bridge, 2);
    await command(bridge, `@grace ${long}`);
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    const restore = await backUp(bridge);
    await expect.poll(() => bridge.texts(), { timeout: 20_000 }).toHaveLength(3);
    await expect.poll(() => notes(bridge, 'word0'), patience).not.toHaveLength(0);
    await restore();
    await ready(bridge);
    await command(bridge, '@grace the end');
    await expect.poll(() => bridge.texts().at(-1), { timeout: 20_000 }).toBe('the end');
    expect(bridge.texts()).toHaveLength(4);
  });
});
