import { z } from 'zod';
import { unescapeText } from './escape.ts';

/** `link`: a file is told of with its address. `drop`: it is named, and said to be left out. */
export type FilePolicy = 'link' | 'drop';

const text = z.string().nullish().catch(undefined);

/** What is used of a file object (docs.slack.dev, file object). One of Slack Connect may have nothing but an id. */
export const SlackFile = z
  .object({
    name: text,
    title: text,
    pretty_type: text,
    filetype: text,
    mode: text,
    size: z.number().nullish().catch(undefined),
    is_external: z.boolean().nullish().catch(undefined),
    external_url: text,
    permalink: text,
  })
  .catch({});
export type SlackFile = z.infer<typeof SlackFile>;

/** Slack's own names for files have at most 255 bytes. */
const LONGEST_NAME = 255;
const LONGEST_ADDRESS = 2_000;
const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** One line about a file. Its address needs a Slack account, except where the file is kept elsewhere. */
export function fileLine(file: SlackFile, policy: FilePolicy): string {
  if (file.mode === 'tombstone') return '(a file that was deleted)';
  if (file.mode === 'hidden_by_limit') {
    return '(a file that Slack hides, because the workspace is over its limit)';
  }
  const name = onOneLine(file.name || file.title || '');
  const address = addressOf(file);
  if (name === '' && address === undefined) return '(a file that can be seen in Slack only)';
  if (policy === 'drop') return name === '' ? '(file left out)' : `(file left out: ${name})`;
  const kind = onOneLine(file.pretty_type || file.filetype?.toUpperCase() || '');
  const details = [kind, sizeOf(file.size ?? 0)].filter((detail) => detail !== '').join(', ');
  return [`File: ${name || 'without a name'}`, details && `(${details})`, address].filter(Boolean).join(' ');
}

function addressOf({ is_external, external_url, permalink }: SlackFile): string | undefined {
  const address = (is_external && external_url) || permalink || '';
  const isUsable = /^https?:\/\/\S+$/i.test(address) && address.length <= LONGEST_ADDRESS;
  return isUsable && URL.canParse(address) ? address : undefined;
}

/** Without line breaks, and without the marks that would turn round what follows. */
function onOneLine(name: string): string {
  const line = unescapeText(name)
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return [...line].slice(0, LONGEST_NAME).join('');
}

function sizeOf(bytes: number): string {
  if (!(bytes > 0 && bytes < Number.MAX_SAFE_INTEGER)) return '';
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${Math.round(bytes)} bytes`;
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
