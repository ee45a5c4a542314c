import { MAX_RECIPIENTS } from '../bridge/lane.ts';
import { MAX_TEXT_LENGTH } from '../bridge/split.ts';
import { unescapeText } from './text/escape.ts';
import type { Misuse } from './words.ts';

/** A recipient as typed: a Slack user by id, or an e-mail address. */
export type Named = { kind: 'user'; user: string } | { kind: 'email'; email: string };

export type Command =
  | { kind: 'help' }
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'failed' }
  | { kind: 'stop' }
  | { kind: 'inbox'; isOn: boolean }
  | { kind: 'send'; people: readonly Named[]; text: string }
  | { kind: 'usage'; why: Misuse };

/** Both escaped forms: `<@U1>` and `<@U1|ada>`. */
const MENTION = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/y;
const MAIL_LINK = /<mailto:([^|>\s]+)(?:\|[^>]*)?>/y;
const EMAIL = /[\w.!#$%&'*+/=?^`{}~-]+@[\w-]+(?:\.[\w-]+)+(?=[\s,]|$)/y;
const WHOLE_EMAIL = /^[^\s@,<>]+@[\w-]+(?:\.[\w-]+)+$/;
const SEPARATORS = /[\s,]*/y;
/** `@ada` that Slack has not turned into a mention: a name that nobody picked from the list. */
const BARE_NAME = /@[\p{L}\p{N}._-]+/uy;
const GROUP = /<!|<#/y;

/**
 * What was typed after `/chatter-dm`:
 *
 *     command   = "" | "help" | "opt-out" | "opt-in" | "failed" | "stop" | "inbox on" | "inbox off" | people text
 *                                                      ("opt out" will do)
 *     people    = person { separator person }          one to nine, in any mix, each counted once
 *     person    = mention | e-mail | mailto link
 *     separator = spaces and commas
 *
 * The text is kept as it is; people mentioned inside of it are text.
 * @param self the user who typed it, who is in the conversation anyway and is no recipient
 */
export function parseCommand(typed: string, self: string): Command {
  const word = typed.trim().toLowerCase().replace(/\s+/, '-');
  if (word === '' || word === 'help') return { kind: 'help' };
  if (word === 'inbox-on' || word === 'inbox-off') return { kind: 'inbox', isOn: word === 'inbox-on' };
  if (word === 'opt-out' || word === 'opt-in' || word === 'failed' || word === 'stop') return { kind: word };

  const { people, rest } = leadingPeople(typed);
  if (startsWith(rest, BARE_NAME)) return usage('bare-name');
  if (startsWith(rest, GROUP)) return usage('group');
  if (people.length === 0) return usage('no-people');
  const others = people.filter((person) => person.kind === 'email' || person.user !== self);
  if (others.length === 0) return usage('yourself');
  if (others.length > MAX_RECIPIENTS) return usage('too-many-people');
  if (rest.trim() === '') return usage('no-text');
  // As it was typed: Slack's escapes make five characters of one.
  if (unescapeText(rest).length > MAX_TEXT_LENGTH) return usage('too-long');
  return { kind: 'send', people: others, text: rest };
}

function leadingPeople(typed: string): { people: readonly Named[]; rest: string } {
  const people = new Map<string, Named>();
  let at = endOf(SEPARATORS, typed, 0);
  for (;;) {
    const next = personAt(typed, at);
    if (next === undefined) return { people: [...people.values()], rest: typed.slice(at) };
    people.set(next.key, next.person);
    at = endOf(SEPARATORS, typed, next.end);
  }
}

function personAt(typed: string, at: number): { key: string; person: Named; end: number } | undefined {
  const user = capture(MENTION, typed, at);
  if (user !== undefined) return { key: user, person: { kind: 'user', user }, end: MENTION.lastIndex };
  const linked = capture(MAIL_LINK, typed, at);
  const end = linked === undefined ? endOf(EMAIL, typed, at) : MAIL_LINK.lastIndex;
  const email = linked ?? typed.slice(at, end);
  if (end === at || !WHOLE_EMAIL.test(email)) return undefined;
  return { key: email.toLowerCase(), person: { kind: 'email', email }, end };
}

function capture(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[1];
}

/** Where the pattern's match at `at` ends; `at` itself when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function startsWith(text: string, pattern: RegExp): boolean {
  return endOf(pattern, text, 0) > 0;
}

function usage(why: Misuse): Command {
  return { kind: 'usage', why };
}
