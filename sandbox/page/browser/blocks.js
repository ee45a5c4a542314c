import { h } from './dom.js';
import { mrkdwn, plainText } from './mrkdwn.js';

/**
 * Slack's layout blocks as elements. `press` is called with the action id of a button.
 * @param {readonly any[]} blocks
 * @param {import('./mrkdwn.js').Names} names
 * @param {(actionId: string) => void} press
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
        block.accessory?.type === 'button' ? button(block.accessory, names, press) : undefined,
      );
    case 'rich_text':
      return h(
        'div',
        { className: 'block section' },
        h('div', {}, ...block.elements.flatMap(({ elements }) => elements.map(richElement))),
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
          .map((element) => button(element, names, press)),
      );
    default:
      return h(
        'div',
        { className: 'block context' },
        `(a ${block.type} block, which this page does not draw)`,
      );
  }
}

/** Text as it is, or a link. */
function richElement({ type, text, url, style }) {
  if (type === 'link') return h('a', { href: url, target: '_blank', rel: 'noreferrer' }, text ?? url);
  return style?.bold ? h('b', {}, text ?? '') : (text ?? `(${type})`);
}

function fields(list = [], names) {
  return list.map((field) => h('div', { className: 'field' }, ...textOf(field, names)));
}

function button(element, names, press) {
  const { action_id: actionId, style = '', url } = element;
  const attributes = { className: `block-button ${style}`, onclick: () => press(actionId) };
  const label = plainText(element.text.text, names);
  if (url) return h('a', { ...attributes, href: url, target: '_blank', rel: 'noreferrer' }, label);
  return h('button', { ...attributes, type: 'button' }, label);
}
