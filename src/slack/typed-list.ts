/** A person as typed: a Slack user by id, or an e-mail address. */
export type TypedPerson = { kind: 'user'; user: string } | { kind: 'email'; email: string };

/** Something that is named at a place of a typed text. What has the same key is the same. */
export interface Read<T> {
  key: string;
  named: T;
  end: number;
}

/** Both escaped forms: `<@U1>` and `<@U1|ada>`. */
const MENTION = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/y;
const MAIL_LINK = /<mailto:([^|>\s]+)(?:\|[^>]*)?>/y;
const EMAIL = /[\w.!#$%&'*+/=?^`{}~-]+@[\w-]+(?:\.[\w-]+)+(?=[\s,]|$)/y;
const WHOLE_EMAIL = /^[^\s@,<>]+@[\w-]+(?:\.[\w-]+)+$/;
const SEPARATORS = /[\s,]*/y;

/**
 * The list that a typed text begins with: things that `readAt` finds, with spaces and commas between them or nothing at
 * all, each once. `rest` is what follows, as it is.
 */
export function leadingList<T>(
  typed: string,
  readAt: (typed: string, at: number) => Read<T> | undefined,
): { list: readonly T[]; rest: string } {
  const list = new Map<string, T>();
  let at = endOf(SEPARATORS, typed, 0);
  for (;;) {
    const next = readAt(typed, at);
    if (next === undefined) return { list: [...list.values()], rest: typed.slice(at) };
    list.set(next.key, next.named);
    at = endOf(SEPARATORS, typed, next.end);
  }
}

/** A mention, an e-mail address or a mailto link. */
export function personAt(typed: string, at: number): Read<TypedPerson> | undefined {
  const user = matchAt(MENTION, typed, at)?.[1];
  if (user !== undefined) return { key: user, named: { kind: 'user', user }, end: MENTION.lastIndex };
  const linked = matchAt(MAIL_LINK, typed, at)?.[1];
  const end = linked === undefined ? endOf(EMAIL, typed, at) : MAIL_LINK.lastIndex;
  const email = linked ?? typed.slice(at, end);
  if (end === at || !WHOLE_EMAIL.test(email)) return undefined;
  return { key: email.toLowerCase(), named: { kind: 'email', email }, end };
}

/** @param pattern a sticky one; its `lastIndex` is the match's end */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** @param pattern a sticky one */
export function startsWith(text: string, pattern: RegExp): boolean {
  return endOf(pattern, text, 0) > 0;
}

/** Where the pattern's match at `at` ends; `at` itself when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  return matchAt(pattern, text, at) ? pattern.lastIndex : at;
}
