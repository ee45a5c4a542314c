import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { begin, type Mirrored, readAgain, settled, startMirroring } from './mirroring.ts';
import { longTest, notes, patience, wordsOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring();
});
afterEach(() => bridge.slack.faults.clear());
afterAll(() => bridge?.close());

const RESTS = '*A thread of yours is no longer mirrored to Chatter.*';

/** A private channel of its own for each test, with a mirrored thread in it. */
async function beginIn(name: string): Promise<Mirrored & { channel: string }> {
  const channel = `G0${name.toUpperCase()}`;
  bridge.slack.workspace.addChannel({
    id: channel,
    name,
    is_private: true,
    members: ['U0BRIDGE', 'U0ADA', 'U0GRACE', 'U0ALAN'],
  });
  const mirror = await begin(bridge, { channel });
  return { ...mirror, channel };
}

/** Its owner is told why, once and nobody else; readers in Chatter are told as well. */
async function expectResting(mirror: Mirrored, why: string, farewell: string): Promise<void> {
  const about = () => notes(bridge, RESTS).filter((note) => wordsOf(note).includes(mirror.reader.name));
  await expect.poll(about, patience).toHaveLength(1);
  expect(about().map(wordsOf).join()).toContain(why);
  await expect
    .poll(mirror.inChatter, patience)
    .toContain(`Chatter Bridge: (${farewell} What is written here is not read there any more.)`);
  await settled(bridge);
  expect(about()).toHaveLength(1);
  expect([...notes(bridge, RESTS, 'grace'), ...notes(bridge, RESTS, 'alan')]).toEqual([]);
}

describe('a mirror rests, and its owner is told', longTest, () => {
  it('when the app is removed from the channel', async () => {
    const mirror = await beginIn('removed');
    await bridge.slack.removeApp('U0GRACE', mirror.channel);
    await expectResting(
      mirror,
      'the app was removed from its channel',
      'The app was removed from the channel in Slack.',
    );
    // Invited again, it does not go on by itself.
    bridge.slack.join('U0BRIDGE', mirror.channel);
    await mirror.say('ada', 'Anybody?').delivered;
    await settled(bridge);
    expect(mirror.inChatter().join()).not.toContain('Anybody?');
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('when the channel is archived', async () => {
    const mirror = await beginIn('archived');
    await bridge.slack.archive('U0GRACE', mirror.channel);
    await expectResting(mirror, 'its channel was archived or deleted', 'The channel in Slack was closed.');
  });

  it('when the channel is deleted', async () => {
    const mirror = await beginIn('deleted');
    await bridge.slack.deleteChannel('U0GRACE', mirror.channel);
    await expectResting(mirror, 'its channel was archived or deleted', 'The channel in Slack was closed.');
  });

  it('when the root of its thread is deleted', async () => {
    const mirror = await beginIn('root');
    mirror.say('alan', 'one');
    await expect.poll(mirror.inChatter, patience).toHaveLength(2);
    await bridge.slack.delete('U0ADA', mirror.root).delivered;
    await expectResting(mirror, 'its first message was deleted', 'The thread in Slack was deleted.');
    // The root went along, and that it is deleted is told as well.
    await expect.poll(() => mirror.inChatter().join(), patience).toContain('(deleted my message of');
    expect(mirror.inSlack()[0]).toContain('no longer mirrored to Chatter');
    expect(mirror.inSlack()[0]).toContain('its first message was deleted');
  });

  it('when an answer is refused for such a reason, although no event has told of it', async () => {
    const mirror = await beginIn('lost');
    bridge.slack.faults.arm({ method: 'events', kind: 'lost' });
    await bridge.slack.archive('U0GRACE', mirror.channel);
    mirror.type('reader', 'Nobody hears me');
    await expectResting(mirror, 'its channel was archived or deleted', 'The channel in Slack was closed.');
  });

  it('each of them in a channel, and no other', async () => {
    const one = await beginIn('several');
    const two = await begin(bridge, { channel: one.root.channel });
    const elsewhere = await begin(bridge);
    await bridge.slack.archive('U0GRACE', one.root.channel);
    const farewell = 'The channel in Slack was closed.';
    for (const mirror of [one, two])
      await expectResting(mirror, 'its channel was archived or deleted', farewell);
    elsewhere.say('ada', 'Still here');
    await expect.poll(() => elsewhere.inChatter().at(-1), patience).toBe('Ada Lovelace: Still here');
  });
});

describe('a channel that gets another id', longTest, () => {
  it('is followed: what is written there goes on, and what is answered finds it', async () => {
    const { slack } = bridge;
    const mirror = await beginIn('moved');
    mirror.say('ada', 'before');
    await expect.poll(mirror.inChatter, patience).toHaveLength(2);
    await slack.changeChannelId(mirror.channel).delivered;
    const now = mirror.root.channel;
    expect(now).not.toBe(mirror.channel);
    const said = mirror.say('ada', 'after');
    const relayed = mirror.say('alan', 'after, too');
    await expect
      .poll(() => mirror.inChatter().slice(1), patience)
      .toEqual([
        'Ada Lovelace: before',
        'Ada Lovelace: after',
        'Chatter Bridge: Alan Turing (in Slack): after, too',
      ]);
    await expect
      .poll(() => [said, relayed].map(({ message }) => message.reactions?.length), patience)
      .toEqual([1, 1]);
    mirror.type('reader', 'I am here, too');
    await expect.poll(() => mirror.inSlack().at(-1), patience).toContain('I am here, too');
    await slack.edit('U0ADA', said.message, 'after that').delivered;
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: Edited: after that');
    await slack.edit('U0ADA', mirror.root, 'What about dinner?').delivered;
    await expect
      .poll(() => mirror.inChatter().at(-1), patience)
      .toBe('Ada Lovelace: Edited: What about dinner?');
  });

  it('can be stopped by the button in its notice, for all to see', async () => {
    const { slack } = bridge;
    const mirror = await beginIn('movedandstopped');
    await slack.changeChannelId(mirror.channel).delivered;
    const notice = slack
      .thread(mirror.root.channel, mirror.root.ts)
      .find(({ bot_id }) => bot_id !== undefined);
    if (!notice) throw new Error('no notice');
    await slack.press('U0ADA', notice, 'stop_mirror');
    await expect.poll(() => mirror.inSlack()[0], patience).toContain('no longer mirrored');
    await mirror.say('ada', 'Only here').delivered;
    await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('no longer mirrored here');
    mirror.type('reader', 'Only there');
    await readAgain(bridge);
    expect(mirror.inChatter().join()).not.toContain('Only here');
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('rests under its new id as it would have under the old one', async () => {
    const mirror = await beginIn('movedandarchived');
    await bridge.slack.changeChannelId(mirror.channel).delivered;
    await bridge.slack.archive('U0GRACE', mirror.root.channel);
    await expectResting(mirror, 'its channel was archived or deleted', 'The channel in Slack was closed.');
  });
});
