import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { privateRedis } from '../setup/redis.ts';
import { openRig } from './rig.ts';

const server = await privateRedis();
const id = (name: string) => name as DeliveryId;

describe('adding a job', () => {
  it('holds the delivery and nothing of its text', async () => {
    const { bell, jobOf } = await openRig(server);
    await bell.add('chatter', id('msg-1'), true);
    const job = await jobOf('msg-1');
    expect(job?.data).toEqual({ v: 1, id: 'msg-1' });
    expect(job?.name).toBe('to-chatter');
  });

  it.each([
    ['the head of its lane sleeps while neighbours may come', 'chatter', true, 250],
    ['any other sleeps until it is rung', 'chatter', false, 600_000],
    ['what is said to people waits for no neighbours', 'chat', true, 0],
  ] as const)('%s', async (_what, to, isHead, delayMs) => {
    const { bell, queues } = await openRig(server, { gatherMs: 250 });
    await bell.add(to, id('msg-1'), isHead);
    expect((await queues[to].getJob('msg-1'))?.delay).toBe(delayMs);
  });

  it('twice makes one', async () => {
    const { bell, queues } = await openRig(server);
    await Promise.all([bell.add('chatter', id('msg-1'), true), bell.add('chatter', id('msg-1'), false)]);
    expect(await queues.chatter.getJobCountByTypes('waiting', 'delayed')).toBe(1);
  });

  it('keeps ids apart that a job may not bear as they are', async () => {
    const { bell, queues, jobOf } = await openRig(server);
    for (const name of ['a:b', 'a%3Ab', 'a%253Ab', 'ab']) await bell.add('chatter', id(name), true);
    expect(await queues.chatter.getJobCountByTypes('waiting', 'delayed')).toBe(4);
    expect((await jobOf('a:b'))?.data.id).toBe('a:b');
  });
});

describe('ringing', () => {
  it('adds a job that is missing', async () => {
    const { bell, stateOf } = await openRig(server);
    await bell.ring('chatter', id('msg-1'));
    expect(await stateOf('msg-1')).toBe('waiting');
  });

  it('wakes one that sleeps', async () => {
    const { bell, stateOf } = await openRig(server);
    await bell.add('chatter', id('msg-1'), false);
    expect(await stateOf('msg-1')).toBe('delayed');
    await bell.ring('chatter', id('msg-1'));
    expect(await stateOf('msg-1')).toBe('waiting');
  });

  it('runs one again that had failed', async () => {
    const { bell, stateOf, work } = await openRig(server);
    const verdicts = [{ kind: 'failed', code: 'user-inactive' }, { kind: 'done' }] as const;
    let runs = 0;
    await work(async () => verdicts[runs++] ?? { kind: 'done' });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('failed');
    await bell.ring('chatter', id('msg-1'));
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    expect(runs).toBe(2);
  });

  it('by many at once runs it once', async () => {
    const { bell, stateOf, work } = await openRig(server);
    let runs = 0;
    await bell.add('chatter', id('msg-1'), false);
    await Promise.all(Array.from({ length: 10 }, () => bell.ring('chatter', id('msg-1'))));
    await work(async () => {
      runs += 1;
      return { kind: 'done' };
    });
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
    expect(runs).toBe(1);
  });

  it('leaves one alone that runs', async () => {
    const { bell, stateOf, work } = await openRig(server);
    let finish = () => {};
    await work(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { kind: 'done' };
    });
    await bell.add('chatter', id('msg-1'), true);
    await expect.poll(() => stateOf('msg-1')).toBe('active');
    await bell.ring('chatter', id('msg-1'));
    expect(await stateOf('msg-1')).toBe('active');
    finish();
    await expect.poll(() => stateOf('msg-1')).toBe('unknown');
  });
});
