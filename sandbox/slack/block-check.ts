import { isFields } from './json.ts';
import type { Fields } from './shapes.ts';

/** Block Kit's limits (Slack docs, "Block Kit" reference; the constants of Slack's own type package). */
export const LIMITS = {
  blocksInMessage: 50,
  blocksInView: 100,
  id: 255,
  sectionText: 3_000,
  sectionFields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  options: 100,
  optionText: 75,
  optionValue: 75,
  checkboxes: 10,
  altText: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  markdownText: 12_000,
  /** None is documented. */
  richTextElements: Number.POSITIVE_INFINITY,
  richTextText: Number.POSITIVE_INFINITY,
} as const;

const BLOCK_TYPES = new Set([
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'markdown',
  'rich_text',
  'section',
  'table',
]);

const RICH_TEXT_PARTS = new Set([
  'rich_text_list',
  'rich_text_preformatted',
  'rich_text_quote',
  'rich_text_section',
]);
const RICH_TEXT_ELEMENTS = new Set([
  'broadcast',
  'channel',
  'color',
  'date',
  'emoji',
  'link',
  'text',
  'user',
  'usergroup',
]);

/** What is wrong, in the words of Slack's `response_metadata.messages`; nothing when all is well. */
export type Problems = readonly string[];

/** Checks blocks against Block Kit's limits. */
export function checkBlocks(
  blocks: unknown,
  { inView = false, uniqueIds = true, at = '/blocks' } = {},
): Problems {
  if (!Array.isArray(blocks)) return problem(at, 'must be a valid array');
  const most = inView ? LIMITS.blocksInView : LIMITS.blocksInMessage;
  return [
    ...(blocks.length > most ? problem(at, `no more than ${most} items allowed`) : []),
    ...blocks.flatMap((block, index) => checkBlock(block, `${at}/${index}`, inView)),
    ...(uniqueIds ? checkUniqueIds(blocks, at) : []),
  ];
}

function checkBlock(block: unknown, at: string, inView: boolean): Problems {
  if (!isFields(block) || !BLOCK_TYPES.has(String(block.type)))
    return problem(`${at}/type`, 'unsupported type');
  if (block.type === 'input' && !inView) return problem(`${at}/type`, 'unsupported type: input');
  return [...checkLength(block.block_id, LIMITS.id, `${at}/block_id`), ...checkContent(block, at)];
}

function checkContent(block: Fields, at: string): Problems {
  switch (block.type) {
    case 'section':
      return checkSection(block, at);
    case 'header':
      return checkPlainText(block.text, LIMITS.headerText, `${at}/text`);
    case 'actions':
      return checkRequiredList(block.elements, LIMITS.actionsElements, `${at}/elements`, checkElement);
    case 'context':
      return checkRequiredList(block.elements, LIMITS.contextElements, `${at}/elements`, (element, where) =>
        isFields(element) && element.type === 'image'
          ? checkImage(element, where)
          : checkText(element, LIMITS.sectionText, where),
      );
    case 'image':
      return checkImage(block, at);
    case 'input':
      return [
        ...checkPlainText(block.label, LIMITS.fieldText, `${at}/label`),
        ...checkElement(block.element, `${at}/element`),
      ];
    case 'markdown':
      return checkRequired(block.text, LIMITS.markdownText, `${at}/text`);
    case 'rich_text':
      return checkRichText(block, at, RICH_TEXT_PARTS);
    default:
      return [];
  }
}

function checkSection({ text, fields, accessory }: Fields, at: string): Problems {
  if (text === undefined && fields === undefined) return problem(at, 'missing required field: text');
  return [
    ...(text === undefined ? [] : checkText(text, LIMITS.sectionText, `${at}/text`)),
    ...checkList(fields, LIMITS.sectionFields, `${at}/fields`, (field, where) =>
      checkText(field, LIMITS.fieldText, where),
    ),
    ...(accessory === undefined ? [] : checkElement(accessory, `${at}/accessory`)),
  ];
}

/** A part without elements, and an element without text, are refused (github.com/NousResearch/hermes-agent/pull/59621). */
function checkRichText({ elements }: Fields, at: string, allowed: ReadonlySet<string>): Problems {
  return checkRequiredList(elements, LIMITS.richTextElements, `${at}/elements`, (element, where) => {
    if (!isFields(element) || !allowed.has(String(element.type)))
      return problem(`${where}/type`, 'unsupported type');
    if (element.type === 'rich_text_list')
      return checkRichText(element, where, new Set(['rich_text_section']));
    if (RICH_TEXT_PARTS.has(String(element.type))) return checkRichText(element, where, RICH_TEXT_ELEMENTS);
    if (element.type === 'text') return checkRequired(element.text, LIMITS.richTextText, `${where}/text`);
    return element.type === 'link' ? checkLink(element, where) : [];
  });
}

