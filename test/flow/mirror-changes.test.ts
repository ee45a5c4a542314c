import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { begin, type Mirrored, readAgain, settled, startMirroring, untimed } from './mirroring.ts';
import { longTest, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring({
    slack: { switches: { repliesChangeTheirRoot: true, deletedRootChangesReplies: true } },
  });
});
afterEach(() => {
  bridge.slack.faults.clear();
  bridge.salesforce.faults.clear();
});
afterAll(() => bridge?.close());

const last = (mirror: Mirrored) => mirror.inChatter().at(-1);

/** Somebody writes, and Chatter has it. */
async function deliver(mirror: Mirrored, writer: 'ada' | 'alan', text: string) {
  const { message } = mirror.say(writer, text);
  await expect.poll(() => last(mirror), patience).toContain(text);
  return message;
}

/** Holds the thread for two seconds. */
const stall = () =>
  bridge.salesforce.faults.arm({
    do: 'status',
    answer: 'row-locked',
    retryAfterSeconds: 2,
    kind: 'post',
    text: 'stuck',
  });

describe('an edit in a mirrored thread', longTest, () => {
  it('of what has not gone changes it before it goes', async () => {
    const mirror = await begin(bridge);
    stall();
    await mirror.say('ada', 'stuck').delivered;
    const { message } = mirror.say('alan', 'wrong');
    const own = mirror.say('grace', 'wrong as well').message;
    await bridge.slack.edit('U0ALAN', message, 'right').delivered;
    await bridge.slack.edit('U0GRACE', own, 'right as well').delivered;
    await expect
      .poll(() => mirror.inChatter().slice(1), patience)
      .toEqual([
        'Ada Lovelace: stuck',
        'Chatter Bridge: Alan Turing (in Slack): right',
        'Grace Hopper: right as well',
      ]);
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(4);
  });

  it('of what has gone follows it once, when it is quiet: by whoever wrote it, or by the bridge for them', async () => {
    const mirror = await begin(bridge);
    const mine = await deliver(mirror, 'ada', 'at 10');
    const theirs = await deliver(mirror, 'alan', 'at noon');
    for (const text of ['at 11', 'at 12']) await bridge.slack.edit('U0ADA', mine, text).delivered;
    await expect.poll(() => last(mirror), patience).toBe('Ada Lovelace: Edited: at 12');
    await bridge.slack.edit('U0ALAN', theirs, 'at one').delivered;
    await expect
      .poll(() => last(mirror), patience)
      .toBe('Chatter Bridge: Alan Turing (in Slack): Edited: at one');
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(5);
  });

  it('that overtakes its message waits for it', async () => {
    const mirror = await begin(bridge);
    bridge.slack.faults.arm({ method: 'events', kind: 'delayed', ms: 600 });
    const { message } = mirror.say('alan', 'slow adn wrong');
    await bridge.slack.edit('U0ALAN', message, 'slow and right').delivered;
    await expect
      .poll(() => last(mirror), patience)
      .toBe('Chatter Bridge: Alan Turing (in Slack): slow and right');
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(2);
  });

  it('of the root, which was brought along, follows it', async () => {
    const mirror = await begin(bridge);
    await expect.poll(mirror.inChatter, patience).toHaveLength(1);
    await bridge.slack.edit('U0ADA', mirror.root, 'What about dinner?').delivered;
    await expect.poll(() => last(mirror), patience).toBe('Ada Lovelace: Edited: What about dinner?');
  });

  it('is none when a link gets its preview, or when a root counts its replies', async () => {
    const mirror = await begin(bridge);
    const message = await deliver(mirror, 'ada', 'see https://corp.com');
    await bridge.slack.unfurl(message, 'https://corp.com').delivered;
    await deliver(mirror, 'alan', 'a reply more');
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(3);
  });
});

