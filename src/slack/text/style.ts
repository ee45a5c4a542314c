import type { MrkdwnNode, Style } from './node.ts';

const STYLES: ReadonlyMap<string, Style> = new Map([
  ['*', 'bold'],
  ['_', 'italic'],
  ['~', 'strike'],
]);

// Both sets are narrower than "not a letter". To miss a style shows a reader one mark too many;
// to invent one would take characters out of somebody's text (`¯\_(ツ)_/¯`, `2*3*4`, `~/a`).
const BEFORE_OPENING = /[\s\p{Ps}\p{Pi}\p{Pd}"'*_~]/u;
const AFTER_CLOSING = /[\s\p{Pe}\p{Pf}\p{Pd}"'*_~.,:;!?…、。，！？=]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** The style whose mark this character is. */
export function styleOf(character: string | undefined): Style | undefined {
  return STYLES.get(character ?? '');
}

/** Whether the mark at `at` may open a style: before it the line's start, space or opening punctuation; after it no space. */
export function canOpen(source: string, at: number, lineStart: number): boolean {
  const mark = source[at];
  const before = at === lineStart ? ' ' : (source[at - 1] ?? ' ');
  const after = source[at + 1] ?? ' ';
  return BEFORE_OPENING.test(before) && before !== mark && !/\s/.test(after) && after !== mark;
}

/** Whether the mark at `at` may close a style: before it no space; after it the end, space or closing punctuation. */
export function canClose(source: string, at: number, lineStart: number): boolean {
  const mark = source[at];
  const before = at === lineStart ? ' ' : (source[at - 1] ?? ' ');
  const after = source[at + 1] ?? ' ';
  return !/\s/.test(before) && before !== mark && AFTER_CLOSING.test(after) && after !== mark;
}

/** Whether there is anything between two marks that a style could be meant for: `(_,_)` is not an italic comma. */
export function isStylable(nodes: readonly MrkdwnNode[]): boolean {
  return nodes.some((node) => node.kind !== 'text' || LETTER_OR_DIGIT.test(node.text));
}
