import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf, told } from './seen.ts';

/** Nine people besides Ada, on both sides. */
const crowd = Array.from({ length: 9 }, (_, i) => ({
  handle: `friend${i}`,
  name: `Friend ${i}`,
  email: `friend${i}@corp.com`,
}));

let bridge: RunningBridge;
beforeAll(async () => {
  const seed = sampleWorkspace();
  const users = crowd.map(({ handle, name, email }, i) => ({
    id: `U0FRIEND${i}`,
    name: handle,
    real_name: name,
    email,
  }));
  bridge = await startBridge({ slack: { seed: { ...seed, users: [...seed.users, ...users] } } });
  for (const { name, email } of crowd) bridge.salesforce.addUser({ name, email });
});
afterAll(() => bridge?.close());

const conversationsOfAda = () => bridge.salesforce.conversationsOf(bridge.salesforceId('ada'));
const sent = async (text: string) => {
  await expect.poll(() => bridge.texts(), patience).toContain(text);
  const message = bridge.salesforce.messages().find((one) => one.text === text);
  if (!message) throw new Error('unreachable');
  return message;
};

describe('the people of a command', longTest, () => {
  it.each([
    ['a mention', '@grace', ['Grace Hopper']],
    ['a mention with the name in it', '<@U0GRACE|grace>', ['Grace Hopper'], true],
    ['an e-mail address as a link', 'grace@corp.com', ['Grace Hopper']],
    ['an e-mail address as plain text', 'grace@corp.com', ['Grace Hopper'], true],
    ['an e-mail address in capitals', 'GRACE@corp.com', ['Grace Hopper'], true],
    ['a mix, with commas', '@grace, alan@corp.com', ['Alan Turing', 'Grace Hopper']],
    ['the same person twice', '@grace grace@corp.com @alan', ['Alan Turing', 'Grace Hopper']],
    ['oneself besides others', '@ada @grace ada@corp.com', ['Grace Hopper']],
  ])('can be named by %s', async (how, people, names, escaped = false) => {
    const text = `named by ${how}`;
    const { slack, salesforce } = bridge;
    const { body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', `${people} ${text}`, {
      escaped,
    });
    expect(body).toContain('Sending to');
    const { recipientIds, senderId } = await sent(text);
    const found = salesforce.users.filter(({ id }) => recipientIds.includes(id)).map(({ name }) => name);
    expect(found.sort()).toEqual(names);
    expect(senderId).toBe(bridge.salesforceId('ada'));
    await expect.poll(() => told(bridge).join(), patience).toContain(text);
  });

  it('may be nine, who share one conversation, named in any order', async () => {
    const before = conversationsOfAda().length;
    const mentions = crowd.map(({ handle }) => `@${handle}`);
    await command(bridge, `${mentions.join(' ')} to all nine`);
    await command(bridge, `${mentions.toReversed().join(',')} to all nine again`);
    const first = await sent('to all nine');
    const second = await sent('to all nine again');
    expect(first.recipientIds).toHaveLength(9);
    expect(second.conversationId).toBe(first.conversationId);
    expect(conversationsOfAda()).toHaveLength(before + 1);
  });
});

describe('the same people again', longTest, () => {
  it('find their new message as a line in the thread that they have', async () => {
    await command(bridge, '@alan first words');
    await expect.poll(() => notes(bridge, 'first words'), patience).toHaveLength(1);
    await command(bridge, '@alan further words');
    await expect.poll(() => notes(bridge, 'further words'), patience).toHaveLength(1);
    const [root] = notes(bridge, 'first words');
    const [line] = notes(bridge, 'further words');
    expect(line?.thread_ts).toBe(root?.ts);
    expect((await sent('further words')).inReplyTo).toBe((await sent('first words')).id);
  });

  it('are one conversation and one thread, by mention and by e-mail at once; nothing is lost', async () => {
    const { slack } = bridge;
    const byMention = Array.from({ length: 6 }, (_, i) => `mentioned ${i}`);
    const byEmail = Array.from({ length: 6 }, (_, i) => `mailed ${i}`);
    for (let i = 0; i < 6; i += 1) {
      await Promise.all([
        slack.command('U0GRACE', 'C0GENERAL', '/chatter-dm', `@alan ${byMention[i]}`),
        slack.command('U0GRACE', 'C0GENERAL', '/chatter-dm', `alan@corp.com ${byEmail[i]}`),
      ]);
    }
    const graces = () =>
      bridge.salesforce.messages().filter((m) => m.senderId === bridge.salesforceId('grace'));
    await expect.poll(graces, patience).toHaveLength(12);
    const texts = graces().map((message) => message.text);
    expect(texts.filter((text) => byMention.includes(text))).toEqual(byMention);
    expect(texts.filter((text) => byEmail.includes(text))).toEqual(byEmail);
    expect(new Set(graces().map((message) => message.conversationId)).size).toBe(1);
    // One root, and a line for each other one.
    for (const text of texts) await expect.poll(() => notes(bridge, text, 'grace'), patience).toHaveLength(1);
    expect(new Set(texts.map((text) => rootOf(bridge, text, 'grace'))).size).toBe(1);
  });
});

describe('a thread', longTest, () => {
  it('takes replies, each answering the last known message of the conversation', async () => {
    await command(bridge, '@grace @alan shall we meet?');
    await expect.poll(() => notes(bridge, 'shall we meet?'), patience).toHaveLength(1);
    const root = rootOf(bridge, 'shall we meet?');
    reply(bridge, root, 'at noon?');
    const first = await sent('at noon?');
    expect(first.inReplyTo).toBe((await sent('shall we meet?')).id);
    reply(bridge, root, 'or later?');
    expect((await sent('or later?')).inReplyTo).toBe(first.id);
  });

  it('is the only place where words in the conversation with the app travel; elsewhere it is explained', async () => {
    const { slack } = bridge;
    slack.say('U0ALAN', slack.dmOf('U0ALAN'), 'hello, app');
    await expect.poll(() => told(bridge, 'alan').join(), patience).toContain('That was not sent to Chatter.');
    expect(bridge.texts()).not.toContain('hello, app');
  });
});

describe('a command that sends nothing', () => {
  it.each([['help'], [''], ['HELP']])('explains itself when it says "%s"', async (text) => {
    expect(await command(bridge, text)).toContain('Send a Salesforce Chatter private message from Slack');
  });
});
