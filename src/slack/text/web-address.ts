/** A web address in a plain text: where it stands, as it was typed, and as a browser writes it. */
export interface WebAddress {
  start: number;
  typed: string;
  url: string;
}

/** Neither inside a word, nor with white space, quotes, brackets or characters that cannot be seen. */
const ADDRESS = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"\p{Cc}\p{Cf}]+/giu;
const MARK_OF_SENTENCE = /[.,;:!?'*_~`…。，、！？]/u;
const BRACKETS = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
] as const;

/** The http and https addresses in a text, in its order. */
export function webAddressesIn(text: string): WebAddress[] {
  const addresses: WebAddress[] = [];
  for (const { 0: found, index: start } of text.matchAll(ADDRESS)) {
    const typed = found.slice(0, endOf(found));
    const url = URL.parse(typed);
    if (url?.hostname) addresses.push({ start, typed, url: url.href });
  }
  return addresses;
}

/** Without marks and brackets at its end that are the sentence's: `(see https://a.example/b(c)).` */
function endOf(found: string): number {
  const unopened = new Map<string, number>(
    BRACKETS.map(([opening, closing]) => [closing, countOf(closing, found) - countOf(opening, found)]),
  );
  let end = found.length;
  for (;;) {
    const last = found.charAt(end - 1);
    const surplus = unopened.get(last) ?? 0;
    if (surplus > 0) unopened.set(last, surplus - 1);
    else if (!MARK_OF_SENTENCE.test(last)) return end;
    end -= 1;
  }
}

function countOf(character: string, text: string): number {
  return text.split(character).length - 1;
}
