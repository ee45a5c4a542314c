import { describe, expect, it } from 'vitest';
import { checkBlocks, LIMITS } from '../../../sandbox/slack/block-check.ts';
import { checkView } from '../../../sandbox/slack/view-check.ts';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const divider = { type: 'divider' };
const button = (more: object = {}) => ({ type: 'button', text: plain(1), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const item = { type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] };
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('the limits of blocks', () => {
  it.each<[string, (size: number) => unknown[], number]>([
    ['blocks in a message', (size) => times(size, () => divider), LIMITS.blocksInMessage],
    ['section text', (size) => [{ type: 'section', text: mrkdwn(size) }], LIMITS.sectionText],
    [
      'section fields',
      (size) => [{ type: 'section', fields: times(size, () => plain(1)) }],
      LIMITS.sectionFields,
    ],
    ['field text', (size) => [{ type: 'section', fields: [plain(size)] }], LIMITS.fieldText],
    ['header', (size) => [{ type: 'header', text: plain(size) }], LIMITS.headerText],
    ['button text', (size) => [actions(button({ text: plain(size) }))], LIMITS.buttonText],
    ['button value', (size) => [actions(button({ value: 'x'.repeat(size) }))], LIMITS.buttonValue],
    ['action_id', (size) => [actions(button({ action_id: 'x'.repeat(size) }))], LIMITS.id],
    ['block_id', (size) => [{ ...divider, block_id: 'x'.repeat(size) }], LIMITS.id],
    ['actions', (size) => [actions(...times(size, () => button()))], LIMITS.actionsElements],
    [
      'context elements',
      (size) => [{ type: 'context', elements: times(size, () => mrkdwn(1)) }],
      LIMITS.contextElements,
    ],
  ])('%s: the limit itself is good, one more is not', (_, make, limit) => {
    expect(checkBlocks(make(limit))).toEqual([]);
    expect(checkBlocks(make(limit + 1))).not.toEqual([]);
  });

  it('are the published ones', () => {
    const { blocksInMessage, sectionText, headerText, buttonText, buttonValue, actionsElements, id } = LIMITS;
    expect({
      blocksInMessage,
      sectionText,
      headerText,
      buttonText,
      buttonValue,
      actionsElements,
      id,
    }).toEqual({
      blocksInMessage: 50,
      sectionText: 3_000,
      headerText: 150,
      buttonText: 75,
      buttonValue: 2_000,
      actionsElements: 25,
      id: 255,
    });
  });

  it('say where something is wrong', () => {
    expect(checkBlocks([divider, { type: 'section', text: mrkdwn(3_001) }])).toEqual([
      '[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]',
    ]);
  });

  it('take rich text, however long', () => {
    const list = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_list', style: 'bullet', elements: [item] }],
    };
    const link = { type: 'link', url: 'https://a.example' };
    const all = [
      { type: 'text', text: 'x'.repeat(30_000) },
      link,
      { ...link, text: 'a' },
      { type: 'emoji', name: 'wave' },
    ];
    expect(checkBlocks([rich(...all), list])).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['not an array', '{}'],
    ['rich text with nothing in it', [rich()]],
    ['rich text without parts', [{ type: 'rich_text', elements: [] }]],
    ['an empty text in rich text', [rich({ type: 'text', text: '' })]],
    ['a link without an address', [rich({ type: 'link', text: 'x' })]],
    ['a link to nowhere', [rich({ type: 'link', url: 'nowhere' })]],
    ['a link with an empty text', [rich({ type: 'link', url: 'https://a.example', text: '' })]],
    ['rich text in rich text', [rich(item)]],
    ['mrkdwn in rich text', [rich(mrkdwn(1))]],
    [
      'a text in a list that is no item',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_list', elements: [{ type: 'text', text: 'x' }] }],
        },
      ],
    ],
    ['an unknown type', [{ type: 'marquee' }]],
    ['null', [null]],
    ['an empty text', [{ type: 'section', text: mrkdwn(0) }]],
    ['mrkdwn on a button', [actions(button({ text: mrkdwn(1) }))]],
    ['a style that does not exist', [actions(button({ style: 'warning' }))]],
    ['an input in a message', [{ type: 'input', label: plain(1), element: { type: 'plain_text_input' } }]],
    ['one block_id twice', times(2, () => ({ ...divider, block_id: 'same' }))],
    [
      'one action_id twice in a block',
      [actions(button({ action_id: 'same' }), button({ action_id: 'same' }))],
    ],
  ])('%s is refused', (_, blocks) => {
    expect(checkBlocks(blocks)).not.toEqual([]);
  });
});

