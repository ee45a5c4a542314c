import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../sandbox/redis/server.ts';
import { privateRedis } from '../setup/redis.ts';
import { isAlive, isListening, startPushWorld, warnings } from './pushing.ts';
import { quick } from './pushing-waits.ts';

const redis = await privateRedis();

describe('when push breaks', () => {
  it('an expired session is renewed, and what came meanwhile is told', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => worker.heard).toEqual([first]);
    const tokens = () => world.org.server.requests.filter(({ kind }) => kind === 'token').length;
    expect(tokens()).toBe(1);
    world.org.server.expireSessions();
    const second = world.write();
    await expect.poll(() => worker.heard).toEqual([first, second]);
    expect(tokens()).toBe(2);
    expect(worker.missed).toBe(1);
    expect(warnings(world)).toEqual([expect.stringContaining('session')]);
  });

  it('a session is renewed that only streams find expired', async () => {
    const world = await startPushWorld(redis.url);
    world.pubSub.switches.onlyStreamsCheckSessions = true;
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => worker.heard).toEqual([first]);
    world.org.server.expireSessions();
    const second = world.write();
    await expect.poll(() => worker.heard).toEqual([first, second]);
  });

  it('a stream that is cut goes on where it was', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const messages = [world.write()];
    await expect.poll(() => worker.heard).toEqual(messages);
    world.pubSub.cut();
    messages.push(world.write());
    await expect.poll(() => worker.heard).toEqual(messages);
    expect(worker.missed).toBe(1);
    expect(world.pubSub.calls.filter(({ method }) => method === 'Subscribe')).toEqual([
      { method: 'Subscribe', preset: 'LATEST' },
      { method: 'Subscribe', preset: 'CUSTOM' },
    ]);
  });

  it('falls back to polling while Salesforce is away, and comes back by itself', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const messages = [world.write()];
    await expect.poll(() => isAlive(worker)).toBe(true);
    await world.pubSub.down();
    await expect.poll(() => isAlive(worker)).toBe(false);
    messages.push(world.write());
    await world.pubSub.up();
    await expect.poll(() => worker.heard).toEqual(messages);
    await expect.poll(() => isAlive(worker)).toBe(true);
  });

  it('a place that is not kept any more is given up: all is to be read once, and push goes on', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => worker.heard).toEqual([first]);
    await worker.push.stop();
    world.write('nobody hears of it in time');
    world.pubSub.bus.age(73 * 60 * 60 * 1_000);
    const late = await world.join();
    await isListening(world, late);
    expect(late.heard).toEqual([]);
    const third = world.write();
    await expect.poll(() => late.heard).toEqual([third]);
    expect(late.missed).toBe(1);
    expect(warnings(world)).toEqual([expect.stringContaining('not keep the events')]);
  });

  it('what is within 72 hours is told', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => worker.heard).toEqual([first]);
    await worker.push.stop();
    const second = world.write();
    world.pubSub.bus.age(71 * 60 * 60 * 1_000);
    const late = await world.join();
    await expect.poll(() => late.heard).toEqual([second]);
    expect(late.missed).toBe(0);
  });

  it('a stream on which nothing comes is given up for another', async () => {
    const world = await startPushWorld(redis.url, { silentMs: 200 });
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => isAlive(worker)).toBe(true);
    world.pubSub.switches.isSilent = true;
    const second = world.write();
    await expect.poll(() => isAlive(worker)).toBe(false);
    expect(worker.heard).toEqual([first]);
    world.pubSub.switches.isSilent = false;
    await expect.poll(() => worker.heard).toEqual([first, second]);
    expect(warnings(world)).toContainEqual(expect.stringContaining('said nothing'));
  });

  it.each<[what: string, odd: (payload: Buffer) => [Buffer, string?]]>([
    ['is cut off', (payload) => [payload.subarray(0, 20)]],
    [
      'holds no ids',
      (payload) => [Buffer.from(payload.toString('latin1').replaceAll('03J', '001'), 'latin1')],
    ],
    ['has a schema that nobody knows', (payload) => [payload, 'no-such-schema']],
  ])('an event that %s is skipped, without its content in the log', async (_what, odd) => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => isAlive(worker)).toBe(true);
    const [event] = world.pubSub.bus.after(0);
    world.pubSub.publishOdd(...odd(event?.payload ?? Buffer.alloc(0)));
    // Push that cannot be read is not relied on…
    await expect.poll(() => isAlive(worker)).toBe(false);
    expect(warnings(world)).toEqual([expect.stringContaining('an event could not be read')]);
    expect(JSON.stringify(world.lines)).not.toContain(first);
    // …until it can be again.
    const second = world.write();
    await expect.poll(() => worker.heard).toEqual([first, second]);
    await expect.poll(() => isAlive(worker)).toBe(true);
  });

  it('events that never name a conversation leave polling at its pace', async () => {
    const world = await startPushWorld(redis.url);
    world.org.server.switches.eventsTellConversation = false;
    world.pubSub.switches.signOfLifeMs = 50;
    const worker = await world.join();
    await expect.poll(() => isAlive(worker)).toBe(true);
    world.write();
    await expect.poll(() => isAlive(worker)).toBe(false);
    // Signs of life go on, and prove nothing.
    const place = await worker.place();
    await expect.poll(() => worker.place()).not.toBe(place);
    expect(await isAlive(worker)).toBe(false);
  });

  it.each<[what: string, off: 'topicExists' | 'canSubscribe', says: string]>([
    ['a missing event', 'topicExists', 'deploy salesforce/'],
    ['a missing right', 'canSubscribe', 'permission set'],
  ])('%s is said once, and tried again at long intervals', async (_what, off, says) => {
    const world = await startPushWorld(redis.url);
    world.pubSub.switches[off] = false;
    const worker = await world.join();
    const asked = () => world.pubSub.calls.filter(({ method }) => method === 'GetTopic').length;
    await expect.poll(asked).toBe(1);
    const startedMs = performance.now();
    await expect.poll(asked).toBe(2);
    expect(performance.now() - startedMs).toBeGreaterThan(quick.hopelessMs / 2);
    expect(warnings(world)).toEqual([expect.stringContaining(says)]);
    expect(await isAlive(worker)).toBe(false);
    world.pubSub.switches[off] = true;
    await isListening(world, worker);
    const message = world.write();
    await expect.poll(() => worker.heard).toEqual([message]);
  });
});

describe('without Redis', () => {
  it('push ends, and goes on where it was when Redis is back', async () => {
    const own = await startRedis();
    onTestFinished(() => own.stop());
    const world = await startPushWorld(own.url);
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    await expect.poll(() => isAlive(worker)).toBe(true);
    await own.kill();
    await expect.poll(() => world.pubSub.streams(), { interval: 10 }).toBe(0);
    const second = world.write();
    await own.restart();
    await expect.poll(() => [...new Set(worker.heard)]).toEqual([first, second]);
    await expect.poll(() => isAlive(worker)).toBe(true);
    expect(worker.missed).toBe(1);
  });
});
