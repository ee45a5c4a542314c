import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import * as inThread from './in-thread.ts';
import { command, longTest, patience, press, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
let root: string;
beforeAll(async () => {
  bridge = await startBridge();
});
/** A thread of Ada's with Grace. */
beforeEach(async () => {
  await command(bridge, '@grace opening');
  await vi.waitFor(() => {
    root = rootOf(bridge, 'opening');
  }, patience);
});
afterAll(() => bridge?.close());
afterEach(() => inThread.calm(bridge));

const deliver = (text: string) => inThread.deliver(bridge, root, text);
const settle = (text: string) => inThread.settle(bridge, root, text);
const refused = (text: string) => inThread.refused(bridge, root, text);
const edit = (message: inThread.Message, text: string) => bridge.slack.edit('U0ADA', message, text).delivered;
/** The end of what Grace reads. */
const read = (count: number) => bridge.texts().slice(-count);

/** Salesforce keeps what contains these words waiting, without having stored it. */
const stall = (text: string, retryAfterSeconds = 2) =>
  bridge.salesforce.faults.arm({ do: 'status', answer: 'row-locked', retryAfterSeconds, kind: 'post', text });

describe('an edit of what has not gone yet', longTest, () => {
  it('changes it before it goes, in its place', async () => {
    stall('stuck');
    await reply(bridge, root, 'stuck').delivered;
    const { message, delivered } = reply(bridge, root, 'lunhc?');
    await delivered;
    await reply(bridge, root, 'after it').delivered;
    await edit(message, 'lunch?');
    await expect.poll(() => read(3), patience).toEqual(['stuck', 'lunch?', 'after it']);
    await settle('nothing followed');
    expect(read(4)).toEqual(['stuck', 'lunch?', 'after it', 'nothing followed']);
  });

  it('changes it also when Salesforce has certainly refused to take it for now', async () => {
    stall('tpyo');
    const { message } = reply(bridge, root, 'a tpyo');
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    await edit(message, 'a typo');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('a typo');
    await settle('and no more');
    expect(read(2)).toEqual(['a typo', 'and no more']);
  });

  it('of several takes the last, whichever came last', async () => {
    stall('stuck again');
    await reply(bridge, root, 'stuck again').delivered;
    const { message, delivered } = reply(bridge, root, 'one');
    await delivered;
    bridge.slack.faults.arm({ method: 'events', kind: 'delayed', ms: 300 });
    await Promise.all([edit(message, 'two'), edit(message, 'three')]);
    await expect.poll(() => read(2), patience).toEqual(['stuck again', 'three']);
    await settle('that was all');
    expect(read(3)).toEqual(['stuck again', 'three', 'that was all']);
  });
});

describe('an edit of what has gone', longTest, () => {
  it('follows it once, after a quiet time, with the last of several texts', async () => {
    const message = await deliver('see you at 10');
    await edit(message, 'see you at 11');
    await edit(message, 'see you at 12');
    await expect.poll(() => read(2), patience).toEqual(['see you at 10', 'Edited: see you at 12']);
    await settle('done');
    expect(read(3)).toEqual(['see you at 10', 'Edited: see you at 12', 'done']);
  });

  it('is one message, however often Slack brings it', async () => {
    const message = await deliver('brought once');
    bridge.slack.faults.arm({ method: 'events', kind: 'twice' });
    await edit(message, 'brought twice');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('Edited: brought twice');
    await settle('quiet');
    expect(read(3)).toEqual(['brought once', 'Edited: brought twice', 'quiet']);
  });

  it('keeps nobody waiting during the quiet time', async () => {
    const message = await deliver('first');
    await edit(message, 'first, edited');
    await reply(bridge, root, 'second').delivered;
    await expect.poll(() => read(3), patience).toEqual(['first', 'second', 'Edited: first, edited']);
  });

  it('comes behind it while it is not known whether it has arrived', async () => {
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: 'in doubt' });
    const { message } = reply(bridge, root, 'in doubt');
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    await edit(message, 'not in doubt');
    await expect.poll(() => read(2), patience).toEqual(['in doubt', 'Edited: not in doubt']);
  });

  it('says nothing when only a link got its preview', async () => {
    const message = await deliver('see https://corp.com');
    await bridge.slack.unfurl(message, 'https://corp.com').delivered;
    await settle('no news');
    expect(read(2)).toEqual(['see https://corp.com', 'no news']);
  });
});

describe('an edit that overtakes its message', longTest, () => {
  it('waits for it, and goes in its place', async () => {
    bridge.slack.faults.arm({ method: 'events', kind: 'delayed', ms: 1_000 });
    const { message } = reply(bridge, root, 'slow adn wrong');
    await edit(message, 'slow and right');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('slow and right');
    await settle('once');
    expect(read(2)).toEqual(['slow and right', 'once']);
  });
});

describe('an edit of what has failed', longTest, () => {
  it('is what Retry sends', async () => {
    const message = await refused('forbidden word');
    await edit(message, 'kind word');
    await settle('only at her word');
    await press(bridge, 'forbidden word', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/^\(sent .*\) kind word$/);
  });
});
