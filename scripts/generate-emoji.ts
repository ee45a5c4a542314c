import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The fields of an emoji in emoji-datasource's emoji.json that we use. */
export interface SourceEmoji {
  unified: string;
  short_names: string[];
  subcategory: string;
  sort_order: number;
  skin_variations?: Record<string, { unified: string }>;
}

const HEADER = `// Generated from emoji-datasource, whose short names are Slack's, by: npx tsx scripts/generate-emoji.ts
// Entries are divided by ";": the sign, its names, and how it takes skin tones, if it does: "one" (one person),
// "pair" (always two), or the two signs that one sign for two people becomes when their tones differ.
`;

const SKIN_TONE = /-1F3F[B-F]/g;

/** emoji-datasource's own list, as installed. */
export function readSource(): SourceEmoji[] {
  const path = createRequire(import.meta.url).resolve('emoji-datasource/emoji.json');
  return JSON.parse(readFileSync(path, 'utf8')) as SourceEmoji[];
}

/** "1F469-200D-1F91D" → the characters. */
export function toCharacters(unified: string): string {
  return String.fromCodePoint(...unified.split('-').map((codePoint) => Number.parseInt(codePoint, 16)));
}

/** The text of src/slack/text/emoji-data.ts: one line for each kind of emoji, so that a new version reads as a diff. */
export function generateEmojiData(source: readonly SourceEmoji[]): string {
  const lines = new Map<string, string[]>();
  for (const emoji of source.toSorted((a, b) => a.sort_order - b.sort_order)) {
    const entry = [toCharacters(emoji.unified), emoji.short_names.join(','), ...tonesOf(emoji)].join(' ');
    const line = lines.get(emoji.subcategory) ?? [];
    lines.set(emoji.subcategory, [...line, entry]);
  }
  const data = [...lines.values()].map((entries) => entries.join(';')).join('\n');
  return `${HEADER}export const EMOJI_DATA = \`\n${data}\n\`;\n`;
}

function tonesOf({ skin_variations: variations = {} }: SourceEmoji): string[] {
  const pair = Object.entries(variations).find(([tones]) => tones.includes('-'))?.[1].unified;
  const hasOne = Object.keys(variations).some((tones) => !tones.includes('-'));
  if (!pair) return hasOne ? ['one'] : [];
  return hasOne ? [toCharacters(pair.replace(SKIN_TONE, ''))] : ['pair'];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../src/slack/text/emoji-data.ts', import.meta.url), generateEmojiData(readSource()));
}
