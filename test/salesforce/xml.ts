const PART = /<\?[^?]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"<&]*")*)\s*(\/?)>|[^<]+|</g;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;

/** Why this is no well-formed XML of elements, attributes and text; empty: it is. */
export function xmlProblem(text: string): string[] {
  const open: string[] = [];
  let roots = 0;
  for (const [part, closing, name, , empty] of text.matchAll(PART)) {
    if (part === '<') return ['a tag is broken'];
    if (name === undefined) {
      if (part.startsWith('<')) continue;
      if (BARE_AMPERSAND.test(part)) return ['an & stands by itself'];
      if (open.length === 0 && part.trim() !== '') return ['text outside the root'];
    } else if (closing) {
      if (open.pop() !== name) return [`</${name}> closes something else`];
    } else {
      if (open.length === 0) roots += 1;
      if (!empty) open.push(name);
    }
  }
  if (open.length > 0) return [`<${open.at(-1)}> is not closed`];
  return roots === 1 ? [] : [`${roots} roots`];
}
