import { describe, expect, it } from 'vitest';
import { privateRedis } from '../setup/redis.ts';
import { isAlive, isListening, startPushWorld } from './pushing.ts';
import { quick } from './pushing-waits.ts';

const redis = await privateRedis();

describe('push', () => {
  it('tells of a message at once, with the people and without a word of it', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const message = world.write('a secret');
    await expect
      .poll(() => worker.events)
      .toEqual([
        {
          message,
          conversation: world.org.server.conversationsOf(world.org.ada.id)[0]?.id,
          sender: world.org.grace.id,
          members: [world.org.grace.id, world.org.ada.id],
        },
      ]);
    const kept = world.pubSub.bus.after(0).map(({ payload }) => payload.toString('latin1'));
    expect(kept).toHaveLength(1);
    expect(kept.join()).not.toContain('secret');
  });

  it('counts as alive from the first proof of it, and not while nothing was said', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    expect(await isAlive(worker)).toBe(false);
    world.write();
    await expect.poll(() => isAlive(worker)).toBe(true);
    const until = await worker.push.aliveUntilMs();
    expect(until - Date.now()).toBeLessThanOrEqual(quick.leaseMs + 100);
    await expect.poll(() => worker.push.aliveUntilMs()).toBeGreaterThan(until);
  });

  it('hears a sign of life when nothing happens, and remembers the place that it names', async () => {
    const world = await startPushWorld(redis.url);
    world.pubSub.switches.signOfLifeMs = 50;
    const worker = await world.join();
    await isListening(world, worker);
    await expect.poll(() => isAlive(worker)).toBe(true);
    expect(worker.heard).toEqual([]);
    // The place is known before the first event: nothing that happens while nobody listens is missed.
    await worker.push.stop();
    const message = world.write();
    const next = await world.join();
    await expect.poll(() => next.heard).toEqual([message]);
    expect(next.missed).toBe(0);
  });

  it('asks for more when what it asked for has come: many at once all arrive, in order', async () => {
    const world = await startPushWorld(redis.url);
    const worker = await world.join();
    await isListening(world, worker);
    const messages = Array.from({ length: 130 }, (_, i) => world.write(`${i}`));
    await expect.poll(() => worker.heard).toEqual(messages);
  });

  it('tells an event that came twice twice, which does no harm, and goes on', async () => {
    const world = await startPushWorld(redis.url);
    world.pubSub.switches.deliversTwice = true;
    const worker = await world.join();
    await isListening(world, worker);
    const first = world.write();
    const second = world.write();
    await expect.poll(() => worker.heard).toEqual([first, first, second, second]);
  });

  it('says nothing about people whom Salesforce did not tell', async () => {
    const world = await startPushWorld(redis.url);
    world.org.server.switches.eventsTellMembers = false;
    const worker = await world.join();
    await isListening(world, worker);
    const message = world.write();
    await expect.poll(() => worker.events).toMatchObject([{ message, members: [] }]);
  });
});

describe('of several workers', () => {
  it('one listens, and another goes on where it stopped', async () => {
    const world = await startPushWorld(redis.url);
    const one = await world.join();
    await isListening(world, one);
    const other = await world.join();
    const first = world.write();
    await expect.poll(() => one.heard).toEqual([first]);
    expect(world.pubSub.streams()).toBe(1);
    expect(await isAlive(other)).toBe(true);
    await one.push.stop();
    const second = world.write();
    await expect.poll(() => other.heard).toEqual([second]);
    expect(other.missed).toBe(0);
  });

  it('what one could not finish is told again by the next', async () => {
    const world = await startPushWorld(redis.url);
    const one = await world.join();
    await isListening(world, one);
    const first = world.write();
    await expect.poll(() => one.heard).toEqual([first]);
    let isStuck = false;
    one.onHeard = () => {
      isStuck = true;
      return Promise.reject(new Error('on purpose'));
    };
    const second = world.write();
    await expect.poll(() => isStuck).toBe(true);
    await one.push.stop();
    const other = await world.join();
    await expect.poll(() => other.heard).toEqual([second]);
  });
});
