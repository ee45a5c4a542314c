import { emojiToUnicode, readEmoji } from './emoji.ts';

export interface EmojiElement {
  /** With its skin tones or without: `wave`, `wave::skin-tone-2` (docs.slack.dev, emoji element). */
  name: string;
  skin_tone?: number | null | undefined;
  /** Code points in hexadecimal, `1f44d-1f3fd`. Emoji of the company's own have none. */
  unicode?: string | null | undefined;
}

const UNICODE = /^[0-9a-f]{4,6}(?:-[0-9a-f]{4,6})*$/;
const LAST_CODE_POINT = 0x10ffff;

/** An emoji element as characters; one of the company's own stays `:name:`. */
export function emojiText({ name, skin_tone, unicode }: EmojiElement): string {
  const tone = skin_tone && !name.includes('::') ? `:skin-tone-${skin_tone}:` : '';
  const code = `:${name}:${tone}`;
  const found = readEmoji(code, 0);
  if (found?.end === code.length) return emojiToUnicode(found.node.name, found.node.tones) ?? code;
  return fromHex(unicode ?? '') ?? `:${name}:`;
}

/** For emoji that are newer than our table. */
function fromHex(unicode: string): string | undefined {
  if (!UNICODE.test(unicode)) return undefined;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= LAST_CODE_POINT) ? String.fromCodePoint(...points) : undefined;
}
