import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../sandbox/salesforce/faults.ts';
import { quickTiming, startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience, told } from './seen.ts';
import type { Name, World } from './world.ts';

type Options = Parameters<typeof startBridge>[0];
const gates = { ...quickTiming.gates, limitMs: { first: 500, most: 1_500 } } as NonNullable<
  typeof quickTiming.gates
>;

async function start(options: Options = {}) {
  const bridge = await startBridge({ timing: { gates }, ...options });
  onTestFinished(() => bridge.close());
  // Everybody is known, so that nothing but messages is counted.
  await command(bridge, '@grace warm up');
  await command(bridge, '@alan warm up', 'grace');
  await expect.poll(() => bridge.texts(), patience).toHaveLength(2);
  await expect.poll(() => notes(bridge, 'warm up'), patience).toHaveLength(1);
  return bridge;
}

/** Salesforce refuses so until it is cleared. */
function refuse(world: World, fault: Fault, of?: Name): void {
  world.salesforce.faults.arm({
    ...fault,
    probability: 1,
    ...(of && { userId: world.salesforceId(of) }),
  });
}

const hourly: Fault = { do: 'status', answer: '503-limit', kind: 'post' };
const posts = (world: World, of: Name) =>
  world.salesforce.requests.filter(
    ({ kind, userId }) => kind === 'post' && userId === world.salesforceId(of),
  );
const paused = (world: World, reader: Name = 'ada') => notes(world, '*Paused.*', reader);

describe("a person's hourly limit", longTest, () => {
  it('costs one request a closing, however many of their messages wait, and holds nobody else up', async () => {
    const bridge = await start();
    const people = Array.from({ length: 50 }, (_, i) => `user${i}@corp.com`);
    for (const email of people) bridge.salesforce.addUser({ name: `User ${email}`, email });
    refuse(bridge, hourly, 'ada');
    const before = posts(bridge, 'ada').length;
    await command(bridge, '@grace the first');
    await expect.poll(() => posts(bridge, 'ada').length, patience).toBe(before + 1);
    for (const email of people) await command(bridge, `${email} to ${email}`);
    const others = bridge.texts().length;
    for (let i = 0; i < 10; i += 1) await command(bridge, `@alan from Grace ${i}`, 'grace');
    await expect.poll(() => bridge.texts().slice(others).length, patience).toBe(10);
    const closedForMs = Date.now() - (posts(bridge, 'ada').at(before)?.at ?? 0);
    // After three shorter ones each closing takes at least 0.75 s: the longest less a half by chance.
    expect(posts(bridge, 'ada').length - before).toBeLessThanOrEqual(4 + closedForMs / 750);
    bridge.salesforce.faults.clear();
    await expect
      .poll(() => bridge.texts().filter((text) => text.startsWith('to ')), patience)
      .toHaveLength(50);
    expect(new Set(bridge.texts()).size).toBe(bridge.texts().length - 1);
  });

  it('pauses them until the time that Salesforce names, messages written meanwhile included', async () => {
    const bridge = await start();
    const { faults } = bridge.salesforce;
    faults.arm({ ...hourly, retryAfterSeconds: 2 });
    const before = posts(bridge, 'ada').length;
    await command(bridge, '@grace one');
    await expect.poll(() => faults.active(), patience).toEqual([]);
    await command(bridge, '@alan in another lane');
    await command(bridge, '@grace two');
    await expect.poll(() => bridge.texts().length, patience).toBe(5);
    const [refused, next] = posts(bridge, 'ada').slice(before);
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_950);
    expect(posts(bridge, 'ada').length - before).toBe(4);
    expect(bridge.texts().filter((text) => text === 'one' || text === 'two')).toEqual(['one', 'two']);
  });

  it('is said once a closing to whoever waits, with the time of the next try', async () => {
    const bridge = await start({ timing: { gates: { ...gates, tellAfterMs: 400 } } });
    refuse(bridge, hourly, 'ada');
    const before = posts(bridge, 'ada').length;
    for (const text of ['@grace one', '@grace two', '@alan three']) await command(bridge, text);
    // Closed again and again, for longer each time.
    await expect.poll(() => posts(bridge, 'ada').length - before, patience).toBeGreaterThanOrEqual(5);
    await expect.poll(() => paused(bridge), patience).toHaveLength(1);
    expect(JSON.stringify(paused(bridge)[0]?.blocks)).toMatch(/<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>/);
    expect(told(bridge, 'grace').join()).not.toContain('Paused');
    bridge.salesforce.faults.clear();
    await expect.poll(() => bridge.texts().length, patience).toBe(5);
    expect(paused(bridge)).toHaveLength(1);
    refuse(bridge, hourly, 'ada');
    await command(bridge, '@grace once more');
    await expect.poll(() => paused(bridge), patience).toHaveLength(2);
  });

  it('makes nothing uncertain that has to be looked for meanwhile', async () => {
    const bridge = await start();
    const { faults } = bridge.salesforce;
    faults.arm({ do: 'drop-after', kind: 'post' });
    // Longer than a look waits for Salesforce otherwise: 0.9 s.
    faults.arm({ ...hourly, kind: 'list', retryAfterSeconds: 3 });
    const lists = asked(bridge, 'list');
    await command(bridge, '@grace lost on its way');
    await expect.poll(() => notes(bridge, 'lost on its way'), patience).toHaveLength(1);
    expect(told(bridge).join()).not.toContain('Not confirmed');
    expect(bridge.texts().filter((text) => text === 'lost on its way')).toHaveLength(1);
    expect(asked(bridge, 'list') - lists).toBe(2);
  });
});

