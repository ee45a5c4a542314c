import { escapeText } from '../text/escape.ts';

/** Slack refuses a section with more (docs.slack.dev, section block). It counts what we send: escapes included. */
export const SECTION_LIMIT = 3000;

const ELLIPSIS = '…';

/**
 * Text from elsewhere, escaped and cut into pieces of at most `limit`, at most `count` of them. No escape and no
 * character is cut in two; the last piece ends in "…" when something is left out.
 */
export function escapedPieces(text: string, limit: number, count: number): string[] {
  const pieces: string[] = [''];
  for (const character of text) {
    const escaped = escapeText(character);
    const last = pieces[pieces.length - 1] ?? '';
    const room = pieces.length < count ? limit : limit - ELLIPSIS.length;
    if (last.length + escaped.length <= room) pieces[pieces.length - 1] = last + escaped;
    else if (pieces.length < count) pieces.push(escaped);
    else {
      pieces[pieces.length - 1] = last + ELLIPSIS;
      break;
    }
  }
  return pieces;
}

/** Text from elsewhere, escaped, on one piece of at most `limit`. */
export function escapedExcerpt(text: string, limit: number): string {
  return escapedPieces(text, limit, 1)[0] ?? '';
}
