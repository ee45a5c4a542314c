import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeWeb, composeWorker, type Process } from '../../src/compose.ts';
import { createLogger } from '../../src/ops/log.ts';
import { quickTiming } from '../flow/bridge.ts';
import { createWorld, freshNamespace, type World } from '../flow/world.ts';
import { createParlour } from './parlour.ts';

const parlour = createParlour('corp.com', { ada: 'Ada', grace: 'Grace' });
const patient = { timeout: 5_000 };
let world: World;
let processes: Process[] = [];

beforeAll(async () => {
  world = await createWorld();
  const log = createLogger(world.config.logLevel, 'bridge');
  const namespace = freshNamespace();
  const overrides = { namespace, timing: quickTiming, chat: parlour.chat, ingress: parlour.ingress };
  processes = await Promise.all([
    composeWorker(world.config, log, overrides),
    composeWeb(world.config, log, overrides),
  ]);
});
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  await world?.close();
});

/** The first note that says this, or a failed expectation. */
const said = async <W extends (typeof parlour.notes)[number]['say']['words']>(words: W) => {
  await expect.poll(() => parlour.notes.map((note) => note.say.words), patient).toContain(words);
  const note = parlour.notes.find(({ say }) => say.words === words);
  if (!note) throw new Error(`nobody said ${words}`);
  return { ...note, say: note.say as (typeof note)['say'] & { words: W } };
};

describe('a second chat platform, with the same bridge', () => {
  it('has its messages delivered to Chatter, as plain text and as their writer', async () => {
    expect(await parlour.whisper('ada', ['grace'], '_psst_, <<grace>>: lunch?')).toBe('stored');
    await expect.poll(() => world.texts(), patient).toEqual(['psst, Grace: lunch?']);
    expect(world.salesforce.messages()[0]?.senderId).toBe(world.salesforceId('ada'));
  });

  it('is told so, where it was whispered; and the confirmation opens a thread there', async () => {
    await expect
      .poll(() => parlour.answers, patient)
      .toContainEqual(expect.objectContaining({ words: 'sent', people: ['Grace Hopper'] }));
    const { say, person } = await said('root');
    expect(person).toBe('ada');
    expect(say).toMatchObject({ people: ['Grace Hopper'], text: 'psst, Grace: lunch?' });
    expect(say.link).toContain('/conversations/03M');
  });

  it('continues the conversation by replies in that thread', async () => {
    const { thread } = await said('root');
    expect(await parlour.reply('ada', thread, 'or _dinner_?')).toBe('stored');
    await expect.poll(() => world.texts(), patient).toEqual(['psst, Grace: lunch?', 'or dinner?']);
    const [first, second] = world.salesforce.messages();
    expect(second?.conversationId).toBe(first?.conversationId);
    await expect.poll(() => parlour.delivered, patient).toHaveLength(1);
    expect(await parlour.reply('grace', thread, 'not my thread')).toBe('refused');
  });

  it('offers Retry for what failed, to its writer alone, and it works', async () => {
    await parlour.whisper('ada', ['alan'], 'tea?');
    const { say } = await said('failed');
    expect(say.sentence).toBe('Nobody here is called alan.');
    expect(world.texts()).not.toContain('tea?');

    parlour.join('alan', 'Alan');
    expect(await parlour.press('grace', 'retry', say.retry)).toBe(false);
    expect(await parlour.press('ada', 'retry', say.retry)).toBe(true);
    await expect.poll(() => world.texts().at(-1), patient).toMatch(/tea\?$/);
    await said('sent-after-all');
    expect(await parlour.press('ada', 'retry', say.retry)).toBe(false);
  });

  it('has each of many told by themselves, and hears whom it has reached', async () => {
    const before = world.texts().length;
    const named = [{ place: 'parlour' }, { name: 'grace' }, { name: 'nobody' }];
    expect(await parlour.announce('ada', named, 'tea is _ready_')).toBe('stored');
    const news = () => world.salesforce.messages().slice(before);
    await expect.poll(() => news().map(({ text }) => text), patient).toEqual(Array(2).fill('tea is ready'));
    const ids = (['alan', 'grace'] as const).map((name) => [world.salesforceId(name)]);
    expect(news().map(({ recipientIds }) => [...recipientIds])).toEqual(expect.arrayContaining(ids));
    await expect
      .poll(async () => (await said('notification')).say.report, patient)
      .toMatchObject({
        state: 'done',
        people: [{ outcome: 'delivered' }, { outcome: 'delivered' }],
        leftOut: [{ name: 'nobody', why: 'unknown' }],
      });
  });
});
