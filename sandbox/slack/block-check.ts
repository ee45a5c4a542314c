import { checkElement, checkImage, ELEMENT_LIMITS } from './element-check.ts';
import { isFields } from './json.ts';
import type { Fields } from './shapes.ts';
import {
  checkLength,
  checkList,
  checkPlainText,
  checkRequired,
  checkRequiredList,
  checkText,
  type Problems,
  problem,
} from './text-check.ts';

/** Block Kit's limits (Slack docs, "Block Kit" reference; the constants of Slack's own type package). */
export const LIMITS = {
  ...ELEMENT_LIMITS,
  blocksInMessage: 50,
  blocksInView: 100,
  sectionText: 3_000,
  sectionFields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
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
      return checkRequiredList(block.elements, LIMITS.actionsElements, `${at}/elements`, (element, where) =>
        checkElement(element, 'actions', where),
      );
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
        ...(block.hint === undefined ? [] : checkPlainText(block.hint, LIMITS.fieldText, `${at}/hint`)),
        ...checkElement(block.element, 'input', `${at}/element`),
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
    ...(accessory === undefined ? [] : checkElement(accessory, 'accessory', `${at}/accessory`)),
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
