import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/slack/command.ts';

const user = (id: string) => ({ kind: 'user', user: id });
const email = (address: string) => ({ kind: 'email', email: address });
const parsed = (typed: string) => parseCommand(typed, 'U0SELF');
const misuse = (why: string) => ({ kind: 'usage', why });

describe('the text after /chatter-dm', () => {
  it.each(['', '  ', 'help', 'HELP', ' help '])('%j asks for help', (typed) => {
    expect(parsed(typed)).toEqual({ kind: 'help' });
  });

  it.each(['opt-out', 'opt-in', 'failed', 'stop'] as const)('%s is a word of its own', (word) => {
    expect(parsed(word)).toEqual({ kind: word });
    expect(parsed(word.replace('-', ' ').toUpperCase())).toEqual({ kind: word });
    expect(parsed(`${word} please`)).toEqual(misuse('no-people'));
  });

  it.each([
    ['a mention', '<@U1> lunch?', [user('U1')]],
    ['a mention with a label', '<@U1|ada> lunch?', [user('U1')]],
    ['a member of an enterprise', '<@W1> lunch?', [user('W1')]],
    ['a typed e-mail address', 'ada@corp.co.uk lunch?', [email('ada@corp.co.uk')]],
    ['a linked e-mail address', '<mailto:ada@corp.com|ada@corp.com> lunch?', [email('ada@corp.com')]],
    [
      'any mix, with spaces and commas',
      '<@U1>, <@U2|bob>,ada@corp.com ,  <mailto:e@corp.com|e@corp.com> lunch?',
      [user('U1'), user('U2'), email('ada@corp.com'), email('e@corp.com')],
    ],
    ['people without anything between them', '<@U1><@U2> lunch?', [user('U1'), user('U2')]],
    [
      'somebody named twice',
      '<@U1> <@U1|ada> A@corp.com a@CORP.com lunch?',
      [user('U1'), email('a@CORP.com')],
    ],
    ['the sender among others', '<@U0SELF> <@U1> lunch?', [user('U1')]],
  ])('sends to %s', (_, typed, people) => {
    expect(parsed(typed)).toEqual({ kind: 'send', people, text: 'lunch?' });
  });

  it('keeps the text as it is', () => {
    const text = 'first line\n\n  second, with <@U2> & a@b.c  ';
    expect(parsed(`<@U1> ${text}`)).toMatchObject({ people: [user('U1')], text });
  });

  it.each([
    ['no-people', 'lunch?'],
    ['no-people', 'about <@U1>'],
    ['bare-name', '@ada lunch?'],
    ['bare-name', '<@U1> @grace lunch?'],
    ['group', '<!subteam^S1|@team> lunch?'],
    ['group', '<!channel> lunch?'],
    ['no-text', '<@U1>'],
    ['no-text', '<@U1>, a@b.com \n '],
    ['yourself', '<@U0SELF> lunch?'],
    ['too-many-people', `${Array.from({ length: 10 }, (_, n) => `<@U${n}>`).join(' ')} lunch?`],
    ['too-long', `<@U1> ${'a'.repeat(40_001)}`],
  ])('is refused: %s for %.40j', (why, typed) => {
    expect(parsed(typed)).toEqual(misuse(why));
  });

  it('takes nine people and 40,000 characters', () => {
    const nine = Array.from({ length: 9 }, (_, n) => `<@U${n}>`).join(' ');
    expect(parsed(`${nine} <@U0SELF> ${'a'.repeat(40_000)}`)).toMatchObject({ kind: 'send' });
    // Slack sends five characters for each of these.
    expect(parsed(`${nine} ${'&amp;'.repeat(40_000)}`)).toMatchObject({ kind: 'send' });
  });

  it('finds again whoever was named, and the very text', () => {
    const person = fc.oneof(
      fc.stringMatching(/^[UW][A-Z0-9]{1,10}$/).map((id) => ({ typed: `<@${id}>`, named: user(id) })),
      fc.stringMatching(/^[a-z.]{1,8}@[a-z]{1,8}\.com$/).map((a) => ({ typed: a, named: email(a) })),
    );
    const people = fc.uniqueArray(person, { minLength: 1, maxLength: 9, selector: ({ typed }) => typed });
    const separator = fc.stringMatching(/^( |, |,| {2}|\n)$/);
    const text = fc.string({ minLength: 1 }).map((rest) => `x ${rest}`);
    fc.assert(
      fc.property(people, separator, text, (named, between, words) => {
        const typed = `${named.map((one) => one.typed).join(between)} ${words}`;
        expect(parsed(typed)).toEqual({ kind: 'send', people: named.map((one) => one.named), text: words });
      }),
    );
  });

  it('never fails, and never takes long', () => {
    const token = fc.constantFrom('<@U1>', '<@', '<mailto:', 'a@b.c', '@', ',', ' ', '|', '>', '<!', 'help');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        expect(parsed(tokens.join(''))).toHaveProperty('kind');
      }),
    );
    const startMs = performance.now();
    for (const part of ['a@b.', '<@', '<@U1', 'a', '<mailto:']) parsed(part.repeat(40_000 / part.length));
    expect(performance.now() - startMs).toBeLessThan(200);
  });
});
