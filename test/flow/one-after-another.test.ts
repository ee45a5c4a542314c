import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import {
  begin,
  type Mirrored,
  mirroredAs,
  openForm,
  readAgain,
  settled,
  startMirroring,
  submit,
  untilPrepared,
} from './mirroring.ts';
import { longTest, notes, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring();
});
afterAll(() => bridge?.close());

async function press({ root }: Mirrored): Promise<void> {
  const { slack } = bridge;
  const notice = slack.thread(root.channel, root.ts).find(({ bot_id }) => bot_id === 'B0BRIDGE');
  if (!notice) throw new Error('no notice');
  await slack.press('U0ADA', notice, 'stop_mirror');
}

async function stop(mirror: Mirrored): Promise<void> {
  await press(mirror);
  await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('no longer mirrored');
  await settled(bridge);
}

describe('a conversation that is mirrored in one thread after another', longTest, () => {
  it('keeps what was said in it between the two', async () => {
    const { slack, salesforce } = bridge;
    const first = await begin(bridge);
    await stop(first);
    const said = slack.say('U0ADA', 'C0GENERAL', 'Something else').message;
    await openForm(bridge, 'U0ADA', said);
    salesforce.faults.arm({
      ...{ do: 'status', answer: 'row-locked', retryAfterSeconds: 2 },
      ...{ kind: 'post', text: 'has mirrored' },
    });
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [first.reader.id], bring: 'root' });
    // Its first message is refused for now: the thread is mirrored, and in Chatter nobody has been told.
    await expect.poll(() => salesforce.faults.active(), patience).toEqual([]);
    first.type('grace', 'Between us: I am leaving');
    const second = mirroredAs(bridge, said, first.reader);
    await expect.poll(() => second.inSlack()[0], patience).toContain('This thread is mirrored');
    second.type('grace', 'Hello again');
    await expect.poll(() => second.inSlack().at(-1), patience).toContain('Hello again');
    await readAgain(bridge);
    expect([...first.inSlack(), ...second.inSlack()].join()).not.toContain('leaving');
  });
});

describe('a thread that is mirrored once more, with others', longTest, () => {
  it('brings along what the mirror before has sent, and stays when that one takes leave', async () => {
    const { slack, salesforce } = bridge;
    const first = await begin(bridge);
    await first.say('alan', 'May I join you?').delivered;
    await expect.poll(() => notes(bridge, 'start anew', 'alan'), patience).toHaveLength(1);
    const [offer] = notes(bridge, 'start anew', 'alan');
    if (!offer) throw new Error('nothing was offered');
    await slack.press('U0ALAN', offer, 'mirror_anew');
    await untilPrepared(slack, 'U0ALAN');
    const before = salesforce.messages().length;
    await submit(bridge, 'U0ALAN', { people: ['U0GRACE'], users: [], bring: 'last' });
    const since = () =>
      salesforce
        .messages()
        .slice(before)
        .map(({ text }) => text);
    await expect.poll(() => since().length, patience).toBe(4);
    await settled(bridge);
    expect(since().toSorted()).toEqual([
      expect.stringMatching(/^\(The thread in Slack is no longer mirrored here\./),
      expect.stringMatching(/^\(sent .*\) Ada Lovelace \(in Slack\): What about lunch\?$/),
      expect.stringMatching(/^\(sent .*\) May I join you\?$/),
      expect.stringMatching(/^Alan Turing has mirrored/),
    ]);
    await first.say('alan', 'Here I am').delivered;
    await expect.poll(() => since().at(-1), patience).toBe('Here I am');
    const [joined] = salesforce.messages().slice(-1);
    expect(joined?.conversationId).not.toBe(first.conversation()[0]?.conversationId);
  });
});

describe('a mirror that was stopped just now', longTest, () => {
  it('does not send what its writer deletes before it has gone', async () => {
    const { slack, salesforce } = bridge;
    const mirror = await begin(bridge);
    salesforce.faults.arm({
      ...{ do: 'status', answer: 'row-locked', retryAfterSeconds: 2 },
      ...{ kind: 'post', text: 'Oops' },
    });
    const { message, delivered } = mirror.say('ada', 'Oops');
    await delivered;
    await expect.poll(() => salesforce.faults.active(), patience).toEqual([]);
    await press(mirror);
    await expect.poll(() => mirror.inSlack()[0], patience).toContain('no longer mirrored');
    await slack.delete('U0ADA', message);
    await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('no longer mirrored');
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(2);
  });
});
