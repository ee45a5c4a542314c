import { z } from 'zod';
import type { MrkdwnNode } from './node.ts';
import { emojiText } from './rich-emoji.ts';

/** Bold, italic, underline and highlight make no difference in plain text. */
const style = z.object({ code: z.boolean().nullish(), strike: z.boolean().nullish() }).nullish();

/** JavaScript's dates end there. */
const LAST_SECOND = 8.64e12;

/** What may stand in a line of rich text: the elements of @slack/types (RichTextElement). */
const Inline = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), style }),
  z.object({ type: z.literal('link'), url: z.string().min(1), text: z.string().nullish(), style }),
  z.object({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/), style }),
  z.object({ type: z.literal('channel'), channel_id: z.string().regex(/^[CDG][A-Z0-9]+$/), style }),
  z.object({ type: z.literal('usergroup'), usergroup_id: z.string().regex(/^S[A-Z0-9]+$/), style }),
  z.object({ type: z.literal('team'), style }),
  z.object({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), style }),
  z.object({
    type: z.literal('date'),
    timestamp: z.number().min(-LAST_SECOND).max(LAST_SECOND),
    format: z.string(),
    url: z.string().nullish(),
    fallback: z.string().nullish(),
    style,
  }),
  z.object({
    type: z.literal('emoji'),
    name: z.string().min(1),
    skin_tone: z.number().nullish(),
    unicode: z.string().nullish(),
    style,
  }),
  z.object({ type: z.literal('color'), value: z.string(), style }),
]);
type Inline = z.infer<typeof Inline>;

export const Inlines = z.array(Inline);

/** A line or lines of rich text. Its strings are not escaped, and there is no mrkdwn in them. */
export function inlineNodes(elements: readonly Inline[]): MrkdwnNode[] {
  return runsOf(elements, 'strike').flatMap(({ run, isStyled: isStruck }) => {
    const nodes = runsOf(run, 'code').flatMap(({ run: inner, isStyled: isCode }): MrkdwnNode[] =>
      isCode ? [{ kind: 'code', block: false, children: literalNodes(inner) }] : literalNodes(inner),
    );
    return isStruck ? [{ kind: 'strike' as const, children: nodes }] : nodes;
  });
}

/** The same in code, where nothing is styled. */
export function literalNodes(elements: readonly Inline[]): MrkdwnNode[] {
  return elements.map(inlineNode);
}

/** Neighbours of one style are one run: Slack's composer cuts them at each mention, link and emoji. */
function runsOf(
  elements: readonly Inline[],
  name: 'strike' | 'code',
): { run: Inline[]; isStyled: boolean }[] {
  const runs: { run: Inline[]; isStyled: boolean }[] = [];
  for (const element of elements) {
    const isStyled = element.style?.[name] === true;
    const last = runs.at(-1);
    if (last?.isStyled === isStyled) last.run.push(element);
    else runs.push({ run: [element], isStyled });
  }
  return runs;
}

function inlineNode(element: Inline): MrkdwnNode {
  switch (element.type) {
    case 'text':
      return { kind: 'text', text: element.text };
    case 'link':
      return { kind: 'link', url: element.url, label: element.text || undefined };
    case 'user':
      return { kind: 'user', id: element.user_id, label: undefined };
    case 'channel':
      return { kind: 'channel', id: element.channel_id, label: undefined };
    case 'usergroup':
      return { kind: 'group', id: element.usergroup_id, label: undefined };
    case 'team':
      return { kind: 'text', text: '@workspace' };
    case 'broadcast':
      return { kind: 'special', name: element.range };
    case 'date':
      return {
        kind: 'date',
        unixSeconds: element.timestamp,
        format: element.format,
        link: element.url || undefined,
        fallback: element.fallback || inUtc(element.timestamp),
      };
    case 'emoji':
      return { kind: 'text', text: emojiText(element) };
    case 'color':
      return { kind: 'text', text: element.value };
  }
}

/** Slack shows each reader their own time; a plain text is read in any. */
function inUtc(unixSeconds: number): string {
  const [day, time = ''] = new Date(unixSeconds * 1_000).toISOString().split('T');
  return `${day} ${time.slice(0, 'hh:mm'.length)} UTC`;
}
