import { isEmojiName } from './emoji.ts';
import type { Fields } from './shapes.ts';

const CODE_BLOCK = /```\n?([\s\S]+?)\n?```/;
const QUOTE_MARK = /^&gt; ?/;
const STYLES: Readonly<Record<string, string>> = { '*': 'bold', _: 'italic', '~': 'strike', '`': 'code' };

const TOKEN = '<(?<token>[^<>]+)>';
const INLINE = [
  TOKEN,
  ':(?<emoji>[a-z0-9_+-]+(?:::skin-tone-[2-6](?:-[2-6])?)?):',
  '`(?<code>[^`\\n]+)`',
  '(?<![^\\s("])(?<mark>[*_~])(?=\\S)(?<styled>[^*_~\\n]*[^*_~\\s])\\k<mark>(?![\\w*_~])',
].join('|');

/**
 * What Slack's composer makes of a text, beside the text itself (in Slack's escaped form): rich text. Nothing in that
 * is escaped. Lists are made with its buttons, not typed: see `blocks` of SayOptions.
 */
export function composed(text: string): readonly Fields[] {
  const parts = text.split(CODE_BLOCK).flatMap((piece, index) => {
    if (index % 2 === 0) return linesOf(piece);
    return [{ type: 'rich_text_preformatted', elements: [plain(piece)], border: 0 }];
  });
  return parts.length > 0 ? parts : [section([])];
}

function linesOf(text: string): Fields[] {
  const groups: { isQuote: boolean; lines: string[] }[] = [];
  if (text.trim() === '') return [];
  for (const line of text.replace(/^\n|\n$/g, '').split('\n')) {
    const isQuote = QUOTE_MARK.test(line);
    const last = groups.at(-1);
    if (last?.isQuote === isQuote) last.lines.push(line);
    else groups.push({ isQuote, lines: [line] });
  }
  return groups.map(({ isQuote, lines }) =>
    isQuote
      ? {
          type: 'rich_text_quote',
          elements: inline(lines.map((line) => line.replace(QUOTE_MARK, '')).join('\n')),
        }
      : section(inline(lines.join('\n'))),
  );
}

const section = (elements: readonly Fields[]): Fields => ({ type: 'rich_text_section', elements });

function inline(text: string, style: Fields = {}, pattern = INLINE): Fields[] {
  const elements: Fields[] = [];
  let at = 0;
  const upTo = (end: number) => {
    if (end > at) elements.push(plain(text.slice(at, end), style));
  };
  for (const found of text.matchAll(new RegExp(pattern, 'g'))) {
    const made = elementsOf(found.groups ?? {}, style);
    if (made.length === 0) continue;
    upTo(found.index);
    elements.push(...made);
    at = found.index + found[0].length;
  }
  upTo(text.length);
  return elements;
}

function elementsOf(found: Readonly<Record<string, string | undefined>>, style: Fields): Fields[] {
  const { token, emoji, code, mark, styled } = found;
  if (token) return [withStyle(tokenElement(token), style)];
  if (emoji) return isEmojiName(emoji) ? [withStyle(emojiElement(emoji), style)] : [];
  if (code) return inline(code, { ...style, code: true }, TOKEN);
  return mark && styled ? inline(styled, { ...style, [STYLES[mark] ?? '']: true }) : [];
}

function tokenElement(token: string): Fields {
  const [target = '', label] = token.split('|');
  const id = target.slice(target.lastIndexOf('^') + 1).replace(/^[@#!]/, '');
  if (target.startsWith('@')) return { type: 'user', user_id: id };
  if (target.startsWith('#')) return { type: 'channel', channel_id: id };
  if (target.startsWith('!subteam')) return { type: 'usergroup', usergroup_id: id };
  if (target.startsWith('!date')) {
    const [, timestamp, format, url] = target.split('^');
    return { type: 'date', timestamp: Number(timestamp), format, fallback: label, ...(url && { url }) };
  }
  if (target.startsWith('!')) return { type: 'broadcast', range: id };
  return { type: 'link', url: unescaped(target), ...(label && { text: unescaped(label) }) };
}

function emojiElement(code: string): Fields {
  const [name, tone] = code.split('::skin-tone-');
  // Two people with a tone each: how Slack tells that is unknown, so that the name has both.
  return tone?.length === 1
    ? { type: 'emoji', name, skin_tone: Number(tone) }
    : { type: 'emoji', name: code };
}

function plain(text: string, style: Fields = {}): Fields {
  return withStyle({ type: 'text', text: unescaped(text) }, style);
}

function withStyle(element: Fields, style: Fields): Fields {
  return Object.keys(style).length > 0 ? { ...element, style } : element;
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
