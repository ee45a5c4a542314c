import { emojiToUnicode, readEmoji } from './emoji.ts';
import type { Link, Mention, MrkdwnNode } from './node.ts';

/** Names that have been looked up already. Undefined: not known, or (a channel) not for everybody to know. */
export interface Names {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
  group(id: string): string | undefined;
}

/** The ids that a message names, each once, in its order. */
export interface MentionedIds {
  users: string[];
  channels: string[];
  groups: string[];
}

/**
 * Turns a Slack message into text for readers without Slack.
 *
 * - People, channels and groups go by the names given; a label in the text is only the second choice, and none for
 *   a channel: Slack writes private names there too. Unknown ones are @someone, #private-channel and @group.
 * - Links are "label (url)", or the address alone when the label says no more than that; dates their fallback.
 * - The marks of bold and italic go, since plain text reads best without; a `*` that styles nothing stays. What is
 *   struck keeps its `~`: without them it would read as if it stood. Code keeps its backticks, a quoted line its ">".
 * - Standard emoji become Unicode, custom ones stay `:name:`. `&amp;`, `&lt;` and `&gt;` are undone, once.
 */
export function toPlainText(nodes: readonly MrkdwnNode[], names: Names): string {
  return nodes.map((node) => renderNode(node, names)).join('');
}

/** Finds whom and what a message mentions, so that the names can be looked up before {@link toPlainText}. */
export function mentionsIn(nodes: readonly MrkdwnNode[]): MentionedIds {
  const ids = { user: new Set<string>(), channel: new Set<string>(), group: new Set<string>() };
  const collect = (inner: readonly MrkdwnNode[]): void => {
    for (const node of inner) {
      if ('children' in node) collect(node.children);
      else if ('id' in node) ids[node.kind].add(node.id);
    }
  };
  collect(nodes);
  return { users: [...ids.user], channels: [...ids.channel], groups: [...ids.group] };
}

function renderNode(node: MrkdwnNode, names: Names): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'user':
    case 'channel':
    case 'group':
      return renderMention(node, names);
    case 'special':
      return `@${node.name}`;
    case 'date':
      return node.link === undefined ? node.fallback : `${node.fallback} (${node.link})`;
    case 'link':
      return renderLink(node);
    case 'emoji':
      return emojiToUnicode(node.name, node.tones) ?? `:${node.name}:`;
    case 'code': {
      const fence = node.block ? '```' : '`';
      return fence + node.children.map((child) => renderInCode(child, names)).join('') + fence;
    }
    case 'quote':
      return `>${toPlainText(node.children, names)}`;
    case 'lines':
      return prefixed(toPlainText(node.children, names), node.first, node.rest);
    case 'one-line':
      return toPlainText(node.children, names).trim().split(/\n\s*/).join(' ');
    case 'strike':
      return `~${toPlainText(node.children, names)}~`;
    case 'bold':
    case 'italic':
      return toPlainText(node.children, names);
  }
}

function renderMention({ kind, id, label, isBare }: Mention, names: Names): string {
  switch (kind) {
    case 'user':
      return withSign(isBare ? '' : '@', names.user(id) ?? label ?? 'someone');
    case 'channel':
      return withSign('#', names.channel(id) ?? 'private-channel');
    case 'group':
      return withSign('@', names.group(id) ?? label ?? 'group');
  }
}

function withSign(sign: '@' | '#' | '', name: string): string {
  return name.startsWith(sign) ? name : sign + name;
}

/** An empty line gets the prefix's visible part alone. */
function prefixed(text: string, first: string, rest: string): string {
  const lines = text.split('\n').map((line, index) => {
    const prefix = index === 0 ? first : rest;
    return line === '' ? prefix.trimEnd() : prefix + line;
  });
  return lines.join('\n');
}

function renderLink({ url, label }: Link): string {
  const address = addressOf(url);
  if (label === undefined || bare(label) === bare(address)) return address;
  return `${replaceEmoji(label)} (${address})`;
}

/** In code, what Slack made a link of is shown as it was typed: `a.b` arrives as `<http://a.b|a.b>`. */
function renderInCode(node: MrkdwnNode, names: Names): string {
  if (node.kind !== 'link') return renderNode(node, names);
  const isTyped = node.label !== undefined && bare(node.label) === bare(addressOf(node.url));
  return isTyped ? (node.label ?? '') : renderLink(node);
}

function addressOf(url: string): string {
  return url.replace(/^mailto:([^?]*).*$/s, '$1').replace(/^tel:/, '');
}

/** What is left of an address without that which goes without saying; of a telephone number, its digits. */
function bare(address: string): string {
  const host = address
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/$/, '');
  return /^[+\d\s()./-]+$/.test(host) ? host.replace(/[^+\d]/g, '') : host;
}

/** A label has no markup but emoji. */
function replaceEmoji(label: string): string {
  let replaced = '';
  let at = 0;
  while (at < label.length) {
    const found = readEmoji(label, at);
    replaced += found ? emojiToUnicode(found.node.name, found.node.tones) : label[at];
    at = found?.end ?? at + 1;
  }
  return replaced;
}
