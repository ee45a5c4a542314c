import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { escapeTyped } from '../../sandbox/slack/typed-text.ts';
import { Workspace } from '../../sandbox/slack/workspace.ts';
import { parseNotifyCommand } from '../../src/slack/notify-command.ts';
import { type NotifyMisuse, notifyWords } from '../../src/slack/notify-words.ts';

const person = (user: string) => ({ kind: 'person', id: `T1-${user}` });
const email = (address: string) => ({ kind: 'email', email: address });
const group = (name: string) => ({ kind: 'group', name });
const place = (name: string) => ({ kind: 'place', name });
const parsed = (typed: string) => parseNotifyCommand(typed, 'T1');

describe('the text after /chatter-notify', () => {
  it.each(['', '  ', 'help', ' HELP '])('%j asks for help', (typed) => {
    expect(parsed(typed)).toEqual({ kind: 'help' });
  });

  it('asks for what is to be sent later', () => {
    expect(parsed(' Scheduled ')).toEqual({ kind: 'scheduled' });
  });

  it.each([
    ['an escaped user group', '<!subteam^S1|@team> hi', [group('S1|@team')]],
    ['one without its label', '<!subteam^S1> hi', [group('S1')]],
    ['a handle that Slack has left alone', '@team hi', [group('@team')]],
    ['a handle of any alphabet', '@büro-süd_2 hi', [group('@büro-süd_2')]],
    ['a channel', '<#C1|general> hi', [place('C1|general')]],
    ['a channel without its name', '<#C1> hi', [place('C1')]],
    ['a private channel, whose name is kept back', '<#C1|> hi', [place('C1')]],
    ['a private channel of the old kind', '<#G1|> hi', [place('G1')]],
    ['a person', '<@U1|ada> hi', [person('U1')]],
    ['a member of an enterprise', '<@W1> hi', [person('W1')]],
    ['a typed e-mail address', 'ada@corp.co.uk hi', [email('ada@corp.co.uk')]],
    ['a linked e-mail address', '<mailto:ada@corp.com|ada@corp.com> hi', [email('ada@corp.com')]],
    [
      'any mix, with spaces, commas or nothing between',
      '<!subteam^S1|@team>,<#C1|general>  <@U1><@U2>, @ops,a@corp.com , hi',
      [
        group('S1|@team'),
        place('C1|general'),
        person('U1'),
        person('U2'),
        group('@ops'),
        email('a@corp.com'),
      ],
    ],
    [
      'each once, however often named',
      '<@U1> <@U1|ada> <!subteam^S1> <!subteam^S1|@team> <#C1> <#C1|x> @ops @Ops a@c.de A@c.de hi',
      [person('U1'), group('S1|@team'), place('C1|x'), group('@Ops'), email('A@c.de')],
    ],
    ['a label with characters that Slack escapes', '<!subteam^S1|@r&amp;d> hi', [group('S1|@r&d')]],
    [
      'a group whose name begins like a broadcast',
      '@here-people @channels hi',
      [group('@here-people'), group('@channels')],
    ],
  ])('notifies %s', (_, typed, named) => {
    expect(parsed(typed)).toEqual({ kind: 'send', named, text: 'hi' });
  });

  it('keeps the text as it is, with whoever is mentioned in it', () => {
    const text = 'first\n\n  second for <@U2>, <#C2|x> <!channel> & a@b.c  ';
    expect(parsed(`<!subteam^S1> ${text}`)).toEqual({ kind: 'send', named: [group('S1')], text });
  });

  it('takes a dot behind a handle for the sentence’s', () => {
    expect(parsed('@team. hi')).toEqual({ kind: 'send', named: [group('@team')], text: '. hi' });
  });

  it.each<[NotifyMisuse, string]>([
    ['nobody-named', 'the office is closed'],
    ['nobody-named', 'about <@U1> and @team'],
    ['broadcast', '<!channel> hi'],
    ['broadcast', '<!here|here> hi'],
    ['broadcast', '<@U1>, <!everyone> hi'],
    ['broadcast', '@channel hi'],
    ['broadcast', '<!subteam^S1> @HERE'],
    ['bare-channel', '#general hi'],
    ['bare-channel', '@team #secret'],
    ['bare-channel', '<#D1> hi'],
    ['no-text', '<!subteam^S1|@team>'],
    ['no-text', '@team, <#C1|general> \n '],
    ['too-long', `@team ${'a'.repeat(40_001)}`],
  ])('is refused, and says why: %s for %.40j', (why, typed) => {
    expect(parsed(typed)).toEqual({ kind: 'usage', why });
    expect(notifyWords.misuse(why)).toMatch(/^Nothing was sent: .{20}/);
  });

  it('takes as many as are named, and 40,000 characters as they were typed', () => {
    const many = Array.from({ length: 500 }, (_, n) => `<@U${n}>`).join(' ');
    const sent = parsed(`${many} ${'&amp;'.repeat(40_000)}`);
    expect(sent).toMatchObject({ kind: 'send', named: { length: 500 } });
  });

  it.each([
    [{ groupsAreEscaped: true, emailsBecomeLinks: true, mentionsCarryNames: true }, 'S0TEAM|@team'],
    [{ groupsAreEscaped: false, emailsBecomeLinks: false, mentionsCarryNames: false }, '@team'],
  ])('understands what Slack makes of it: %j', (escaping, team) => {
    const workspace = new Workspace(sampleWorkspace(), () => 0);
    const typed = escapeTyped('@team #general #secret @grace joan@corp.com <hi> & bye', workspace, escaping);
    expect(parsed(typed)).toEqual({
      kind: 'send',
      named: [
        group(team),
        place('C0GENERAL|general'),
        place('G0SECRET'),
        person('U0GRACE'),
        email('joan@corp.com'),
      ],
      text: '&lt;hi&gt; &amp; bye',
    });
  });

  it('finds again whoever was named, and the very text', () => {
    const id = (letter: string) => fc.stringMatching(/^[A-Z0-9]{1,10}$/).map((rest) => letter + rest);
    const one = fc.oneof(
      id('U').map((u) => ({ typed: `<@${u}>`, named: person(u) })),
      id('S').map((s) => ({ typed: `<!subteam^${s}|@x>`, named: group(`${s}|@x`) })),
      id('C').map((c) => ({ typed: `<#${c}>`, named: place(c) })),
      fc
        .stringMatching(/^[a-z]([a-z._-]{0,8}[a-z])?$/)
        .filter((handle) => !['here', 'channel', 'everyone'].includes(handle))
        .map((handle) => ({ typed: `@${handle}`, named: group(`@${handle}`) })),
      fc.stringMatching(/^[a-z.]{1,8}@[a-z]{1,8}\.com$/).map((a) => ({ typed: a, named: email(a) })),
    );
    const list = fc.uniqueArray(one, { minLength: 1, maxLength: 20, selector: ({ typed }) => typed });
    const separator = fc.stringMatching(/^( |, |,| {2}|\n)$/);
    const text = fc.string({ minLength: 1 }).map((rest) => `x ${rest}`);
    fc.assert(
      fc.property(list, separator, text, (all, between, words) => {
        const typed = `${all.map((each) => each.typed).join(between)} ${words}`;
        expect(parsed(typed)).toEqual({ kind: 'send', named: all.map(({ named }) => named), text: words });
      }),
    );
  });

  it('never fails, and never takes long', () => {
    const token = fc.constantFrom(
      ...['<@U1>', '<!subteam^', '<!subteam^S1|', '<#', '<#C1', '<mailto:', 'a@b.c', '@', '@a', '.', '-'],
      ...['@here', '<!here', ',', ' ', '|', '>', '#', 'help'],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        expect(parsed(tokens.join(''))).toHaveProperty('kind');
      }),
    );
    const startMs = performance.now();
    for (const part of ['a@b.', '<#', '<!subteam^S1', '@a', '@a.', '.', '<mailto:']) {
      parsed(part.repeat(40_000 / part.length));
      parsed(`@${part.repeat(40_000 / part.length)}`);
    }
    expect(performance.now() - startMs).toBeLessThan(400);
  });
});
