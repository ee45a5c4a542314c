import type { RichTextBlock, RichTextElement } from '@slack/web-api';
import { webAddressesIn } from '../text/web-address.ts';

/**
 * What the addresses of all links may take up beside their text: Slack refuses a message whose blocks hold more than
 * about 13,000 characters, containers counted (`msg_blocks_too_long`, github.com/slackapi/bolt-js/issues/2509).
 */
const LINKS_LIMIT = 3_000;
/** About what two more elements, the link and the text behind it, take up themselves. */
const CONTAINERS = 80;

/**
 * One paragraph of rich text. Slack shows the text of its elements as it is: no marks, mentions, tokens or escapes
 * are read in it (docs.slack.dev, rich text block: it is what Slack's own composer makes of what people type).
 */
export function richText(elements: readonly RichTextElement[]): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...elements] }] };
}

export function bold(text: string): RichTextElement {
  return { type: 'text', text, style: { bold: true } };
}

export function plain(text: string): RichTextElement {
  return { type: 'text', text };
}

export function link(url: string, label: string): RichTextElement {
  return { type: 'link', url, text: label };
}

/** Text from elsewhere, character for character. Web addresses can be followed, if not too many; nothing else is alive. */
export function asWritten(text: string): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let at = 0;
  let room = LINKS_LIMIT;
  for (const { start, typed, url } of webAddressesIn(text)) {
    const taken = url.length + CONTAINERS;
    if (taken > room) continue;
    room -= taken;
    elements.push(plain(text.slice(at, start)), link(url, typed));
    at = start + typed.length;
  }
  // Slack refuses an element without any text.
  return [...elements, plain(text.slice(at))].filter(
    (element) => !('text' in element && element.text === ''),
  );
}
