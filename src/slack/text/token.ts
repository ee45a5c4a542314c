import { unescapeText } from './escape.ts';
import type { Found, MrkdwnNode } from './node.ts';

// Typed `<` and `>` arrive escaped, so neither can be inside a token; stopping at the next `<` keeps
// the search linear in a text that is nothing but `<`.
const TOKEN = /<([^<>]+)>/y;

const USER = /^@([UW][A-Z0-9]+)$/;
const CHANNEL = /^#([CDG][A-Z0-9]+)$/;
const GROUP = /^!subteam\^(S[A-Z0-9]+)$/;
const SPECIAL = /^!(here|channel|everyone)$/;
const DATE = /^!date\^(\d+)\^([^^]+)(?:\^(.+))?$/;
const COMMAND = /^![a-z]/;
const URL_WITH_SCHEME = /^[a-z][a-z0-9+.-]*:./i;

/** Reads the `<…>` token that starts at `at`; nothing there, or nothing that Slack would have written: undefined. */
export function readToken(source: string, at: number): Found | undefined {
  TOKEN.lastIndex = at;
  const inside = TOKEN.exec(source)?.[1];
  if (inside === undefined) return undefined;
  const node = toNode(inside);
  return node && { node, end: TOKEN.lastIndex };
}

function toNode(inside: string): MrkdwnNode | undefined {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  // An empty label is no label: `<#C1|>` is how Slack writes a private channel in a command's text.
  const label = unescapeText(bar < 0 ? '' : inside.slice(bar + 1)) || undefined;

  const user = USER.exec(target)?.[1];
  if (user) return { kind: 'user', id: user, label };
  const channel = CHANNEL.exec(target)?.[1];
  if (channel) return { kind: 'channel', id: channel, label };
  const group = GROUP.exec(target)?.[1];
  if (group) return { kind: 'group', id: group, label };
  const special = SPECIAL.exec(target)?.[1] as 'here' | 'channel' | 'everyone' | undefined;
  if (special) return { kind: 'special', name: special };
  if (target.startsWith('!')) return toDate(target, label) ?? toUnknownCommand(target, label);
  return URL_WITH_SCHEME.test(target) ? { kind: 'link', url: unescapeText(target), label } : undefined;
}

function toDate(target: string, fallback: string | undefined): MrkdwnNode | undefined {
  const [, unixSeconds, format, link] = DATE.exec(target) ?? [];
  if (!unixSeconds || !format || !fallback) return undefined;
  return {
    kind: 'date',
    unixSeconds: Number(unixSeconds),
    format: unescapeText(format),
    link: link && unescapeText(link),
    fallback,
  };
}

/** Slack may add commands after `<!`; their label is there for readers that do not know them. */
function toUnknownCommand(target: string, label: string | undefined): MrkdwnNode | undefined {
  return label && COMMAND.test(target) ? { kind: 'text', text: label } : undefined;
}
