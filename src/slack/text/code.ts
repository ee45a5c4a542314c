import { unescapeText } from './escape.ts';
import type { Found, MrkdwnNode } from './node.ts';
import { readToken } from './token.ts';

const FENCE = '```';
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Reads the code block or inline code that starts at `at`, if one starts there and is closed. */
export function readCode(source: string, at: number): Found | undefined {
  if (source[at] !== '`') return undefined;
  return readBlock(source, at) ?? readInline(source, at);
}

function readBlock(source: string, at: number): Found | undefined {
  if (!source.startsWith(FENCE, at)) return undefined;
  const start = at + FENCE.length;
  const close = source.indexOf(FENCE, start + 1);
  if (close < 0) return undefined;
  const children = parseLiteral(source.slice(start, close));
  return { node: { kind: 'code', block: true, children }, end: close + FENCE.length };
}

/** Inline code stays on its line and does not start within a word: the stray backtick in "it`s" opens nothing. */
function readInline(source: string, at: number): Found | undefined {
  if (LETTER_OR_DIGIT.test(source[at - 1] ?? '')) return undefined;
  const close = source.indexOf('`', at + 1);
  const inside = source.slice(at + 1, close);
  if (close <= at + 1 || inside.includes('\n')) return undefined;
  return { node: { kind: 'code', block: false, children: parseLiteral(inside) }, end: close + 1 };
}

/** Code is literal, but Slack writes its tokens into it all the same: an address typed there arrives as a link. */
function parseLiteral(inside: string): MrkdwnNode[] {
  const nodes: MrkdwnNode[] = [];
  const addText = (from: number, to: number) => {
    if (to > from) nodes.push({ kind: 'text', text: unescapeText(inside.slice(from, to)) });
  };
  let textFrom = 0;
  let at = inside.indexOf('<');
  while (at >= 0) {
    const found = readToken(inside, at);
    if (found) {
      addText(textFrom, at);
      nodes.push(found.node);
      textFrom = found.end;
    }
    at = inside.indexOf('<', found?.end ?? at + 1);
  }
  addText(textFrom, inside.length);
  return nodes;
}
