import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const SKIN_TONE = /::skin-tone-[2-6](-[2-6])?$/;
let names: ReadonlySet<string> | undefined;

/** Whether Slack has a standard emoji of this name, which may carry a skin tone (`wave::skin-tone-2`). */
export function isEmojiName(name: string): boolean {
  names ??= new Set(
    (load('emoji-datasource/emoji.json') as { short_names: string[] }[]).flatMap(
      ({ short_names }) => short_names,
    ),
  );
  return names.has(name.replace(SKIN_TONE, ''));
}
