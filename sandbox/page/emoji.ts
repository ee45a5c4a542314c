import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
let byName: Readonly<Record<string, string>> | undefined;

/** Slack's standard emoji as Unicode, by their names. */
export function emojiByName(): Readonly<Record<string, string>> {
  byName ??= Object.fromEntries(
    (load('emoji-datasource/emoji.json') as { short_names: string[]; unified: string }[]).flatMap(
      ({ short_names, unified }) => short_names.map((name) => [name, characters(unified)]),
    ),
  );
  return byName;
}

/** `1F469-200D-1F680` as the characters that it names. */
function characters(unified: string): string {
  return String.fromCodePoint(...unified.split('-').map((code) => Number.parseInt(code, 16)));
}
