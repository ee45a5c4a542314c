import { escapeText } from '../text/escape.ts';

/**
 * Names on one line, escaped, as far as they fit: at most `most` of them, and `limit` characters.
 * @param whereMore what is said behind how many more there are
 */
export function namesLine(
  names: readonly string[],
  {
    limit,
    most = Number.POSITIVE_INFINITY,
    whereMore = '',
  }: { limit: number; most?: number; whereMore?: string },
): string {
  let line = '';
  for (const [n, name] of names.entries()) {
    const next = `${n === 0 ? '' : ', '}${escapeText(name.replace(/\s+/g, ' '))}`;
    if (n >= most || line.length + next.length > limit) return withMore(line, names.length - n, whereMore);
    line += next;
  }
  return line;
}

function withMore(line: string, more: number, whereMore: string): string {
  const counted = `${more.toLocaleString('en')}${line === '' ? '' : ' more'}${whereMore}`;
  return line === '' ? counted : `${line} and ${counted}`;
}
