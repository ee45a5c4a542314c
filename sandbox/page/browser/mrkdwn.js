import { h } from './dom.js';

/**
 * @typedef {object} Names
 * @property {(userId: string) => string | undefined} person
 * @property {(channelId: string) => string | undefined} channel those that one is in
 * @property {Readonly<Record<string, string>>} emoji
 */

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** What Slack marks up, in the order in which it wins. */
const TOKENS = new RegExp(
  [
    '```(?<block>[\\s\\S]+?)```',
    '`(?<code>[^`\\n]+)`',
    '<(?<token>[^<>\\n]+)>',
    ':(?<emoji>[a-z0-9_+\\-]+):',
    '(?<![\\w*])\\*(?<bold>[^*\\n]+)\\*(?![\\w*])',
    '(?<![\\w_])_(?<italic>[^_\\n]+)_(?![\\w_])',
    '(?<![\\w~])~(?<strike>[^~\\n]+)~(?![\\w~])',
  ].join('|'),
);

/**
 * Slack's mrkdwn as elements: a reading of it that is good enough to look at.
 * @param {string} text
 * @param {Names} names
 * @returns {(Node | string)[]}
 */
export function mrkdwn(text, names) {
  const shown = [];
  /** @type {string[]} */
  let quoted = [];
  const endQuote = () => {
    if (quoted.length > 0) shown.push(h('blockquote', {}, ...inline(quoted.join('\n'), names)));
    quoted = [];
  };
  const lines = text.split('\n');
  let plain = [];
  const endPlain = () => {
    if (plain.length > 0) shown.push(...inline(plain.join('\n'), names));
    plain = [];
  };
  for (const line of lines) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) {
      endPlain();
      quoted.push(quote[1]);
    } else {
      endQuote();
      plain.push(line);
    }
  }
  endPlain();
  endQuote();
  return shown;
}

/** Text that Slack shows as it is, but for emoji. */
export function plainText(text, names) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => names.emoji[name] ?? whole);
}

function inline(text, names) {
  const found = TOKENS.exec(text);
  if (!found) return text === '' ? [] : [unescaped(text)];
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  return [...(before === '' ? [] : [unescaped(before)]), element(found, names), ...inline(after, names)];
}

function element({ 0: whole, groups = {} }, names) {
  const { block, code, token, emoji, bold, italic, strike } = groups;
  if (block !== undefined) return h('pre', {}, unescaped(block.replace(/^\n/, '')));
  if (code !== undefined) return h('code', {}, unescaped(code));
  if (token !== undefined) return tokenElement(token, names);
  if (emoji !== undefined) return names.emoji[emoji] ?? whole;
  if (bold !== undefined) return h('b', {}, ...inline(bold, names));
  if (italic !== undefined) return h('i', {}, ...inline(italic, names));
  return h('s', {}, ...inline(strike ?? '', names));
}

function tokenElement(token, names) {
  const [what = '', label] = token.split('|', 2);
  if (what.startsWith('@')) {
    return h('span', { className: 'mention' }, `@${names.person(what.slice(1)) ?? label ?? what.slice(1)}`);
  }
  if (what.startsWith('#')) {
    const channel = names.channel(what.slice(1)) ?? label;
    return h('span', { className: 'mention' }, `#${channel || 'private channel'}`);
  }
  if (what.startsWith('!')) return h('span', { className: 'mention' }, label ?? `@${what.slice(1)}`);
  const href = unescaped(what);
  if (!/^(?:https?:|mailto:)/.test(href)) return unescaped(label ?? what);
  return h('a', { href, target: '_blank', rel: 'noreferrer' }, unescaped(label ?? href));
}

function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}
