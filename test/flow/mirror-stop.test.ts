import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fields, Message } from '../../sandbox/slack/shapes.ts';
import type { RunningBridge } from './bridge.ts';
import { ask, begin, type Mirrored, readAgain, settled, startMirroring } from './mirroring.ts';
import { command, longTest, patience, wordsOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring();
});
afterEach(() => {
  bridge.salesforce.faults.clear();
});
afterAll(() => bridge?.close());

const OVER = 'This thread is no longer mirrored to Chatter';
const FAREWELL =
  'Chatter Bridge: (The thread in Slack is no longer mirrored here. What is written here is not read there any more.)';

function notice({ root }: Mirrored): Message {
  const found = bridge.slack.thread(root.channel, root.ts).find(({ bot_id }) => bot_id === 'B0BRIDGE');
  if (!found) throw new Error('no notice');
  return found;
}

const press = (mirror: Mirrored, by: string) => bridge.slack.press(by, notice(mirror), 'stop_mirror');

/** The block of a list that names these people. */
function blockAbout(blocks: readonly Fields[] | undefined, name: string): string {
  const found = blocks?.find((block) => JSON.stringify(block).includes(name));
  if (!found) throw new Error(`nothing is said about ${name}`);
  return String(found.block_id);
}

/** It is over on both sides, said once in each, and nothing travels any more. */
async function expectOver(mirror: Mirrored): Promise<void> {
  await expect.poll(() => mirror.inSlack()[0], patience).toContain(OVER);
  await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
  const lines = mirror.inChatter();
  await mirror.say('ada', 'Only here').delivered;
  await mirror.say('alan', 'Only here as well').delivered;
  mirror.type('reader', 'Only there');
  await readAgain(bridge);
  expect(mirror.inChatter()).toEqual([...lines, `${mirror.reader.name}: Only there`]);
  expect(mirror.inSlack()).toHaveLength(1);
}

describe('a mirror is stopped', longTest, () => {
  it('by the button in its notice: both sides are told, and nothing travels any more', async () => {
    const mirror = await begin(bridge);
    await press(mirror, 'U0ADA');
    await expectOver(mirror);
    expect(mirror.inSlack()[0]).toContain('Ada Lovelace has stopped it');
    expect(mirror.inSlack()[0]).not.toContain('Stop mirroring');
    expect(bridge.slack.ephemeralsOf('U0ADA').at(-1)?.text).toMatch(/^\*Stopped\.\*/);
  });

  it('on the Home tab, which lists it', async () => {
    const { slack } = bridge;
    const mirror = await begin(bridge);
    await slack.openHome('U0ADA');
    const home = () => slack.homeOf('U0ADA');
    await expect.poll(() => JSON.stringify(home()?.blocks ?? ''), patience).toContain(mirror.reader.name);
    const view = home();
    if (!view) throw new Error('no Home tab');
    await slack.press('U0ADA', view, 'stop_mirror', {}, blockAbout(view.blocks, mirror.reader.name));
    await expect.poll(() => JSON.stringify(home()?.blocks), patience).toContain('*Stopped.*');
    expect(JSON.stringify(home()?.blocks)).not.toContain(mirror.reader.name);
    await expectOver(mirror);
  });

  it('by `/chatter-dm stop`, which lists what one has started or writes in', async () => {
    const { slack } = bridge;
    const mirror = await begin(bridge);
    mirror.say('alan', 'I write in it');
    await expect.poll(mirror.inChatter, patience).toHaveLength(2);
    await command(bridge, 'stop', 'alan');
    const list = slack.ephemeralsOf('U0ALAN').at(-1);
    if (!list) throw new Error('no list');
    expect(wordsOf(list)).toContain('*1 mirrored thread*');
    await slack.press('U0ALAN', list, 'stop_mirror', {}, blockAbout(list.blocks, mirror.reader.name));
    await expectOver(mirror);
    await expect
      .poll(() => slack.ephemeralsOf('U0ALAN').map(wordsOf).join(), patience)
      .toContain('*Stopped.*');
  });
});

describe('it may be stopped', longTest, () => {
  it.each([
    ['by whoever has started it', 'grace', 'U0GRACE', []],
    ['by an admin', 'grace', 'U0ADA', []],
    ['by whoever’s words travel as their own', 'alan', 'U0GRACE', ['grace']],
    ['by whoever’s words the bridge says', 'grace', 'U0ALAN', ['alan']],
  ] as const)('%s', async (_who, by, presser, writers) => {
    const mirror = await begin(bridge, { by, people: by === 'alan' ? ['grace'] : ['ada'] });
    for (const writer of writers) mirror.say(writer, 'hello');
    await expect.poll(mirror.inChatter, patience).toHaveLength(1 + writers.length);
    await press(mirror, presser);
    await expect.poll(() => mirror.inSlack()[0], patience).toContain(OVER);
    await settled(bridge);
  });

  it('by nobody else: they are told so, and it goes on', async () => {
    const mirror = await begin(bridge, { by: 'grace', people: ['ada'] });
    await press(mirror, 'U0ALAN');
    await expect
      .poll(() => bridge.slack.ephemeralsOf('U0ALAN').at(-1)?.text, patience)
      .toContain('You cannot stop that');
    mirror.say('grace', 'Still here');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Grace Hopper: Still here');
    expect(mirror.inSlack()[0]).toContain('This thread is mirrored');
  });
});

describe('a mirror that is stopped', longTest, () => {
  it('lets what was written before go, then takes leave, once however often it is pressed', async () => {
    const mirror = await begin(bridge);
    bridge.salesforce.faults.arm({
      do: 'status',
      answer: 'row-locked',
      retryAfterSeconds: 1,
      kind: 'post',
      text: 'before',
    });
    await mirror.say('ada', 'before').delivered;
    await mirror.say('alan', 'before, too').delivered;
    await Promise.all(['U0ADA', 'U0ALAN', 'U0ADA'].map((by) => press(mirror, by)));
    await mirror.say('grace', 'after').delivered;
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    await settled(bridge);
    expect(mirror.inChatter().slice(1)).toEqual([
      'Ada Lovelace: before',
      'Chatter Bridge: Alan Turing (in Slack): before, too',
      FAREWELL,
    ]);
  });

  it('before it has begun never says that it is mirrored', async () => {
    const { slack, salesforce } = bridge;
    salesforce.faults.arm({
      do: 'status',
      answer: 'row-locked',
      retryAfterSeconds: 2,
      kind: 'post',
      text: 'has mirrored',
    });
    const mirror = await ask(bridge, {});
    await expect.poll(() => salesforce.faults.active(), patience).toEqual([]);
    await slack.openHome('U0ADA');
    await expect
      .poll(() => JSON.stringify(slack.homeOf('U0ADA')?.blocks), patience)
      .toContain(mirror.reader.name);
    const view = slack.homeOf('U0ADA');
    if (!view) throw new Error('no Home tab');
    await slack.press('U0ADA', view, 'stop_mirror', {}, blockAbout(view.blocks, mirror.reader.name));
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe(FAREWELL);
    await settled(bridge);
    expect(mirror.inSlack().join()).not.toContain('This thread is mirrored');
  });
});
