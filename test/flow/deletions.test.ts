import type { Logger } from 'pino';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { collectLog } from '../collect-log.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import * as inThread from './in-thread.ts';
import { command, hasButtons, longTest, notes, patience, press, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
let root: string;
afterEach(() => inThread.calm(bridge));

/** A bridge with a thread of Ada's with Grace. */
async function start(env: Record<string, string> = {}, log?: Logger): Promise<void> {
  bridge = await startBridge({ env, ...(log && { log }) });
  onTestFinished(() => bridge.close());
  await command(bridge, '@grace opening');
  await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
  root = rootOf(bridge, 'opening');
}

const deliver = (text: string) => inThread.deliver(bridge, root, text);
const settle = (text: string) => inThread.settle(bridge, root, text);
const refused = (text: string) => inThread.refused(bridge, root, text);
const remove = (message: inThread.Message) => bridge.slack.delete('U0ADA', message).delivered;

const stall = (text: string) =>
  bridge.salesforce.faults.arm({
    do: 'status',
    answer: 'row-locked',
    retryAfterSeconds: 2,
    kind: 'post',
    text,
  });

const NOTE = /^\(deleted my message of \d\d:\d\d( UTC)?\)$/;

describe('a deletion of what has not gone yet', longTest, () => {
  it('withdraws it: nothing goes, and nothing is said in Chatter', async () => {
    await start();
    stall('stuck');
    await reply(bridge, root, 'stuck').delivered;
    const { message, delivered } = reply(bridge, root, 'a slip');
    await delivered;
    await reply(bridge, root, 'after it').delivered;
    await remove(message);
    await expect.poll(() => bridge.texts().slice(-2), patience).toEqual(['stuck', 'after it']);
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'stuck', 'after it', 'silence']);
  });

  it('withdraws it also when it overtakes it', async () => {
    await start();
    bridge.slack.faults.arm({ method: 'events', kind: 'delayed', ms: 800 });
    const said = reply(bridge, root, 'never mind');
    await remove(said.message);
    await said.delivered;
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'silence']);
  });

  it('ends what has failed: there is nothing to retry any more', async () => {
    await start();
    const message = await refused('forbidden word');
    await remove(message);
    await expect.poll(() => notes(bridge, 'Discarded.').length, patience).toBe(1);
    expect(notes(bridge, 'forbidden word').some(hasButtons)).toBe(false);
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'silence']);
  });

  it('is the same when all of its text is taken away', async () => {
    await start();
    stall('stuck');
    await reply(bridge, root, 'stuck').delivered;
    const { message, delivered } = reply(bridge, root, 'a slip');
    await delivered;
    await bridge.slack.edit('U0ADA', message, ' ').delivered;
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'stuck', 'silence']);
  });
});

describe('a deletion of what has gone', longTest, () => {
  it('is told by its time, once, and never by its words', async () => {
    await start();
    const message = await deliver('too much said');
    bridge.slack.faults.arm({ method: 'events', kind: 'twice' });
    await remove(message);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    await settle('silence');
    expect(bridge.texts().filter((text) => NOTE.test(text))).toHaveLength(1);
    expect(bridge.texts().filter((text) => text.includes('too much'))).toHaveLength(1);
  });

  it('takes the place of an edit that has not gone', async () => {
    await start();
    const message = await deliver('wrong');
    await bridge.slack.edit('U0ADA', message, 'still wrong').delivered;
    await remove(message);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    await settle('silence');
    expect(bridge.texts().filter((text) => text.includes('still wrong'))).toEqual([]);
  });

  it('comes behind it while it is not known whether it has arrived', async () => {
    await start();
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: 'in doubt' });
    const { message } = reply(bridge, root, 'in doubt');
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    await remove(message);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    expect(bridge.texts().at(-2)).toBe('in doubt');
  });

  it('decides what waited to be decided: nobody sends it again', async () => {
    await start();
    bridge.salesforce.faults.arm({
      do: 'hang',
      afterMs: 60_000,
      commit: false,
      kind: 'post',
      text: 'in doubt',
    });
    const { message } = reply(bridge, root, 'in doubt');
    await expect.poll(() => notes(bridge, 'Not confirmed.').some(hasButtons), patience).toBe(true);
    await remove(message);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    await expect.poll(() => notes(bridge, 'Not confirmed.').some(hasButtons), patience).toBe(false);
    expect(notes(bridge, 'Discarded.')).toHaveLength(1);
    await settle('silence');
    expect(bridge.texts()).not.toContain('in doubt');
  });

  it('is not told with DELETE_POLICY=ignore; what has not gone is withdrawn all the same', async () => {
    await start({ DELETE_POLICY: 'ignore' });
    await remove(await deliver('gone'));
    stall('stuck');
    await reply(bridge, root, 'stuck').delivered;
    const { message, delivered } = reply(bridge, root, 'a slip');
    await delivered;
    await remove(message);
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'gone', 'stuck', 'silence']);
  });
});

