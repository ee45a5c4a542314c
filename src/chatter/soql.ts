const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/**
 * A text as a SOQL literal, quotes included. Ours, because jsforce's `find` leaves backslashes alone, and
 * `\' OR …` breaks out of its strings. Any backslash escape but these and `\"` and `\uXXXX` is an error in SOQL.
 */
export function soqlString(text: string): string {
  return `'${inString(text)}'`;
}

/**
 * A pattern for LIKE, quotes included, in which `text` stands for itself: its `%` and `_` are no wildcards (SOQL
 * reference, Quoted String Escape Sequences: both escapes are for LIKE alone).
 * @param before and after: wildcards of ours.
 */
export function soqlLike(before: string, text: string, after: string): string {
  return `'${before}${inString(text).replace(/[%_]/g, (wildcard) => `\\${wildcard}`)}${after}'`;
}

function inString(text: string): string {
  // One pass, so that what one rule writes is not read by the next.
  return text.replace(/[\\']|\p{Cc}/gu, (character) => escapes[character] ?? unicodeEscape(character));
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
