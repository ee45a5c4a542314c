import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());
afterEach(() => bridge.salesforce.faults.clear());

const last = () => bridge.texts().at(-1);

describe('what is typed in Slack arrives in Chatter as readers without Slack need it', longTest, () => {
  it.each([
    ['people', 'ask @alan first', 'ask @Alan Turing first'],
    ['channels', 'see #general', 'see #general'],
    ['private channels', 'see <#G0SECRET|secret>', 'see #private-channel', true],
    ['groups', 'tell <!subteam^S0TEAM|@team>', 'tell @team', true],
    ['links', 'at https://corp.com/a?b=1&c=2', 'at https://corp.com/a?b=1&c=2'],
    ['labelled links', 'at <https://corp.com/a|our page>', 'at our page (https://corp.com/a)', true],
    ['e-mail addresses', 'write to grace@corp.com', 'write to grace@corp.com'],
    ['emoji', 'well done :tada: :+1::skin-tone-3:', 'well done 🎉 👍🏼'],
    ['emoji of our own', 'as :corp_logo: says', 'as :corp_logo: says'],
    ['code', 'run `a && b < c`', 'run `a && b < c`'],
    ['code blocks', '```if (a < b) {\n  *c = "&amp;";\n}```', '```if (a < b) {\n  *c = "&amp;";\n}```'],
    ['bold, italic and strike', 'this is *very* _much_ ~not~ so', 'this is very much ~not~ so'],
    ['lines', 'one\ntwo\n\nthree', 'one\ntwo\n\nthree'],
    ['special characters', 'a < b && c > "d"', 'a < b && c > "d"'],
    ['entities that somebody typed', 'write &lt; for a <', 'write &lt; for a <'],
  ])('%s', async (_, typed, arrives, escaped = false) => {
    await command(bridge, `@grace ${typed}`, 'ada', { escaped: false });
    if (escaped) await command(bridge, `<@U0GRACE> ${typed}`, 'ada', { escaped });
    await expect.poll(last, patience).toBe(arrives);
  });

  it('never more than 40,000 characters, counted as they are read', async () => {
    const before = bridge.texts().length;
    await command(bridge, `<@U0GRACE> so ${'<@U0ALAN> '.repeat(3_900)}`, 'ada', { escaped: true });
    await expect.poll(() => notes(bridge, 'at most 40,000 characters'), patience).toHaveLength(1);
    expect(bridge.texts()).toHaveLength(before);
  });

  it('also in a reply', async () => {
    await command(bridge, '@grace @alan begin');
    await expect.poll(() => notes(bridge, 'begin'), patience).toHaveLength(1);
    reply(bridge, rootOf(bridge, 'begin'), '@grace: :wave: <https> & co');
    await expect.poll(last, patience).toBe('@Grace Hopper: 👋 <https> & co');
  });
});

/** Words, so that the parts end where a word does. */
const longText = (first: string): string =>
  Array.from({ length: 3_600 }, (_, i) => `${first}${String(i).padStart(5, '0')}`).join(' ');

describe('a text of 25,000 characters', longTest, () => {
  const partsOf = (first: string) =>
    bridge.salesforce.messages().filter(({ text }) => text.includes(`${first}0`));

  async function expectThreeParts(first: string): Promise<void> {
    await expect.poll(() => partsOf(first), patience).toHaveLength(3);
    const parts = partsOf(first);
    const text = parts.map((part) => part.text);
    expect(text.map((part) => part.slice(0, 6))).toEqual(['(1/3) ', '(2/3) ', '(3/3) ']);
    expect(text.map((part) => part.slice(6)).join('')).toBe(longText(first));
    expect(new Set(parts.map((part) => part.conversationId)).size).toBe(1);
    expect(parts[1]?.inReplyTo).toBe(parts[0]?.id);
    expect(parts[2]?.inReplyTo).toBe(parts[1]?.id);
    // Said once, when all of it has arrived.
    await expect.poll(() => notes(bridge, `${first}00000`, 'alan'), patience).toHaveLength(1);
  }

  it('arrives in three parts of one conversation, in order, the later ones as replies', async () => {
    expect(longText('x')).toHaveLength(25_199);
    await command(bridge, `@grace ${longText('x')}`, 'alan');
    await expectThreeParts('x');
  });

  it('arrives once, also when the answer to its second part is lost', async () => {
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: '(2/3)' });
    await command(bridge, `@grace ${longText('y')}`, 'alan');
    await expectThreeParts('y');
  });

  it('arrives once, also when its second part is lost', async () => {
    bridge.salesforce.faults.arm({ do: 'drop-before', kind: 'post', text: '(2/3)' });
    await command(bridge, `@grace ${longText('z')}`, 'alan');
    await expectThreeParts('z');
  });

  it('keeps its parts together while Salesforce wants to wait: what comes after it waits as well', async () => {
    bridge.salesforce.faults.arm({
      do: 'status',
      answer: '429',
      retryAfterSeconds: 0,
      kind: 'post',
      text: '(2/3)',
    });
    await command(bridge, `@grace ${longText('w')}`, 'alan');
    await command(bridge, '@grace and one more thing', 'alan');
    await expectThreeParts('w');
    await expect.poll(() => last()?.slice(0, 20), patience).toBe('and one more thing');
  });
});
