import { ask } from './ask.js';
import { h } from './dom.js';
import { mrkdwn, plainText } from './mrkdwn.js';

/** @typedef {(pressed: {blockId: string, actionId: string}) => void} Press what is done when a button is pressed */

/**
 * Slack's layout blocks as elements.
 * @param {readonly any[]} blocks
 * @param {import('./mrkdwn.js').Names} names
 * @param {Press} press
 */
export function showBlocks(blocks, names, press) {
  return blocks.map((block) => showBlock(block, names, press));
}

/** A text object: mrkdwn, or plain text. */
export function textOf(object, names) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? mrkdwn(object.text, names) : [plainText(object.text, names)];
}

function showBlock(block, names, press) {
  switch (block.type) {
    case 'section':
      return h(
        'div',
        { className: 'block section' },
        h('div', {}, ...textOf(block.text, names), ...fields(block.fields, names)),
        block.accessory?.type === 'button' ? button(block, block.accessory, names, press) : undefined,
      );
    case 'rich_text':
      return h(
        'div',
        { className: 'block section' },
        h('div', {}, ...block.elements.map((part) => richPart(part, names))),
      );
    case 'header':
      return h('h4', { className: 'block' }, ...textOf(block.text, names));
    case 'context':
      return h(
        'div',
        { className: 'block context' },
        ...block.elements.map((element) => h('span', {}, ...textOf(element, names))),
      );
    case 'divider':
      return h('hr', { className: 'block' });
    case 'actions':
      return h(
        'div',
        { className: 'block actions' },
        ...block.elements
          .filter(({ type }) => type === 'button')
          .map((element) => button(block, element, names, press)),
      );
    default:
      return h(
        'div',
        { className: 'block context' },
        `(a ${block.type} block, which this page does not draw)`,
      );
  }
}

/** A stretch of text, a quote, code, or a list. */
function richPart({ type, elements, style }, names) {
  switch (type) {
    case 'rich_text_list':
      return h(
        style === 'ordered' ? 'ol' : 'ul',
        { className: 'rich-list' },
        ...elements.map((item) =>
          h('li', {}, ...item.elements.map((element) => richElement(element, names))),
        ),
      );
    case 'rich_text_quote':
      return h('blockquote', {}, ...elements.map((element) => richElement(element, names)));
    case 'rich_text_preformatted':
      return h('pre', {}, ...elements.map((element) => richElement(element, names)));
    default:
      return h('span', {}, ...elements.map((element) => richElement(element, names)));
  }
}

function richElement({ type, text, url, style, user_id: user, name }, names) {
  if (type === 'link') return h('a', { href: url, target: '_blank', rel: 'noreferrer' }, text ?? url);
  if (type === 'user') return h('span', { className: 'mention' }, `@${names.person(user) ?? user}`);
  if (type === 'emoji') return names.emoji[name] ?? `:${name}:`;
  const tag = ['bold', 'italic', 'strike', 'code'].find((each) => style?.[each]);
  const shown = text ?? `(${type})`;
  return tag ? h({ bold: 'b', italic: 'i', strike: 's', code: 'code' }[tag], {}, shown) : shown;
}

function fields(list = [], names) {
  return list.map((field) => h('div', { className: 'section-field' }, ...textOf(field, names)));
}

function button({ block_id: blockId }, element, names, press) {
  const { action_id: actionId, style = '', url, confirm } = element;
  const onclick = async () => {
    if (!confirm || (await ask(confirm, names))) press({ blockId, actionId });
  };
  const attributes = { className: `block-button ${style}`, onclick };
  const label = plainText(element.text.text, names);
  if (url) return h('a', { ...attributes, href: url, target: '_blank', rel: 'noreferrer' }, label);
  return h('button', { ...attributes, type: 'button' }, label);
}