describe('what stands in an input', () => {
  const option = (value: string, more: object = {}) => ({ text: plain(75), value, ...more });
  const options = (count: number) => times(count, (index) => option(`${index}`));
  const check = (element: object, more: object = {}) =>
    checkBlocks([{ type: 'input', label: plain(1), element, ...more }], { inView: true }).length === 0;

  it.each<[string, object, boolean]>([
    ['people, eight at the most', { type: 'multi_users_select', max_selected_items: 8 }, true],
    ['none at the most', { type: 'multi_users_select', max_selected_items: 0 }, false],
    [
      'more people than there may be',
      { type: 'multi_users_select', max_selected_items: 1, initial_users: ['U1', 'U2'] },
      false,
    ],
    ['options of the app, from two letters on', { type: 'multi_external_select', min_query_length: 2 }, true],
    ['from half a letter on', { type: 'multi_external_select', min_query_length: 0.5 }, false],
    [
      'chosen ones that are no options',
      { type: 'multi_external_select', initial_options: [{ value: 'x' }] },
      false,
    ],
    ['ten radio buttons', { type: 'radio_buttons', options: options(10) }, true],
    ['eleven', { type: 'radio_buttons', options: options(11) }, false],
    ['none', { type: 'radio_buttons', options: [] }, false],
    ['no list of them', { type: 'radio_buttons' }, false],
    ['one of them chosen', { type: 'radio_buttons', options: options(2), initial_option: option('1') }, true],
    ['another one', { type: 'radio_buttons', options: options(2), initial_option: option('2') }, false],
    [
      'radio buttons in mrkdwn',
      { type: 'radio_buttons', options: [{ text: mrkdwn(9), value: 'x', description: mrkdwn(75) }] },
      true,
    ],
    ['a menu in mrkdwn', { type: 'static_select', options: [{ text: mrkdwn(9), value: 'x' }] }, false],
    [
      'a long description',
      { type: 'static_select', options: [option('x', { description: plain(76) })] },
      false,
    ],
    ['a text of 3,000 characters', { type: 'plain_text_input', max_length: 3_000 }, true],
    ['of 3,001', { type: 'plain_text_input', max_length: 3_001 }, false],
    ['a longer one at first', { type: 'plain_text_input', max_length: 3, initial_value: 'four' }, false],
    ['a placeholder of 151 characters', { type: 'plain_text_input', placeholder: plain(151) }, false],
    ['a date and time', { type: 'datetimepicker', initial_date_time: 1_795_644_000 }, true],
    ['one in milliseconds', { type: 'datetimepicker', initial_date_time: 1_795_644_000_000 }, false],
    ['a button', button(), false],
    ['nothing known', { type: 'slider' }, false],
  ])('%s', (_, element, good) => {
    expect(check(element)).toBe(good);
  });

  it('has a hint in plain text', () => {
    expect(check({ type: 'plain_text_input' }, { hint: plain(2_000) })).toBe(true);
    expect(check({ type: 'plain_text_input' }, { hint: mrkdwn(1) })).toBe(false);
  });

  it('does not stand elsewhere', () => {
    const text = { type: 'plain_text_input' };
    expect(checkBlocks([actions(text)], { inView: true })).not.toEqual([]);
    expect(checkBlocks([{ type: 'section', text: plain(1), accessory: text }])).not.toEqual([]);
  });
});

describe('the limits of views', () => {
  const input = { type: 'input', label: plain(1), element: { type: 'plain_text_input', action_id: 'a' } };
  const modal = (more: object = {}) => ({ type: 'modal', title: plain(24), blocks: [divider], ...more });

  it.each<[string, object, boolean]>([
    ['a plain modal', modal(), true],
    ['a long title', modal({ title: plain(25) }), false],
    ['no title', { type: 'modal', blocks: [divider] }, false],
    ['an input with a submit button', modal({ submit: plain(1), blocks: [input] }), true],
    ['an input without one', modal({ blocks: [input] }), false],
    ['as much private_metadata as there may be', modal({ private_metadata: 'x'.repeat(3_000) }), true],
    ['more private_metadata', modal({ private_metadata: 'x'.repeat(3_001) }), false],
    ['a hundred blocks', { type: 'home', blocks: times(100, () => divider) }, true],
    ['a hundred and one', { type: 'home', blocks: times(101, () => divider) }, false],
    ['another type', { type: 'sheet', blocks: [] }, false],
  ])('%s', (_, view, good) => {
    expect(checkView(view as never, true).length === 0).toBe(good);
  });
});