describe('a deletion with DELETE_POLICY=remove', longTest, () => {
  /** The bridge's own user gets the permission that it takes. */
  async function startRemoving(options: { allowed: boolean; log?: Logger }): Promise<void> {
    await start({ DELETE_POLICY: 'remove' }, options.log);
    const own = bridge.salesforce.users.find(({ name }) => name === 'Chatter Bridge');
    bridge.salesforce.changeUser(own?.id ?? '', { managesMessages: options.allowed });
  }

  // What Salesforce says of an answer to a message that is gone is not documented.
  it.each([
    [403, 'INSUFFICIENT_ACCESS'],
    [404, 'NOT_FOUND'],
    [400, 'INVALID_CROSS_REFERENCE_KEY'],
  ])(
    'takes it from Chatter with its edits, and the conversation goes on (%i %s)',
    async (status, errorCode) => {
      await startRemoving({ allowed: true });
      bridge.salesforce.switches.replyToUnseen = { status, errorCode, message: 'No.' };
      const message = await deliver('wrong');
      await bridge.slack.edit('U0ADA', message, 'still wrong').delivered;
      await expect.poll(() => bridge.texts().at(-1), patience).toBe('Edited: still wrong');
      await remove(message);
      await expect.poll(() => bridge.texts(), patience).toEqual(['opening']);
      await settle('and on');
      expect(bridge.texts()).toEqual(['opening', 'and on']);
      expect(new Set(bridge.salesforce.messages().map((one) => one.conversationId)).size).toBe(1);
    },
  );

  it('takes it also when an edit of it waits for more edits, and says nothing then', async () => {
    await startRemoving({ allowed: true });
    const message = await deliver('wrong');
    await bridge.slack.edit('U0ADA', message, 'still wrong').delivered;
    await remove(message);
    await expect.poll(() => bridge.texts(), patience).toEqual(['opening']);
    await settle('and on');
    expect(bridge.texts()).toEqual(['opening', 'and on']);
  });

  it('does so once Salesforce is there again', async () => {
    await startRemoving({ allowed: true });
    const message = await deliver('wrong');
    bridge.salesforce.faults.arm({ do: 'status', answer: '503-page', kind: 'other' });
    await remove(message);
    await expect.poll(() => bridge.texts(), patience).toEqual(['opening']);
  });

  it('is told where the bridge may not, and its operator hears so once', async () => {
    const { lines, log } = collectLog();
    await startRemoving({ allowed: false, log });
    for (const text of ['wrong', 'wrong again']) {
      await remove(await deliver(text));
      await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    }
    expect(lines.filter(({ msg }) => msg.includes('Manage Chatter Messages'))).toHaveLength(1);
  });

  it('is told of a text that went in parts', async () => {
    await startRemoving({ allowed: true });
    const said = reply(bridge, root, 'many words '.repeat(1_200));
    await expect.poll(() => bridge.texts().length, patience).toBe(3);
    await remove(said.message);
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(NOTE);
    expect(bridge.texts()).toHaveLength(4);
  });
});

describe('a deletion of what was discarded', longTest, () => {
  it('says nothing, and an edit of it does not, either', async () => {
    await start();
    const message = await refused('forbidden word');
    await press(bridge, 'forbidden word', 'discard_delivery');
    await expect.poll(() => notes(bridge, 'Discarded.').length, patience).toBe(1);
    await bridge.slack.edit('U0ADA', message, 'kind word').delivered;
    await remove(message);
    await settle('silence');
    expect(bridge.texts()).toEqual(['opening', 'silence']);
  });
});