function checkLink({ url, text }: Fields, at: string): Problems {
  return [
    ...checkRequired(url, LIMITS.url, `${at}/url`),
    ...(URL.canParse(String(url)) ? [] : problem(`${at}/url`, 'must be a valid URL')),
    ...(text === undefined ? [] : checkRequired(text, LIMITS.richTextText, `${at}/text`)),
  ];
}

function checkElement(element: unknown, at: string): Problems {
  if (!isFields(element) || typeof element.type !== 'string')
    return problem(`${at}/type`, 'unsupported type');
  const few = element.type === 'checkboxes' || element.type === 'radio_buttons';
  return [
    ...checkLength(element.action_id, LIMITS.id, `${at}/action_id`),
    ...(element.type === 'button' ? checkButton(element, at) : []),
    ...checkList(element.options, few ? LIMITS.checkboxes : LIMITS.options, `${at}/options`, checkOption),
    ...(isFields(element.confirm) ? checkConfirm(element.confirm, `${at}/confirm`) : []),
  ];
}

function checkButton({ text, value, url, style }: Fields, at: string): Problems {
  const wrongStyle = style !== undefined && style !== 'primary' && style !== 'danger';
  return [
    ...checkPlainText(text, LIMITS.buttonText, `${at}/text`),
    ...checkLength(value, LIMITS.buttonValue, `${at}/value`),
    ...checkLength(url, LIMITS.url, `${at}/url`),
    ...(wrongStyle ? problem(`${at}/style`, 'must be one of: primary, danger') : []),
  ];
}

function checkOption(option: unknown, at: string): Problems {
  const { text, value } = isFields(option) ? option : {};
  return [
    ...checkText(text, LIMITS.optionText, `${at}/text`),
    ...checkRequired(value, LIMITS.optionValue, `${at}/value`),
  ];
}

function checkConfirm({ title, text, confirm, deny }: Fields, at: string): Problems {
  return [
    ...checkPlainText(title, LIMITS.confirmTitle, `${at}/title`),
    ...checkText(text, LIMITS.confirmText, `${at}/text`),
    ...checkPlainText(confirm, LIMITS.confirmButton, `${at}/confirm`),
    ...checkPlainText(deny, LIMITS.confirmButton, `${at}/deny`),
  ];
}

function checkImage({ alt_text, image_url }: Fields, at: string): Problems {
  return [
    ...checkRequired(alt_text, LIMITS.altText, `${at}/alt_text`),
    ...checkLength(image_url, LIMITS.url, `${at}/image_url`),
  ];
}

/** A text object of the only type that titles, labels and buttons take. */
export function checkPlainText(text: unknown, most: number, at: string): Problems {
  if (isFields(text) && text.type !== 'plain_text') return problem(`${at}/type`, 'must be plain_text');
  return checkText(text, most, at);
}

function checkText(text: unknown, most: number, at: string): Problems {
  if (!isFields(text)) return problem(at, 'must provide an object');
  if (text.type !== 'plain_text' && text.type !== 'mrkdwn') return problem(`${at}/type`, 'unsupported type');
  return checkRequired(text.text, most, `${at}/text`);
}

function checkRequired(value: unknown, most: number, at: string): Problems {
  if (typeof value !== 'string') return problem(at, 'must provide a string');
  if (value.length === 0) return problem(at, 'must be more than 0 characters');
  return checkLength(value, most, at);
}

/** A text that may be left out. */
export function checkLength(value: unknown, most: number, at: string): Problems {
  if (value === undefined) return [];
  if (typeof value !== 'string') return problem(at, 'must be a string');
  return value.length > most ? problem(at, `must be less than ${most + 1} characters`) : [];
}

type CheckItem = (item: unknown, at: string) => Problems;

function checkRequiredList(list: unknown, most: number, at: string, checkItem: CheckItem): Problems {
  if (!Array.isArray(list)) return problem(at, 'missing required field: elements');
  return checkList(list, most, at, checkItem);
}

function checkList(list: unknown, most: number, at: string, checkItem: CheckItem): Problems {
  if (!Array.isArray(list)) return [];
  if (list.length === 0) return problem(at, 'no fewer than 1 items allowed');
  return [
    ...(list.length > most ? problem(at, `no more than ${most} items allowed`) : []),
    ...list.flatMap((item, index) => checkItem(item, `${at}/${index}`)),
  ];
}

function checkUniqueIds(blocks: readonly unknown[], at: string): Problems {
  const inActions = blocks.flatMap((block, index) =>
    isFields(block) && block.type === 'actions' && Array.isArray(block.elements)
      ? checkUnique(block.elements, 'action_id', `${at}/${index}/elements`)
      : [],
  );
  return [...checkUnique(blocks, 'block_id', at), ...inActions];
}

function checkUnique(items: readonly unknown[], key: string, at: string): Problems {
  const ids = items.map((item) => (isFields(item) ? item[key] : undefined)).filter((id) => id !== undefined);
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  return doubled === undefined ? [] : problem(at, `\`${key}\` "${doubled}" already exists`);
}

export function problem(at: string, what: string): Problems {
  return [`[ERROR] ${what} [json-pointer:${at}]`];
}
