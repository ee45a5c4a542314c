import { MAX_RECIPIENTS } from '../bridge/lane.ts';
import { MAX_TEXT_LENGTH } from '../bridge/split.ts';
import { unescapeText } from './text/escape.ts';
import { leadingList, personAt, startsWith, type TypedPerson } from './typed-list.ts';
import type { Misuse } from './words.ts';

/** A recipient as typed. */
export type Named = TypedPerson;

export type Command =
  | { kind: 'help' }
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'failed' }
  | { kind: 'stop' }
  | { kind: 'inbox'; isOn: boolean }
  | { kind: 'send'; people: readonly Named[]; text: string }
  | { kind: 'usage'; why: Misuse };

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

  const { list: people, rest } = leadingList(typed, personAt);
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

function usage(why: Misuse): Command {
  return { kind: 'usage', why };
}
