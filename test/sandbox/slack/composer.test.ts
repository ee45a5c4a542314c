import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../sandbox/slack/block-check.ts';
import { composed } from '../../../sandbox/slack/composer.ts';

const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });

/** The elements of a text that is one section. */
const line = (typed: string) => (composed(typed)[0] as { elements: unknown[] }).elements;

describe('what Slack’s composer makes of a text', () => {
  it.each([
    ['a &lt; b &amp;&amp; c', [text('a < b && c')]],
    ['2*3*4 snake_case ¯\\_(ツ)_/¯', [text('2*3*4 snake_case ¯\\_(ツ)_/¯')]],
    [
      'so *very* _much_',
      [text('so '), text('very', { bold: true }), text(' '), text('much', { italic: true })],
    ],
    ['~no~ `a &lt; *b*`', [text('no', { strike: true }), text(' '), text('a < *b*', { code: true })]],
    [
      '<@U1> <#C1|general>',
      [{ type: 'user', user_id: 'U1' }, text(' '), { type: 'channel', channel_id: 'C1' }],
    ],
    [
      '<!subteam^S1|@team> <!here>',
      [{ type: 'usergroup', usergroup_id: 'S1' }, text(' '), { type: 'broadcast', range: 'here' }],
    ],
    ['<https://a.b/?x&amp;y|R&amp;D>', [{ type: 'link', url: 'https://a.b/?x&y', text: 'R&D' }]],
    [
      ':+1::skin-tone-3: :corp_logo: 10:30:45',
      [{ type: 'emoji', name: '+1', skin_tone: 3 }, text(' :corp_logo: 10:30:45')],
    ],
    [
      '<!date^1^{date}^https://a.b|then>',
      [{ type: 'date', timestamp: 1, format: '{date}', fallback: 'then', url: 'https://a.b' }],
    ],
  ])('%s', (typed, elements) => {
    expect(line(typed)).toEqual(elements);
  });

  it('has quotes and blocks of code beside the sections', () => {
    const parts = composed('&gt; one\n&gt; two\nthree\n```four```\nfive');
    expect(parts).toEqual([
      { type: 'rich_text_quote', elements: [text('one\ntwo')] },
      { type: 'rich_text_section', elements: [text('three')] },
      { type: 'rich_text_preformatted', elements: [text('four')], border: 0 },
      { type: 'rich_text_section', elements: [text('five')] },
    ]);
    expect(checkBlocks([{ type: 'rich_text', elements: parts }])).toEqual([]);
  });
});
