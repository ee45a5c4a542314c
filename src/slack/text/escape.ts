const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const UNESCAPES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * Makes text from elsewhere safe to post to Slack: nothing in it can become a mention, a link or a `<!channel>`.
 * Slack knows these three escapes and no others (docs.slack.dev, formatting-message-text): quotes stay as they are.
 */
export function escapeText(plain: string): string {
  return plain.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** How long a text is once it is escaped, in UTF-16 units. */
export function escapedLength(plain: string): number {
  return escapeText(plain).length;
}

/**
 * Undoes Slack's three escapes once, in one pass: `&amp;lt;` is somebody's typed `&lt;`, not a `<`.
 * Only for text in which the `<…>` tokens have been found already; before that, a typed `<@U1>` would come alive.
 */
export function unescapeText(escaped: string): string {
  return escaped.replace(/&(?:amp|lt|gt);/g, (entity) => UNESCAPES[entity] ?? entity);
}