describe("the org's daily limit", longTest, () => {
  it('pauses everybody, tells each of them once, and leaves Slack alone', async () => {
    const bridge = await start({ timing: { gates: { ...gates, tellAfterMs: 1_000 } } });
    const { faults } = bridge.salesforce;
    faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 3, kind: 'post' });
    const before = asked(bridge, 'post');
    await command(bridge, '@grace from Ada');
    await expect.poll(() => faults.active(), patience).toEqual([]);
    for (const text of ['@alan from Grace', '@alan more from Grace']) await command(bridge, text, 'grace');
    await expect.poll(() => paused(bridge, 'grace'), patience).toHaveLength(1);
    await expect.poll(() => paused(bridge), patience).toHaveLength(1);
    expect(asked(bridge, 'post') - before).toBe(1);
    await expect.poll(() => bridge.texts().length, patience).toBe(5);
    const [refused, next] = bridge.salesforce.requests.filter(({ kind }) => kind === 'post').slice(before);
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_950);
    expect(paused(bridge, 'grace')).toHaveLength(1);
  });

  it('of look-ups does not hold up messages to people who are known', async () => {
    const bridge = await start();
    bridge.salesforce.addUser({ name: 'Emmy Noether', email: 'emmy@corp.com' });
    bridge.salesforce.faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 60, kind: 'query' });
    await command(bridge, 'emmy@corp.com has to wait');
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    await command(bridge, '@grace goes on');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('goes on');
  });
});

describe('a long outage', longTest, () => {
  it('is asked about by few, and then everything goes in order, spread, and without a question', async () => {
    const SLOTS = 8;
    const bridge = await start({ concurrency: SLOTS });
    bridge.salesforce.faults.arm({ do: 'drop-before', probability: 1 });
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    const lanes: [string, Name][] = [
      ['@grace', 'ada'],
      ['@alan', 'ada'],
      ['@alan', 'grace'],
      ['@ada', 'grace'],
      ['@ada', 'alan'],
      ['@grace', 'alan'],
    ];
    for (const text of texts) {
      for (const [to, from] of lanes)
        await command(bridge, `${to} ${text} by ${from} for ${to.slice(1)}`, from);
    }
    const before = bridge.salesforce.requests.length;
    const fromMs = Date.now();
    await expect.poll(() => Date.now() - fromMs, patience).toBeGreaterThan(2_000);
    // At the longest back-off of 0.4 s less a half, one goes first; a POST that is lost is followed by looks.
    expect(bridge.salesforce.requests.length - before).toBeLessThanOrEqual(15);
    bridge.salesforce.faults.clear();
    const all = texts.length * lanes.length;
    await expect.poll(() => bridge.texts().length, { timeout: 40_000 }).toBe(2 + all);
    for (const [to, from] of lanes) {
      const mine = bridge.texts().filter((text) => text.endsWith(`by ${from} for ${to.slice(1)}`));
      expect(mine).toEqual(texts.map((text) => `${text} by ${from} for ${to.slice(1)}`));
    }
    for (const reader of ['ada', 'grace', 'alan'] as const) {
      expect(told(bridge, reader).join()).not.toMatch(/Not confirmed|Not sent|twice/);
    }
  });

  it('is not seen in one failure: nobody else is paused', async () => {
    const away = { ...gates, awayMs: { first: 60_000, most: 60_000 } };
    const bridge = await start({ timing: { gates: away } });
    for (let i = 0; i < 7; i += 1) {
      bridge.salesforce.faults.arm({ do: 'status', answer: '502-page', kind: 'post' });
      await command(bridge, `@grace although ${i}`);
      await expect.poll(() => bridge.texts().at(-1), patience).toBe(`although ${i}`);
    }
  });
});

describe('the budget of readings', longTest, () => {
  it('bounds what is asked of Salesforce, and nothing is sent unlooked or called uncertain for it', async () => {
    const reads = { mostInWindow: 2, reserve: 1, windowMs: 2_000, shareMs: 1 };
    const bridge = await start({ timing: { gates, reads } });
    bridge.salesforce.faults.arm({ do: 'drop-before', kind: 'post', times: 2 });
    await command(bridge, '@grace at last');
    await expect.poll(() => notes(bridge, 'at last'), patience).toHaveLength(1);
    expect(bridge.texts().filter((text) => text === 'at last')).toHaveLength(1);
    const readAt = bridge.salesforce.requests.filter(({ kind }) => kind === 'list').map(({ at }) => at);
    expect(readAt.length).toBeGreaterThanOrEqual(6);
    // Redis counts a reading a moment before Salesforce sees it.
    for (const [i, at] of readAt.slice(2).entries()) {
      expect(at - (readAt[i] ?? 0)).toBeGreaterThan(1_900);
    }
    expect(told(bridge).join()).not.toContain('Not confirmed');
  });
});
