import { z } from 'zod';
import type { WrittenMessage } from '../bridge/message.ts';
import { parsePersonId } from './ids.ts';
import type { MessageEvent } from './payload.ts';
import { escapeText } from './text/escape.ts';
import { type FilePolicy, fileLine, SlackFile } from './text/file-line.ts';
import type { MrkdwnNode } from './text/node.ts';
import { parse } from './text/parse.ts';
import { onLines, RichText, richTextNodes } from './text/rich-text.ts';
import { Table, tableNodes } from './text/table.ts';

/**
 * What a message says beyond its `text`, stored with it. Workers of other versions read it: each field may be missing, and one
 * that cannot be read is as if it were.
 */
const BeyondText = z.object({
  rich: z.array(RichText).optional().catch(undefined),
  tables: z.array(Table).optional().catch(undefined),
  files: z.array(SlackFile).optional().catch(undefined),
  /** Typed as `/me`. */
  isMe: z.literal(true).optional().catch(undefined),
});
export type BeyondText = z.infer<typeof BeyondText>;

/** A message as an event brings it, or as it was before or after a change. */
type Said = Pick<MessageEvent, 'text' | 'subtype' | 'blocks' | 'attachments' | 'files'>;

/** What somebody wrote, as it is stored; undefined: nothing. */
export function writtenIn(event: Said): Pick<WrittenMessage, 'text' | 'beyondText'> | undefined {
  const text = event.text ?? '';
  const beyondText = beyondTextOf(event);
  if (!isSaying(bodyOf(text, beyondText)) && !beyondText.files) return undefined;
  return { text, ...(Object.keys(beyondText).length > 0 && { beyondText }) };
}

/** Somebody else's words, below a line of ours that says whose they are. Workers of any version show it. */
export function writtenBelow(
  line: string,
  { text, beyondText }: Pick<WrittenMessage, 'text' | 'beyondText'>,
): Pick<WrittenMessage, 'text' | 'beyondText'> {
  // Typed as `/me`, it would be said of whoever sends it.
  const { isMe: _isMe, rich, ...rest } = BeyondText.safeParse(beyondText ?? {}).data ?? {};
  const beyond: BeyondText = { ...rest, ...(rich && { rich: [asRichText(line), ...rich] }) };
  return {
    text: text.trim() === '' ? escapeText(line) : `${escapeText(line)}\n${text}`,
    ...(Object.keys(beyond).length > 0 && { beyondText: beyond }),
  };
}

const asRichText = (text: string): RichText => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

/** All that a message says, its files included. */
export function writtenNodes(
  { text, author, beyondText }: Pick<WrittenMessage, 'text' | 'author' | 'beyondText'>,
  policy: FilePolicy,
): MrkdwnNode[] {
  const beyond = BeyondText.safeParse(beyondText ?? {}).data ?? {};
  const body = bodyOf(text, beyond);
  const files = (beyond.files ?? []).map((file): MrkdwnNode[] => [
    { kind: 'text', text: fileLine(file, policy) },
  ]);
  const words = beyond.isMe ? saidOfOneself(text, parsePersonId(author).user) : body;
  return onLines(isSaying(body) ? [words, ...files] : files);
}

function beyondTextOf(event: Said): BeyondText {
  const blocks = listOf(event.blocks);
  // Slack's text has all the words: where the blocks hold anything that we cannot read, it is what travels.
  const rich = z
    .array(RichText)
    .min(1)
    .safeParse(blocks.filter((block) => !isTable(block))).data;
  // An attachment with an address is a preview, or somebody else's message that is forwarded.
  const own = listOf(event.attachments).filter((attachment) => !fieldOf(attachment, 'from_url'));
  const beside = own.flatMap((attachment) => listOf(fieldOf(attachment, 'blocks')));
  const tables = [...blocks, ...beside].filter(isTable).map((table) => Table.parse(table));
  const files = listOf(event.files).map((file) => SlackFile.parse(file));
  return {
    ...(rich && { rich }),
    ...(tables.length > 0 && { tables }),
    ...(files.length > 0 && { files }),
    ...(event.subtype === 'me_message' && { isMe: true as const }),
  };
}

function bodyOf(text: string, { rich, tables = [] }: BeyondText): MrkdwnNode[] {
  const formatted = onLines((rich ?? []).map(richTextNodes));
  const words = isSaying(formatted) ? formatted : parse(text);
  return onLines([...(isSaying(words) ? [words] : []), ...tables.map(tableNodes)]);
}

/** `/me waves` reads as what somebody does, not as what they say. */
function saidOfOneself(text: string, user: string): MrkdwnNode[] {
  return [
    { kind: 'text', text: '*' },
    { kind: 'user', id: user, label: undefined, isBare: true },
    { kind: 'text', text: ' ' },
    ...parse(text.trim()),
    { kind: 'text', text: '*' },
  ];
}

const isSaying = (nodes: readonly MrkdwnNode[]): boolean =>
  nodes.some((node) =>
    'children' in node ? isSaying(node.children) : node.kind !== 'text' || node.text.trim() !== '',
  );

const isTable = (block: unknown): boolean => fieldOf(block, 'type') === 'table';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
