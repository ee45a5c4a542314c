export type ListStyle = 'bullet' | 'ordered';

/** Each level has a sign of its own, in turn, so that it can be told where spaces are not shown. */
const BULLETS = ['•', '◦', '▪'] as const;
const COUNTS = [(number: number) => String(number), letters, roman] as const;
const ROMAN = [
  ['m', 1_000],
  ['cm', 900],
  ['d', 500],
  ['cd', 400],
  ['c', 100],
  ['xc', 90],
  ['l', 50],
  ['xl', 40],
  ['x', 10],
  ['ix', 9],
  ['v', 5],
  ['iv', 4],
  ['i', 1],
] as const;
const MOST_ROMAN = 3_999;

/**
 * What stands before an item, as Slack shows it: `•`, `◦`, `▪` or `1.`, `a.`, `i.`, by level. What somebody calls
 * "2b" in the next sentence is 2b for the reader, too.
 */
export function listMark(style: ListStyle, level: number, number: number): string {
  if (style === 'bullet') return BULLETS[level % BULLETS.length] ?? '•';
  const count = COUNTS[level % COUNTS.length] ?? String;
  return `${count(number)}.`;
}

/** a … z, aa, ab … */
function letters(number: number): string {
  let left = number;
  let written = '';
  while (left > 0) {
    left -= 1;
    written = String.fromCharCode('a'.charCodeAt(0) + (left % 26)) + written;
    left = Math.floor(left / 26);
  }
  return written;
}

function roman(number: number): string {
  if (number > MOST_ROMAN) return String(number);
  let left = number;
  let written = '';
  for (const [sign, value] of ROMAN) {
    written += sign.repeat(Math.floor(left / value));
    left %= value;
  }
  return written;
}
