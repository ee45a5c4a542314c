import type { KnownBlock, RichTextElement } from '@slack/web-api';
import type { MrkdwnNode } from '../../../src/slack/text/node.ts';
import { parse } from '../../../src/slack/text/parse.ts';

/** The elements of the rich text in these blocks, in their order. */
export function richElements(blocks: readonly KnownBlock[]): RichTextElement[] {
  return blocks.flatMap((block) =>
    block.type === 'rich_text'
      ? block.elements.flatMap((part) => (part.type === 'rich_text_section' ? part.elements : []))
      : [],
  );
}

/** What somebody reads in the rich text of these blocks. */
export function richlyShown(blocks: readonly KnownBlock[]): string {
  return richElements(blocks)
    .map((element) => ('text' in element ? element.text : `(${element.type})`))
    .join('');
}

/** What Slack would make of mrkdwn beside text and its marks: mentions, links, dates. */
export function aliveIn(mrkdwn: string): string[] {
  const alive = (nodes: readonly MrkdwnNode[]): string[] =>
    nodes.flatMap((node) => {
      if ('children' in node) return alive(node.children);
      return node.kind === 'text' || node.kind === 'emoji' ? [] : [node.kind];
    });
  return alive(parse(mrkdwn));
}

/** The mrkdwn of the context lines. */
export function contextLines(blocks: readonly KnownBlock[]): string[] {
  return blocks.flatMap((block) =>
    block.type === 'context'
      ? block.elements.map((element) => ('text' in element ? String(element.text) : ''))
      : [],
  );
}
