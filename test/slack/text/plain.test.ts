import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/slack/text/parse.ts';
import { mentionsIn, type Names, toPlainText } from '../../../src/slack/text/plain.ts';

const NAMES: Names = {
  user: (id) => ({ U1: 'Ada Lovelace', W2: 'Grace Hopper' })[id],
  channel: (id) => ({ C1: 'general' })[id],
  group: (id) => ({ S1: 'ops', S2: '@marketing' })[id],
};

const plain = (text: string) => toPlainText(parse(text), NAMES);

describe('toPlainText', () => {
  describe('mentions', () => {
    it.each([
      ['lunch, <@U1>?', 'lunch, @Ada Lovelace?'],
      ['<@W2|ghopper> and <@U1>', '@Grace Hopper and @Ada Lovelace'],
      ['<@U9|alan>', '@alan'],
      ['<@U9>', '@someone'],
      ['in <#C1>', 'in #general'],
      ['in <#C1|old-name>', 'in #general'],
      ['in <#C9|secret-merger>', 'in #private-channel'],
      ['in <#C9|>', 'in #private-channel'],
      ['<!subteam^S1>', '@ops'],
      ['<!subteam^S2|@old>', '@marketing'],
      ['<!subteam^S9|@sales>', '@sales'],
      ['<!subteam^S9>', '@group'],
      ['<!here> <!channel> <!everyone|@everyone>', '@here @channel @everyone'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  describe('links and dates', () => {
    it.each([
      ['<https://example.com/a>', 'https://example.com/a'],
      ['<https://example.com/a|the plan>', 'the plan (https://example.com/a)'],
      ['<https://example.com/a|https://example.com/a>', 'https://example.com/a'],
      ['<http://example.com|example.com>', 'http://example.com'],
      ['<https://www.example.com/|example.com>', 'https://www.example.com/'],
      ['<https://a.b/?x=1&amp;y=2|R&amp;D>', 'R&D (https://a.b/?x=1&y=2)'],
      ['<https://a.b/snake_case_/*x*>', 'https://a.b/snake_case_/*x*'],
      ['<https://a.b|:tada: party>', '🎉 party (https://a.b)'],
      ['<https://a.b|>', 'https://a.b'],
      ['<mailto:ada@corp.com|ada@corp.com>', 'ada@corp.com'],
      ['<mailto:ada@corp.com?subject=Hi>', 'ada@corp.com'],
      ['<mailto:ada@corp.com|Ada>', 'Ada (ada@corp.com)'],
      ['<tel:+49301234>', '+49301234'],
      ['<tel:+49301234|+49 30 1234>', '+49301234'],
      [
        '<!date^1392734382^{date_short} {time}^https://a.b|Feb 18, 2014 PST>',
        'Feb 18, 2014 PST (https://a.b)',
      ],
      ['due <!date^1^{date}|soon &amp; sure>', 'due soon & sure'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  describe('formatting: marks go where they style something', () => {
    it.each([
      ['*bold* _italic_ ~struck~', 'bold italic ~struck~'],
      ['*_~all~_*', '~all~'],
      ['(*bold*), "_it_".', '(bold), "it".'],
      ['*bold <@U1> text*', 'bold @Ada Lovelace text'],
      ['*a *b*', '*a b'],
      ['&gt; _quoted_', '> quoted'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  describe('formatting: marks that style nothing stay', () => {
    it.each([
      '2*3*4',
      '2 * 3 * 4',
      'snake_case_name',
      '__init__.py',
      '**both**',
      '~~both~~',
      '*two\nlines*',
      '* item\n* item',
      '*.ts and *.js',
      '~/bin ~/lib',
      '¯\\_(ツ)_/¯',
      '(_,_)',
      'a* b*',
      '*',
      '***',
      '*a**',
      '**a*',
      '_ _',
      'ä*ö*ü',
    ])('%s', (text) => {
      expect(plain(text)).toBe(text);
    });
  });

  describe('code and quotes', () => {
    it.each([
      ['`a_b_c *x* :wave:`', '`a_b_c *x* :wave:`'],
      ['`if (a &lt; b &amp;&amp; c)`', '`if (a < b && c)`'],
      ['`&amp;lt;`', '`&lt;`'],
      ['`<http://a.b/c>`', '`http://a.b/c`'],
      ['`curl <http://a.b|a.b>`', '`curl a.b`'],
      ['`<mailto:ada@corp.com|ada@corp.com>`', '`ada@corp.com`'],
      ['it`s <http://a.b|here> don`t', 'it`s here (http://a.b) don`t'],
      ['it`s :tada: don`t', 'it`s 🎉 don`t'],
      ['`<http://a.b|here>`', '`here (http://a.b)`'],
      ['`&lt;@U1&gt;`', '`<@U1>`'],
      ['`<@U1>` `<#C9|secret>`', '`@Ada Lovelace` `#private-channel`'],
      ['```\n*x* &gt; 1\n\n&gt; y\n```', '```\n*x* > 1\n\n> y\n```'],
      ['``` open :tada:', '``` open 🎉'],
      ['&gt; a\n&gt; b\nc', '> a\n> b\nc'],
      ['&gt;&gt;&gt; a', '>>> a'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  describe('emoji', () => {
    it.each([
      [':wave: hi :+1::skin-tone-3:', '👋 hi 👍🏼'],
      ['done:tada::tada:', 'done🎉🎉'],
      ['*:fire:*', '🔥'],
      [':handshake::skin-tone-2-3:', '🫱🏻‍🫲🏼'],
      [':100:', '💯'],
      [':party_parrot: :_odd_: :-~~-:', ':party_parrot: :_odd_: :-~~-:'],
      [':party_parrot::skin-tone-2:', ':party_parrot::skin-tone-2:'],
      ['at 10:30:45, 10:100:30', 'at 10:30:45, 10:100:30'],
      ['fe80::ab:1', 'fe80::ab:1'],
      ['10:30:wave:', '10:30👋'],
      ['👩‍👩‍👧 stays', '👩‍👩‍👧 stays'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  describe('escapes are undone once, after the tokens were found', () => {
    it.each([
      ['a &lt; b &amp; c &gt; d', 'a < b & c > d'],
      ['&amp;lt; &amp;amp;', '&lt; &amp;'],
      ['&lt;@U1&gt; &lt;!channel&gt;', '<@U1> <!channel>'],
      ['&quot;&nbsp;', '&quot;&nbsp;'],
    ])('%s → %s', (text, expected) => {
      expect(plain(text)).toBe(expected);
    });
  });

  it('reads a whole message', () => {
    const message =
      '<@U1> *heads-up* :rotating_light:\n&gt; see <https://a.b/c?d=1&amp;e=2|the runbook>\nrun `kill -9 &lt;pid&gt;` in <#C1|general>';
    expect(plain(message)).toBe(
      '@Ada Lovelace heads-up 🚨\n> see the runbook (https://a.b/c?d=1&e=2)\nrun `kill -9 <pid>` in #general',
    );
  });
});

describe('mentionsIn', () => {
  it('finds every id once, in order, also inside styles, quotes and code', () => {
    const text = '&gt; *<@U2>* <@U1|ada> `<@W3>` <@U2>\n_<#C1|general>_ <!subteam^S1> <!here> &lt;@U9&gt;';
    expect(mentionsIn(parse(text))).toEqual({ users: ['U2', 'U1', 'W3'], channels: ['C1'], groups: ['S1'] });
  });
});
