import { z } from 'zod';
import type { MrkdwnNode } from './node.ts';
import { onLines, RichText, richTextNodes } from './rich-text.ts';

const Cell = z.discriminatedUnion('type', [
  RichText,
  z.object({ type: z.literal('raw_text'), text: z.string() }),
  z.object({ type: z.literal('raw_number'), value: z.number(), text: z.string().nullish() }),
]);
type Cell = z.infer<typeof Cell>;

/** Without rows: one that could not be read (docs.slack.dev, table block). */
export const Table = z.object({ type: z.literal('table'), rows: z.array(z.array(Cell)).catch([]) });
export type Table = z.infer<typeof Table>;

const BORDER: MrkdwnNode = { kind: 'text', text: ' | ' };

/** A row a line. */
export function tableNodes({ rows }: Table): MrkdwnNode[] {
  if (rows.length === 0) return [{ kind: 'text', text: '(a table that can be seen in Slack only)' }];
  return onLines(
    rows.map((row) =>
      row.flatMap((cell, index) => (index === 0 ? [cellNode(cell)] : [BORDER, cellNode(cell)])),
    ),
  );
}

function cellNode(cell: Cell): MrkdwnNode {
  return { kind: 'one-line', children: cellNodes(cell) };
}

function cellNodes(cell: Cell): MrkdwnNode[] {
  switch (cell.type) {
    case 'rich_text':
      return richTextNodes(cell);
    case 'raw_text':
      return [{ kind: 'text', text: cell.text }];
    case 'raw_number':
      return [{ kind: 'text', text: cell.text || String(cell.value) }];
  }
}