describe('a deletion in a mirrored thread', longTest, () => {
  const NOTE = /\(deleted my message of \d\d:\d\d( UTC)?\)$/;

  it('of what has not gone withdraws it', async () => {
    const mirror = await begin(bridge);
    stall();
    await mirror.say('ada', 'stuck').delivered;
    const { message, delivered } = mirror.say('alan', 'a slip');
    await delivered;
    await bridge.slack.delete('U0ALAN', message).delivered;
    await deliver(mirror, 'ada', 'after it');
    await settled(bridge);
    expect(mirror.inChatter().slice(1)).toEqual(['Ada Lovelace: stuck', 'Ada Lovelace: after it']);
  });

  it('of what has gone is told by its time, without its words: by whoever wrote it, or by the bridge', async () => {
    const mirror = await begin(bridge);
    const mine = await deliver(mirror, 'ada', 'too much said');
    const theirs = await deliver(mirror, 'alan', 'much more said');
    await bridge.slack.delete('U0ADA', mine).delivered;
    await expect.poll(() => last(mirror), patience).toMatch(NOTE);
    expect(last(mirror)).toMatch(/^Ada Lovelace: \(deleted/);
    await bridge.slack.delete('U0ALAN', theirs).delivered;
    await expect
      .poll(() => last(mirror), patience)
      .toMatch(/^Chatter Bridge: Alan Turing \(in Slack\): \(deleted/);
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(5);
  });

  it('of the root is one deletion, although Slack tells of each reply then', async () => {
    const mirror = await begin(bridge);
    for (const text of ['one', 'two', 'three']) await deliver(mirror, 'ada', text);
    await bridge.slack.delete('U0ADA', mirror.root).delivered;
    await expect
      .poll(() => mirror.inChatter().join('\n'), patience)
      .toMatch(/Ada Lovelace: \(deleted my message/);
    await settled(bridge);
    expect(mirror.inChatter().filter((line) => NOTE.test(line))).toHaveLength(1);
    expect(mirror.inChatter().filter((line) => line.includes('Edited'))).toEqual([]);
  });

  it('never makes an echo of what was told', async () => {
    const mirror = await begin(bridge);
    const message = await deliver(mirror, 'ada', 'gone soon');
    await bridge.slack.edit('U0ADA', message, 'gone really soon').delivered;
    await expect.poll(() => last(mirror), patience).toContain('Edited');
    await bridge.slack.delete('U0ADA', message).delivered;
    await expect.poll(() => last(mirror), patience).toMatch(NOTE);
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
  });
});

describe('what an operator has chosen', longTest, () => {
  async function startWith(env: Record<string, string>): Promise<Mirrored> {
    const other = await startMirroring({ env });
    onTestFinished(() => other.close());
    chosen = other;
    return begin(other);
  }
  let chosen: RunningBridge;
  const file = {
    id: 'F1',
    name: 'plan.pdf',
    title: 'plan.pdf',
    size: 2_048,
    pretty_type: 'PDF',
    permalink: 'https://corp.slack.com/files/U0ADA/F1/plan.pdf',
  };

  it('DELETE_POLICY=ignore and FILE_POLICY=drop: nothing is told of a deletion, a file is named and not linked', async () => {
    const mirror = await startWith({ DELETE_POLICY: 'ignore', FILE_POLICY: 'drop' });
    const message = await deliver(mirror, 'alan', 'soon deleted');
    await chosen.slack.delete('U0ALAN', message).delivered;
    mirror.say('alan', 'a plan', { files: [file] });
    await expect.poll(() => last(mirror), patience).toContain('plan.pdf');
    await settled(chosen);
    expect(last(mirror)).not.toContain('https://');
    expect(mirror.inChatter()).toHaveLength(3);
  });

  it('DELETE_POLICY=remove: what the bridge or a member has sent is deleted in Chatter, edits included', async () => {
    const mirror = await startWith({ DELETE_POLICY: 'remove' });
    const own = chosen.salesforce.users.find(({ name }) => name === 'Chatter Bridge');
    chosen.salesforce.changeUser(own?.id ?? '', { managesMessages: true });
    const mine = await deliver(mirror, 'ada', 'mine');
    const theirs = await deliver(mirror, 'alan', 'theirs');
    await chosen.slack.edit('U0ALAN', theirs, 'still theirs').delivered;
    await expect.poll(() => last(mirror), patience).toContain('Edited: still theirs');
    await chosen.slack.delete('U0ADA', mine).delivered;
    await chosen.slack.delete('U0ALAN', theirs).delivered;
    await expect
      .poll(() => mirror.inChatter().map(untimed), patience)
      .toEqual(['Ada Lovelace: What about lunch?']);
    mirror.say('ada', 'and on');
    await expect.poll(() => last(mirror), patience).toBe('Ada Lovelace: and on');
    expect(mirror.conversation()).toHaveLength(3);
  });

  it('REACTIONS=off: nothing is marked', async () => {
    const mirror = await startWith({ REACTIONS: 'off' });
    const message = await deliver(mirror, 'ada', 'unmarked');
    await settled(chosen);
    expect(message.reactions).toBeUndefined();
  });
});
