/**
 * Of the 16,384 bytes that the platform takes for a URI together with all headers (REST API guide: 414 and 431); the
 * rest is for the access token, which may be a JWT of 2,000 characters. SOQL's own 100,000 characters are never reached.
 */
export const MOST_QUERY_BYTES = 12_000;

/**
 * One query for as many values as fit, several queries for more: `before` value, value, … `after`.
 * @param literal how a value stands in the query
 */
export function* questionsOf(
  { before, after }: { before: string; after: string },
  values: readonly string[],
  literal: (value: string) => string,
): Generator<{ soql: string; values: readonly string[] }> {
  const room = MOST_QUERY_BYTES - uriBytes(before + after);
  let chunk: string[] = [];
  let bytes = 0;
  const question = () => ({ soql: before + chunk.map(literal).join(',') + after, values: chunk });
  for (const value of values) {
    const more = uriBytes(`${literal(value)},`);
    if (chunk.length > 0 && bytes + more > room) {
      yield question();
      chunk = [];
      bytes = 0;
    }
    chunk.push(value);
    bytes += more;
  }
  if (chunk.length > 0) yield question();
}

/** How long a text is in the query of a URI: the URL standard also encodes the quotes that `encodeURIComponent` leaves. */
export function uriBytes(text: string): number {
  return encodeURIComponent(text).replaceAll("'", '%27').length;
}
