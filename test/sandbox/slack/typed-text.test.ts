import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../../sandbox/slack/sample-workspace.ts';
import { escapeTyped, IN_MESSAGES, typedAgain } from '../../../sandbox/slack/typed-text.ts';
import { Workspace } from '../../../sandbox/slack/workspace.ts';
import { standInWithApp } from './stand-in.ts';

const workspace = new Workspace(sampleWorkspace(), Date.now);
const escaped = (text: string, more = {}) => escapeTyped(text, workspace, { ...IN_MESSAGES, ...more });

describe('what people type again, when they edit it', () => {
  it.each([
    '@grace lunch? @team, @here in #general, #secret and #nowhere',
    '1 < 2 && 3 > 2 &amp;',
    'ada@corp.com, see https://example.com/?a=1&b=2',
  ])('is what they typed: %s', (typed) => {
    expect(typedAgain(escaped(typed), workspace)).toBe(typed);
  });

  it('is what they typed, whatever it was', () => {
    // Slack writes a bar in an address in another way.
    const text = fc.string({ unit: 'binary' }).filter((typed) => !typed.includes('|'));
    fc.assert(fc.property(text, (typed) => typedAgain(escaped(typed), workspace) === typed));
  });

  it('has the name that Slack sent along, where nobody knows it here', () => {
    expect(typedAgain('<#C0ELSE|else> <@U0ELSE> <!subteam^S0ELSE|@others>', workspace)).toBe(
      '#else @U0ELSE @others',
    );
  });
});

describe('what people type', () => {
  it.each([
    ['@grace lunch?', '<@U0GRACE> lunch?'],
    ['hi @grace.', 'hi <@U0GRACE>.'],
    ['@nobody', '@nobody'],
    ['@team and @here', '<!subteam^S0TEAM|@team> and <!here>'],
    ['#general #secret', '<#C0GENERAL|general> <#G0SECRET|>'],
    ['1 < 2 && 3 > 2', '1 &lt; 2 &amp;&amp; 3 &gt; 2'],
    ['see https://example.com/?a=1&b=2', 'see <https://example.com/?a=1&amp;b=2>'],
    ['ada@corp.com', '<mailto:ada@corp.com|ada@corp.com>'],
  ])('%s is sent as %s', (typed, sent) => {
    expect(escaped(typed)).toBe(sent);
  });

  it('has mentions with names, plain addresses and plain groups, where that is how Slack turns out to be', () => {
    expect(escaped('@ada', { mentionsCarryNames: true })).toBe('<@U0ADA|ada>');
    expect(escaped('ada@corp.com', { emailsBecomeLinks: false })).toBe('ada@corp.com');
    expect(escaped('@team', { groupsAreEscaped: false })).toBe('@team');
  });

  it('never holds a bare angle bracket or ampersand of its own', () => {
    const typed = fc.string({ unit: fc.constantFrom('<', '>', '&', 'a', ' ', '!', '|') });
    fc.assert(
      fc.property(typed, (text) => {
        const sent = escaped(text);
        expect(sent).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        const undone = sent.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
        expect(undone).toBe(text);
      }),
    );
  });

  it('is escaped in commands by the switches for them', async () => {
    const switches = { commandEmailsBecomeLinks: false, mentionsCarryNames: true };
    const { slack } = await standInWithApp({ switches });
    const { payload } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace alan@corp.com hi');
    expect(payload.text).toBe('<@U0GRACE|grace> alan@corp.com hi');
    const raw = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '<@W1>', { escaped: true });
    expect(raw.payload.text).toBe('<@W1>');
  });
});
