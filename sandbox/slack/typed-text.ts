import type { Workspace } from './workspace.ts';

export interface Escaping {
  /** `<@U1|ada>` rather than `<@U1>`. */
  readonly mentionsCarryNames: boolean;
  readonly emailsBecomeLinks: boolean;
  readonly groupsAreEscaped: boolean;
}

/** What Slack's own messages look like: everything escaped, mentions by id alone. */
export const IN_MESSAGES: Escaping = {
  mentionsCarryNames: false,
  emailsBecomeLinks: true,
  groupsAreEscaped: true,
};

const TOKENS = [
  '(?<email>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)',
  '(?<url>https?://[^\\s<>]+)',
  '(?<!\\w)@(?<handle>[\\w.-]+)',
  '(?<!\\w)#(?<channel>[\\w-]+)',
  '(?<special>[&<>])',
].join('|');

const SPECIALS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Turns what a person types into what Slack sends: `@ada` into `<@U…>`, `#general` into `<#C…|general>`,
 * links into `<…>`, and the three special characters into entities.
 */
export function escapeTyped(text: string, workspace: Workspace, escaping: Escaping): string {
  return text.replace(new RegExp(TOKENS, 'g'), (token, ...rest) => {
    const { email, url, handle, channel } = rest.at(-1) as Record<string, string | undefined>;
    if (email) return escaping.emailsBecomeLinks ? `<mailto:${email}|${email}>` : token;
    if (url) return `<${url.replaceAll('&', '&amp;')}>`;
    if (handle) return mention(handle, workspace, escaping) ?? token;
    if (channel) return channelMention(channel, workspace) ?? token;
    return SPECIALS[token] ?? token;
  });
}

/** What somebody typed, of a message as Slack keeps it: `<@U…>` is `@ada` again, when they edit it. */
export function typedAgain(text: string, workspace: Workspace): string {
  const plain = text.replace(/<([^<>]+)>/g, (token, inside: string) => {
    const [what = '', label] = inside.split('|');
    if (what.startsWith('@')) return `@${workspace.users.get(what.slice(1))?.name ?? what.slice(1)}`;
    if (what.startsWith('#')) return `#${workspace.channels.get(what.slice(1))?.name ?? label}`;
    if (what.startsWith('!')) return label ?? `@${what.slice(1)}`;
    return what.startsWith('mailto:') ? (label ?? token) : what;
  });
  return plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A mention of a person or group; a dot or dash after the handle is the sentence's, not the name's. */
function mention(typed: string, workspace: Workspace, escaping: Escaping): string | undefined {
  const trimmed = typed.replace(/[.-]+$/, '');
  for (const handle of [typed, trimmed]) {
    const rest = typed.slice(handle.length);
    if (handle === 'here' || handle === 'channel' || handle === 'everyone') return `<!${handle}>${rest}`;
    const user = [...workspace.users.values()].find(({ name }) => name === handle);
    if (user) return `<@${user.id}${escaping.mentionsCarryNames ? `|${handle}` : ''}>${rest}`;
    const group = [...workspace.userGroups.values()].find((candidate) => candidate.handle === handle);
    if (group && escaping.groupsAreEscaped) return `<!subteam^${group.id}|@${handle}>${rest}`;
  }
  return undefined;
}

/** A channel's mention; private ones keep their name to themselves. */
function channelMention(typed: string, workspace: Workspace): string | undefined {
  const channel = [...workspace.channels.values()].find(
    ({ name, type }) => name === typed && (type === 'channel' || type === 'group'),
  );
  return channel && `<#${channel.id}|${channel.type === 'channel' ? channel.name : ''}>`;
}
