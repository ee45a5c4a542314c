import { EMOJI_DATA } from './emoji-data.ts';
import type { Emoji, Found } from './node.ts';

/** `:name:`, and the skin tones of one person or of two. */
export const SHORTCODE = /:([a-z0-9_+-]+):(?::skin-tone-([2-6])(?:-([2-6]))?:)?/y;

const FIRST_TONE = 2; // Slack counts skin tones like Fitzpatrick's scale, whose types 1 and 2 share one colour.
const FIRST_MODIFIER = 0x1f3fb;
const EMOJI_PRESENTATION = '\ufe0f';

interface Sign {
  sign: string;
  /** How skin tones are put in: see generate-emoji.ts. */
  tones: string | undefined;
}

const SIGNS: ReadonlyMap<string, Sign> = new Map(
  EMOJI_DATA.trim()
    .split(/[;\n]+/)
    .flatMap((entry) => {
      const [sign = '', names = '', tones] = entry.split(' ');
      return names.split(',').map((name): [string, Sign] => [name, { sign, tones }]);
    }),
);

/** Reads the standard emoji that starts at `at`; custom ones have no Unicode form and are text. */
export function readEmoji(source: string, at: number): Found<Emoji> | undefined {
  if (source[at] !== ':') return undefined;
  SHORTCODE.lastIndex = at;
  const [code, name = '', ...tones] = SHORTCODE.exec(source) ?? [];
  if (!code || !SIGNS.has(name) || isPartOfNumber(name, source[at - 1], source[at + code.length]))
    return undefined;
  const node: Emoji = { kind: 'emoji', name, tones: tones.filter((tone) => tone).map(Number) };
  return { node, end: at + code.length };
}

/** `:100:` and `:ab:` are emoji, but not inside a time (`10:100:30`) or an address (`fe80:ab:1`). */
function isPartOfNumber(name: string, before = ' ', after = ' '): boolean {
  return /^(?:\d+|[a-f]{1,2})$/.test(name) && /[a-z0-9]/i.test(before + after);
}

/**
 * The Unicode form of one of Slack's standard emoji, undefined for any other name.
 * Tones are Slack's, 2 to 6: none, one, or one for each of two people. An emoji that takes none is given without.
 */
export function emojiToUnicode(name: string, tones: readonly number[] = []): string | undefined {
  const emoji = SIGNS.get(name);
  const [first, second = first] = tones.map((tone) =>
    String.fromCodePoint(FIRST_MODIFIER + tone - FIRST_TONE),
  );
  if (!emoji?.tones || !first || !second) return emoji?.sign;
  if (emoji.tones === 'one') return toneFirst(emoji.sign, first);
  if (emoji.tones === 'pair') return toneFirst(emoji.sign, first) + second;
  // Two people drawn as one sign: they become two signs only when their tones differ.
  return first === second ? toneFirst(emoji.sign, first) : toneFirst(emoji.tones, first) + second;
}

/** A modifier follows the person, the first code point, and makes the request for a coloured picture needless. */
function toneFirst(sign: string, modifier: string): string {
  const [person = '', ...rest] = sign;
  return person + modifier + (rest[0] === EMOJI_PRESENTATION ? rest.slice(1) : rest).join('');
}
