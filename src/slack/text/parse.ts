import { readCode } from './code.ts';
import { readEmoji, SHORTCODE } from './emoji.ts';
import { unescapeText } from './escape.ts';
import type { Found, MrkdwnNode, Style } from './node.ts';
import { canClose, canOpen, isStylable, styleOf } from './style.ts';
import { readToken } from './token.ts';

const QUOTE_MARK = '&gt;';
const PLAIN_RUN = /[^<`*_~:\n]+/y;

/**
 * Parses Slack mrkdwn as it arrives in `event.text` and in a command's text.
 *
 * ```ebnf
 * message   = line , { "\n" , line } ;
 * line      = [ "&gt;" ] , { token | code | emoji | styled | character } ;
 *
 * token     = "<" , ( mention | special | date | command | link ) , ">" ;
 * mention   = ( "@" , user id | "#" , channel id | "!subteam^" , group id ) , [ "|" , label ] ;
 * special   = "!" , ( "here" | "channel" | "everyone" ) , [ "|" , label ] ;
 * date      = "!date^" , digits , "^" , format , [ "^" , url ] , "|" , label ;
 * command   = "!" , name , "|" , label ;                       (one that we do not know: its label is shown)
 * link      = url , [ "|" , label ] ;                          (any scheme: http, mailto, tel, …)
 *
 * code      = "```" , literal , "```" | "`" , literal line , "`" ;   (inline: no letter or digit before it)
 * literal   = { token | character } ;
 *
 * emoji     = ":" , standard name , ":" , [ ":skin-tone-" , tone , [ "-" , tone ] , ":" ] ;
 * tone      = "2" | "3" | "4" | "5" | "6" ;
 *
 * styled    = "*" , inner , "*" | "_" , inner , "_" | "~" , inner , "~" ;   (borders: style.ts)
 * inner     = { token | code | emoji | styled | character } ;  (on one line; no style within itself)
 * character = "&amp;" | "&lt;" | "&gt;" | any ;
 * ```
 *
 * Earlier alternatives win. Nothing is an error: what fits no rule is text, character for character.
 * One pass from left to right, in time linear in the length of the text, however hostile.
 */
export function parse(source: string): MrkdwnNode[] {
  const nodes: MrkdwnNode[] = [];
  let at = 0;
  while (at < source.length) {
    const isQuote = source.startsWith(QUOTE_MARK, at);
    const line = parseLine(source, isQuote ? at + QUOTE_MARK.length : at);
    if (isQuote) nodes.push({ kind: 'quote', children: line.nodes });
    else for (const node of line.nodes) nodes.push(node);
    if (line.end < source.length) nodes.push({ kind: 'text', text: '\n' });
    at = line.end + 1;
  }
  return joinTexts(nodes);
}

function parseLine(source: string, start: number): { nodes: MrkdwnNode[]; end: number } {
  const nodes: MrkdwnNode[] = [];
  // Where the latest mark of each style stands that may yet be closed. One of each is enough:
  // a second opening mark makes the first one text, as in Slack (`*a *b*` is "*a" and a bold b).
  const opened = new Map<Style, number>();
  let at = start;
  while (at < source.length && source[at] !== '\n') {
    const style = styleOf(source[at]);
    if (style && closeStyle(style, nodes, opened, canClose(source, at, start))) {
      at += 1;
      continue;
    }
    if (style && canOpen(source, at, start)) opened.set(style, nodes.length);
    const found = readConstruct(source, at) ?? readText(source, at);
    nodes.push(found.node);
    at = found.end;
  }
  return { nodes: joinTexts(nodes), end: at };
}

function readConstruct(source: string, at: number): Found | undefined {
  return readToken(source, at) ?? readCode(source, at) ?? readEmoji(source, at);
}

/** Reads up to the next character that could start something; that character itself when it starts nothing. */
function readText(source: string, at: number): Found {
  const end = endOf(PLAIN_RUN, source, at) ?? endOfUnknownEmoji(source, at) ?? at + 1;
  return { node: { kind: 'text', text: unescapeText(source.slice(at, end)) }, end };
}

/**
 * A custom emoji stays as it was typed, also the marks in its name (`:_custom_:`).
 * Its last colon is left to be read again, for it may open the next one: in `10:30:wave:` no emoji is called 30.
 */
function endOfUnknownEmoji(source: string, at: number): number | undefined {
  const end = endOf(SHORTCODE, source, at);
  if (end === undefined) return undefined;
  const lastColonOfName = source.indexOf(':', at + 1);
  return lastColonOfName === end - 1 ? lastColonOfName : end;
}

function endOf(sticky: RegExp, source: string, at: number): number | undefined {
  sticky.lastIndex = at;
  return sticky.test(source) ? sticky.lastIndex : undefined;
}

/** Wraps what follows the opening mark of this style; false when there is no such mark, or nothing to style. */
function closeStyle(
  style: Style,
  nodes: MrkdwnNode[],
  opened: Map<Style, number>,
  mayClose: boolean,
): boolean {
  const from = mayClose ? opened.get(style) : undefined;
  if (from === undefined) return false;
  opened.delete(style);
  const children = nodes.slice(from + 1);
  if (!isStylable(children)) return false;
  nodes.length = from;
  nodes.push({ kind: style, children: joinTexts(children) });
  for (const [other, index] of opened) if (index > from) opened.delete(other);
  return true;
}

function joinTexts(nodes: readonly MrkdwnNode[]): MrkdwnNode[] {
  const joined: MrkdwnNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') last.text += node.text;
    else joined.push(node.kind === 'text' ? { ...node } : node);
  }
  return joined;
}
