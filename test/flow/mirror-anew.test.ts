import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
  untimed,
} from './mirroring.ts';
import { longTest, notes, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring();
});
afterEach(() => {
  bridge.salesforce.faults.clear();
});
afterAll(() => bridge?.close());

const FAREWELL =
  'Chatter Bridge: (The thread in Slack is no longer mirrored here. What is written here is not read there any more.)';

const names = (mirror: Mirrored) => mirror.inSlack().map((words) => words.split('*')[1]);

/** Alan, who is not in the conversation, presses the button that was offered to him. */
async function startAnew(mirror: Mirrored, bring: 'root' | 'all'): Promise<Mirrored> {
  const { slack } = bridge;
  await expect.poll(() => notes(bridge, mirror.reader.name, 'alan'), patience).toHaveLength(1);
  const [note] = notes(bridge, mirror.reader.name, 'alan');
  if (!note) throw new Error('no note');
  await slack.press('U0ALAN', note, 'mirror_anew');
  expect(await untilPrepared(slack, 'U0ALAN')).toContain('ends when this one begins');
  await submit(bridge, 'U0ALAN', { bring });
  const anew = mirroredAs(bridge, mirror.root, mirror.reader, 'Alan Turing has mirrored');
  await expect.poll(() => anew.conversation().length, patience).toBeGreaterThan(0);
  return anew;
}

async function stop({ root }: Mirrored): Promise<void> {
  const notice = bridge.slack
    .thread(root.channel, root.ts)
    .findLast(({ blocks }) => JSON.stringify(blocks ?? '').includes('stop_mirror'));
  if (notice) await bridge.slack.press('U0ADA', notice, 'stop_mirror');
}

describe('Start anew', longTest, () => {
  it('makes a new conversation with whoever asks for it, and the old one takes leave', async () => {
    const mirror = await begin(bridge);
    mirror.say('alan', 'Let me in');
    const anew = await startAnew(mirror, 'root');
    expect([...(anew.conversation()[0]?.recipientIds ?? [])].sort()).toEqual(
      [
        ...['ada', 'grace', 'alan'].map((name) => bridge.salesforceId(name as 'ada')),
        mirror.reader.id,
      ].sort(),
    );
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    mirror.say('alan', 'I am in');
    await expect.poll(() => anew.inChatter().at(-1), patience).toBe('Alan Turing: I am in');
    await expect
      .poll(() => names(mirror), patience)
      .toEqual(['This thread is no longer mirrored to Chatter', 'This thread is mirrored to Chatter']);
    // What is answered in the old one stays there.
    mirror.type('reader', 'Anybody here?');
    anew.type('reader', 'Yes, here');
    await expect.poll(() => mirror.inSlack().join(), patience).toContain('Yes, here');
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(3);
    expect(mirror.inChatter().at(-2)).toBe(FAREWELL);
  });

  it('brings along what was written before, although it has travelled once', async () => {
    const mirror = await begin(bridge);
    mirror.say('ada', 'one');
    mirror.say('alan', 'two');
    const anew = await startAnew(mirror, 'all');
    await settled(bridge);
    expect(anew.inChatter().map(untimed)).toEqual([
      'Ada Lovelace: What about lunch?',
      'Ada Lovelace: one',
      'Alan Turing: two',
    ]);
  });

  it('leaves what was written before it to the old conversation, however long that takes', async () => {
    const mirror = await begin(bridge);
    mirror.say('alan', 'Let me in');
    await expect.poll(mirror.inChatter, patience).toHaveLength(2);
    bridge.salesforce.faults.arm({
      do: 'status',
      answer: 'row-locked',
      retryAfterSeconds: 2,
      kind: 'post',
      text: 'before',
    });
    await mirror.say('grace', 'before').delivered;
    await expect.poll(() => bridge.salesforce.faults.active(), patience).toEqual([]);
    const anew = await startAnew(mirror, 'root');
    mirror.say('grace', 'after');
    await expect.poll(() => anew.inChatter().at(-1), patience).toBe('Grace Hopper: after');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    expect(mirror.inChatter().at(-2)).toBe('Grace Hopper: before');
    expect(anew.inChatter().map(untimed)).toEqual(['Ada Lovelace: What about lunch?', 'Grace Hopper: after']);
    await settled(bridge);
    expect(names(mirror).at(-1)).toBe('This thread is mirrored to Chatter');
  });
});

describe('a thread whose mirror was stopped', longTest, () => {
  it('can be mirrored again with the same people, who read on where they were', async () => {
    const mirror = await begin(bridge);
    await stop(mirror);
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    await mirror.say('ada', 'Unheard').delivered;
    await openForm(bridge, 'U0ADA', mirror.root);
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [mirror.reader.id], bring: 'root' });
    await expect.poll(() => names(mirror), patience).toHaveLength(2);
    // They have had the root, and need it no second time.
    await settled(bridge);
    expect(mirror.inChatter().filter((line) => line.includes('lunch'))).toHaveLength(1);
    mirror.say('ada', 'Heard again');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: Heard again');
    mirror.type('reader', 'Clearly');
    await expect.poll(() => mirror.inSlack().at(-1), patience).toContain('Clearly');
    await settled(bridge);
    expect(mirror.inChatter().filter((line) => line.includes('Unheard'))).toEqual([]);
  });

  it('lets its people be mirrored in another thread', async () => {
    const mirror = await begin(bridge);
    await stop(mirror);
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    const { message: other } = bridge.slack.say('U0ADA', 'C0GENERAL', 'Another thread');
    await openForm(bridge, 'U0ADA', other);
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [mirror.reader.id], bring: 'root' });
    await expect
      .poll(() => mirror.inChatter().map(untimed).at(-1), patience)
      .toBe('Ada Lovelace: Another thread');
    mirror.type('reader', 'For the other one');
    const inOther = () =>
      bridge.slack.thread('C0GENERAL', other.ts).map(({ blocks }) => JSON.stringify(blocks));
    await expect.poll(() => inOther().join(), patience).toContain('For the other one');
    await settled(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
  });
});
