import type { Named } from '../bridge/notification.ts';
import { MAX_TEXT_LENGTH } from '../bridge/split.ts';
import { makePersonId } from './ids.ts';
import { makeListName } from './list-name.ts';
import type { NotifyMisuse } from './notify-words.ts';
import { unescapeText } from './text/escape.ts';
import { leadingList, matchAt, personAt, type Read, startsWith } from './typed-list.ts';

export type NotifyCommand =
  | { kind: 'help' }
  | { kind: 'scheduled' }
  | { kind: 'send'; named: readonly Named[]; text: string }
  | { kind: 'usage'; why: NotifyMisuse };

/** Escaped with or without a label; the label is `@team`. */
const GROUP = /<!subteam\^(S[A-Z0-9]+)(?:\|([^>]*))?>/y;
/** The label of a private channel is empty. */
const CHANNEL = /<#([CG][A-Z0-9]+)(?:\|([^>]*))?>/y;
/** A group that Slack has not escaped (facts: unverified whether it does in commands). A dot behind it is the sentence's. */
const HANDLE = /@[\p{L}\p{N}_](?:[\p{L}\p{N}._-]*[\p{L}\p{N}_])?/uy;
const BROADCAST = /<!(?:here|channel|everyone)(?:\|[^>]*)?>|@(?:here|channel|everyone)(?![\p{L}\p{N}._-])/iuy;
/** Slack has not made a channel of it. */
const BARE_CHANNEL = /#[\p{L}\p{N}_-]+|<#/uy;

/**
 * What was typed after `/chatter-notify`:
 *
 *     command   = "" | "help" | "scheduled" | list text
 *     list      = one { separator one }                in any mix, each counted once
 *     one       = user group | @handle | channel | mention | e-mail | mailto link
 *     separator = spaces and commas
 *
 * The text is kept as it is; whoever is mentioned inside of it is text.
 * @param team where it was typed: mentions are of people there
 */
export function parseNotifyCommand(typed: string, team: string): NotifyCommand {
  const word = typed.trim().toLowerCase();
  if (word === '' || word === 'help') return { kind: 'help' };
  if (word === 'scheduled') return { kind: 'scheduled' };

  const { list: named, rest } = leadingList(typed, (text, at) => namedAt(text, at, team));
  if (startsWith(rest, BROADCAST)) return usage('broadcast');
  if (startsWith(rest, BARE_CHANNEL)) return usage('bare-channel');
  if (named.length === 0) return usage('nobody-named');
  if (rest.trim() === '') return usage('no-text');
  // As it was typed: Slack's escapes make five characters of one.
  if (unescapeText(rest).length > MAX_TEXT_LENGTH) return usage('too-long');
  return { kind: 'send', named, text: rest };
}

function namedAt(typed: string, at: number, team: string): Read<Named> | undefined {
  const person = personAt(typed, at);
  if (person) {
    const { named, ...read } = person;
    if (named.kind === 'email') return { ...read, named };
    return { ...read, named: { kind: 'person', id: makePersonId({ team, user: named.user }) } };
  }
  return listAt('group', GROUP, typed, at) ?? listAt('place', CHANNEL, typed, at) ?? handleAt(typed, at);
}

function listAt(
  kind: 'group' | 'place',
  pattern: RegExp,
  typed: string,
  at: number,
): Read<Named> | undefined {
  const [, id, label = ''] = matchAt(pattern, typed, at) ?? [];
  if (id === undefined) return undefined;
  return { key: id, named: { kind, name: makeListName(id, unescapeText(label)) }, end: pattern.lastIndex };
}

function handleAt(typed: string, at: number): Read<Named> | undefined {
  if (matchAt(BROADCAST, typed, at)) return undefined;
  const name = matchAt(HANDLE, typed, at)?.[0];
  if (name === undefined) return undefined;
  return { key: name.toLowerCase(), named: { kind: 'group', name }, end: HANDLE.lastIndex };
}

function usage(why: NotifyMisuse): NotifyCommand {
  return { kind: 'usage', why };
}
