import { z } from 'zod';
import { listMark } from './list-mark.ts';
import type { MrkdwnNode } from './node.ts';
import { Inlines, inlineNodes, literalNodes } from './rich-inline.ts';

/** 1: with the line of a quote at its left. */
const border = z.number().nullish();

const Section = z.object({ type: z.literal('rich_text_section'), elements: Inlines });

const Part = z.discriminatedUnion('type', [
  Section,
  z.object({ type: z.literal('rich_text_quote'), elements: Inlines }),
  z.object({ type: z.literal('rich_text_preformatted'), elements: Inlines, border }),
  z.object({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(Section),
    /** A list in a list comes behind it, with a greater indent, and the first goes on with an offset. */
    indent: z.number().int().min(0).max(8).nullish(),
    offset: z.number().int().min(0).max(1_000_000).nullish(),
    border,
  }),
]);
type Part = z.infer<typeof Part>;

/** What Slack's composer makes of what people type (docs.slack.dev, rich text block). */
export const RichText = z.object({ type: z.literal('rich_text'), elements: z.array(Part) });
export type RichText = z.infer<typeof RichText>;

const NEW_LINE: MrkdwnNode = { kind: 'text', text: '\n' };
const STEP = '    ';
const QUOTE = '> ';

/** Each part stands on lines of its own, as in Slack. */
export function richTextNodes({ elements }: RichText): MrkdwnNode[] {
  return onLines(elements.flatMap(partLines));
}

/** Each of them on a line of its own. */
export function onLines(lines: readonly (readonly MrkdwnNode[])[]): MrkdwnNode[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [NEW_LINE, ...line]));
}

function partLines(part: Part): MrkdwnNode[][] {
  switch (part.type) {
    case 'rich_text_section':
      return [withoutLastBreak(inlineNodes(part.elements))];
    case 'rich_text_quote':
      return [quoted(withoutLastBreak(inlineNodes(part.elements)))];
    case 'rich_text_preformatted': {
      const children = [NEW_LINE, ...withoutLastBreak(literalNodes(part.elements)), NEW_LINE];
      const code: MrkdwnNode[] = [{ kind: 'code', block: true, children }];
      return [part.border ? quoted(code) : code];
    }
    case 'rich_text_list':
      return part.elements.map((item, index) => {
        const level = part.indent ?? 0;
        const mark = `${listMark(part.style, level, (part.offset ?? 0) + index + 1)} `;
        const first = STEP.repeat(level) + mark;
        const children = withoutLastBreak(inlineNodes(item.elements));
        const line: MrkdwnNode[] = [{ kind: 'lines', first, rest: ' '.repeat(first.length), children }];
        return part.border ? quoted(line) : line;
      });
  }
}

function quoted(children: MrkdwnNode[]): MrkdwnNode[] {
  return [{ kind: 'lines', first: QUOTE, rest: QUOTE, children }];
}

/** Slack's composer ends a section before a list with a line break, which the list begins with anyway. */
function withoutLastBreak(nodes: readonly MrkdwnNode[]): MrkdwnNode[] {
  const last = nodes.at(-1);
  if (last?.kind !== 'text' || !last.text.endsWith('\n')) return [...nodes];
  return [...nodes.slice(0, -1), { kind: 'text', text: last.text.slice(0, -1) }];
}
