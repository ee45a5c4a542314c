import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { asked, command, hasButtons, longTest, notes, patience, press, told } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
  const { salesforce } = bridge;
  salesforce.addUser({ name: 'Inactive Ina', email: 'ina@corp.com', isActive: false });
  salesforce.addUser({ name: 'Twin One', email: 'twin@corp.com', username: 'one@corp.com' });
  salesforce.addUser({ name: 'Twin Two', email: 'twin@corp.com', username: 'two@corp.com' });
  salesforce.addUser({ name: 'Chatterless Carl', email: 'carl@corp.com', chatterEnabled: false });
  salesforce.addUser({ name: 'Partner Pat', email: 'pat@corp.com', userType: 'PowerPartner' });
});
afterAll(() => bridge?.close());

describe('a command that cannot be understood is answered at once with one sentence, and nothing is sent', () => {
  const everyone = Array.from({ length: 10 }, (_, i) => `<@U0FRIEND${i}>`).join(' ');
  it.each([
    ['too many people', `${everyone} hi`, 'at most 9 recipients'],
    ['no text', '@grace', 'the message is missing'],
    ['no text but white space', '@grace    ', 'the message is missing'],
    ['nobody', 'hello there', 'say who it is for first'],
    ['oneself alone', '@ada note to self', 'somebody other than yourself'],
    ['a name that nobody picked', '@gracie hi', 'did not turn that name into a person'],
    ['a group', '@team hi', 'reaches people, not groups'],
    ['more than 40,000 characters', `@grace ${'a'.repeat(40_001)}`, 'at most 40,000 characters'],
  ])('%s', async (_, text, sentence) => {
    const answer = await command(bridge, text, 'ada', { escaped: text.startsWith('<') });
    expect(answer).toMatch(/^Nothing was sent: /);
    expect(answer).toContain(sentence);
    expect(asked(bridge, 'post')).toBe(0);
  });
});

describe('a message to somebody who cannot be reached', longTest, () => {
  it.each([
    ['a bot', '@robot', 'A Robot is an app, not a person.'],
    ['a guest', '@guest', 'A Guest is a guest in Slack'],
    ['a stranger of Slack Connect', '@connect', 'A Stranger is from another organisation (Slack Connect).'],
    ['a person without e-mail', '@nomail', 'No Mail has no e-mail address in Slack.'],
    ['somebody whose account is gone', '@gone', 'has been deactivated in Slack.'],
    ['a person whom Slack does not know', '<@U0NOBODY>', 'Slack does not know one of the people named.'],
    ['oneself by e-mail', 'ada@corp.com', 'That is only yourself.'],
    [
      'nobody in Salesforce',
      'nobody@corp.com',
      'Salesforce has no user with the e-mail address nobody@corp.com',
    ],
    ['an inactive user', 'ina@corp.com', 'is not active'],
    ['several users', 'twin@corp.com', 'Several active Salesforce users have'],
    ['a user without Chatter', 'carl@corp.com', 'Chatter messages are not switched on'],
    ['a partner', 'pat@corp.com', 'is from outside the company'],
    ["the bridge's own user", 'bridge@corp.com', 'is the bridge’s own'],
  ])(
    '%s: one clear sentence where it was typed and, with buttons, where it stays',
    async (who, to, sentence) => {
      const text = `for ${who}`;
      const { slack } = bridge;
      await command(bridge, `${to} ${text}`, 'ada', { escaped: to.startsWith('<') });
      await expect.poll(() => notes(bridge, text).some(hasButtons), patience).toBe(true);
      const note = notes(bridge, text).find(hasButtons);
      const words = told(bridge);
      expect(words.some((one) => one.includes('*Not sent.*') && one.includes(sentence))).toBe(true);
      await expect
        .poll(() => slack.ephemeralsOf('U0ADA').filter((one) => one.text.includes(sentence)), patience)
        .not.toHaveLength(0);
      expect(JSON.stringify(note?.blocks)).toContain('Retry');
      expect(JSON.stringify(note?.blocks)).toContain('Discard');
      expect(bridge.texts()).toEqual([]);
    },
  );

  it('can be discarded, and its text goes with it', async () => {
    await command(bridge, 'nobody@corp.com throw me away');
    await expect.poll(() => notes(bridge, 'throw me away').some(hasButtons), patience).toBe(true);
    await press(bridge, 'throw me away', 'discard_delivery');
    await expect.poll(() => notes(bridge, 'throw me away').some(hasButtons), patience).toBe(false);
    expect(bridge.texts()).toEqual([]);
  });
});

describe('a sender who may not send', longTest, () => {
  it.each([
    ['a guest', 'U0GUEST', 'You are a guest in Slack'],
    ['somebody without e-mail', 'U0NOMAIL', 'You have no e-mail address in Slack.'],
  ])('%s is told so', async (_, writer, sentence) => {
    const { slack } = bridge;
    await slack.command(writer, 'C0GENERAL', '/chatter-dm', '@grace hello');
    const seen = () => JSON.stringify(slack.ephemeralsOf(writer));
    await expect.poll(seen, patience).toContain(sentence);
    expect(bridge.texts()).toEqual([]);
  });
});
