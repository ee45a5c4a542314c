/**
 * The longest text that is taken in, in UTF-16 units: the chat side cuts off messages over 40,000 characters
 * (docs.slack.dev, chat.postMessage), so whatever is longer may already have lost its end. The caller refuses it.
 */
export const MAX_TEXT_LENGTH = 40_000;

/**
 * What one private message holds (Connect REST API, message body: 1 to 10,000 characters). That a character is a UTF-16
 * unit is inferred from the platform's string functions, which count a surrogate pair as two; it is the safe reading.
 */
const MAX_MESSAGE_LENGTH = 10_000;

/** How much of a limit a text takes up. It adds up: a text's is that of its UTF-16 units, one by one. */
export type Measure = (text: string) => number;

const lengthOf: Measure = ({ length }) => length;

/** Ways to end a part, best first: paragraph, line, word. */
const GOOD_ENDS: readonly ((text: string, cut: number) => boolean)[] = [
  (text, cut) => text.endsWith('\n\n', cut) || text.endsWith('\n\r\n', cut),
  (text, cut) => text.endsWith('\n', cut),
  (text, cut) => /\s/.test(text.charAt(cut - 1)) && !/\s/.test(text.charAt(cut)),
];

/**
 * Splits a text into parts that each fit into a message, labelled "(1/3) " and so on; a text that fits is one part,
 * unchanged and unlabelled. No part, with its label, is longer than `limit`, as `measure` has it.
 *
 * Cuts fall behind a blank line, a line or a word when there is one in the second half of a part, else between two
 * graphemes. White space stays where it was, at the end of the part before the cut: the parts without their labels,
 * joined, are the text. Only a grapheme longer than a whole part is cut itself, never between two surrogates.
 *
 * @throws RangeError when `limit` leaves no room for text beside the labels
 */
export function splitText(
  text: string,
  limit: number = MAX_MESSAGE_LENGTH,
  measure: Measure = lengthOf,
): string[] {
  const { upTo, widest } = measured(text, measure);
  if ((upTo[text.length] ?? 0) <= limit) return [text];
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  for (let digits = 1; ; digits += 1) {
    const most = 10 ** digits - 1;
    const room = limit - measure(label(most, most));
    // A surrogate pair must fit, or there would be no way forward.
    if (room < 2 * widest) {
      throw new RangeError(`A text of ${text.length} does not fit into parts of ${limit}`);
    }
    const parts = cutText(text, room, upTo, graphemes);
    if (parts.length <= most) return parts.map((part, index) => label(index + 1, parts.length) + part);
  }
}

/**
 * The same of a text that begins with whose words it is: each part does. Without it a long text could be written so that one of
 * its parts looks like somebody else's words.
 */
export function splitWithName(text: string, name: string): string[] {
  const whole = splitText(text);
  if (name === '' || whole.length === 1) return whole;
  return splitText(text, MAX_MESSAGE_LENGTH - name.length).map((part, index) =>
    index === 0 ? part : part.replace(/^\(\d+\/\d+\) /, (number) => number + name),
  );
}

function label(number: number, total: number): string {
  return `(${number}/${total}) `;
}

/** What a text takes up as far as each of its places, and the most that one unit of it does. */
function measured(text: string, measure: Measure): { upTo: readonly number[]; widest: number } {
  const upTo = [0];
  let widest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const taken = measure(text.charAt(at));
    upTo.push((upTo[at] ?? 0) + taken);
    widest = Math.max(widest, taken);
  }
  return { upTo, widest };
}

function cutText(text: string, room: number, upTo: readonly number[], graphemes: Intl.Segments): string[] {
  const parts: string[] = [];
  let start = 0;
  while (start < text.length) {
    const furthest = reach(start, room, upTo);
    const end = furthest === text.length ? furthest : findCut(text, start, furthest, graphemes);
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** The last place to which a part that starts here has room. */
function reach(start: number, room: number, upTo: readonly number[]): number {
  const most = (upTo[start] ?? 0) + room;
  let end = start;
  while ((upTo[end + 1] ?? Number.POSITIVE_INFINITY) <= most) end += 1;
  return end;
}

function findCut(text: string, start: number, furthest: number, graphemes: Intl.Segments): number {
  const lastBorder = borderBefore(furthest, graphemes);
  if (lastBorder <= start) return isInsidePair(text, furthest) ? furthest - 1 : furthest;
  const least = (start + furthest) / 2;
  for (const isGoodEnd of GOOD_ENDS) {
    for (let cut = lastBorder; cut > least; cut -= 1) {
      if (isGoodEnd(text, cut) && borderBefore(cut, graphemes) === cut) return cut;
    }
  }
  return lastBorder;
}

/** The last border between two graphemes at or before this place. */
function borderBefore(place: number, graphemes: Intl.Segments): number {
  return graphemes.containing(place)?.index ?? place;
}

function isInsidePair(text: string, cut: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(cut - 1)) && /[\udc00-\udfff]/.test(text.charAt(cut));
}
