import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/slack/text/parse.ts';

const text = (content: string) => ({ kind: 'text', text: content });

describe('parse', () => {
  it('gives nothing for nothing, and one text for text', () => {
    expect(parse('')).toEqual([]);
    expect(parse('see you\nat 10:30')).toEqual([text('see you\nat 10:30')]);
  });

  it.each([
    ['<@U012AB>', { kind: 'user', id: 'U012AB', label: undefined }],
    ['<@W9|ada &amp; co>', { kind: 'user', id: 'W9', label: 'ada & co' }],
    ['<#C1>', { kind: 'channel', id: 'C1', label: undefined }],
    ['<#C1|general>', { kind: 'channel', id: 'C1', label: 'general' }],
    ['<#C1|>', { kind: 'channel', id: 'C1', label: undefined }],
    ['<!subteam^S1|@ops>', { kind: 'group', id: 'S1', label: '@ops' }],
    ['<!here>', { kind: 'special', name: 'here' }],
    ['<!channel|@channel>', { kind: 'special', name: 'channel' }],
    ['<https://a.b/?x=1&amp;y=2|A|B>', { kind: 'link', url: 'https://a.b/?x=1&y=2', label: 'A|B' }],
    ['<mailto:ada@corp.com>', { kind: 'link', url: 'mailto:ada@corp.com', label: undefined }],
    [
      '<!date^1392734382^{date} at {time}^https://a.b|Feb 18>',
      {
        kind: 'date',
        unixSeconds: 1392734382,
        format: '{date} at {time}',
        link: 'https://a.b',
        fallback: 'Feb 18',
      },
    ],
    [
      '<!date^1^{date}|then>',
      { kind: 'date', unixSeconds: 1, format: '{date}', link: undefined, fallback: 'then' },
    ],
    ['<!later^1|label>', text('label')],
    ['<!date^soon^{date}|then>', text('then')],
    [':wave::skin-tone-2:', { kind: 'emoji', name: 'wave', tones: [2] }],
    ['`a &lt; *b*`', { kind: 'code', block: false, children: [text('a < *b*')] }],
    ['```\na\n```', { kind: 'code', block: true, children: [text('\na\n')] }],
  ])('reads %j', (source, node) => {
    expect(parse(source)).toEqual([node]);
  });

  it.each([
    '<',
    '<>',
    '<@',
    '<@>',
    '<@U1',
    '<@u1>',
    '<@B1 x>',
    '<#',
    '<!',
    '<!>',
    '<!|label>',
    '<!everybody>',
    '<!date^1^{date}>',
    '<not a link>',
    '<|>',
    '`',
    '``',
    '```',
    '``````',
    '`two\nlines`',
    ':',
    '::',
    ':wave',
  ])('takes the malformed %j for text', (source) => {
    expect(parse(source)).toEqual([text(source)]);
  });

  it('finds the token behind a malformed one', () => {
    expect(parse('<@U1 <@U2>')).toEqual([text('<@U1 '), { kind: 'user', id: 'U2', label: undefined }]);
  });

  it('nests styles, and puts everything else into them', () => {
    expect(parse('*bold _both_* ~<@U1>~')).toEqual([
      { kind: 'bold', children: [text('bold '), { kind: 'italic', children: [text('both')] }] },
      text(' '),
      { kind: 'strike', children: [{ kind: 'user', id: 'U1', label: undefined }] },
    ]);
  });

  it('ends a style that is closed first, and takes marks that cross for text', () => {
    const wave = { kind: 'emoji', name: 'wave', tones: [] };
    expect(parse('*a _b* :wave::wave: c_')).toEqual([
      { kind: 'bold', children: [text('a _b')] },
      text(' '),
      wave,
      wave,
      text(' c_'),
    ]);
  });

  it('makes a quote of each line that starts with an escaped >', () => {
    expect(parse('&gt; *a*\nb &gt; c')).toEqual([
      { kind: 'quote', children: [text(' '), { kind: 'bold', children: [text('a')] }] },
      text('\nb > c'),
    ]);
  });

  it('keeps tokens in code apart from the literal text around them', () => {
    expect(parse('`a <b <http://c.d|c.d>!`')).toEqual([
      {
        kind: 'code',
        block: false,
        children: [text('a <b '), { kind: 'link', url: 'http://c.d', label: 'c.d' }, text('!')],
      },
    ]);
  });
});
