import type { KnownBlock } from '@slack/web-api';
import type { Say, Speaker } from '../../bridge/note.ts';
import { splitText } from '../../bridge/split.ts';
import { escapedLength, unescapeText } from '../text/escape.ts';
import { context } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import { moment } from './moment.ts';
import { FALLBACK_LIMIT, type Rendered } from './rendered.ts';
import { asWritten, bold, link, plain, richText } from './rich-text.ts';

/** Where the name of a Chatter person stands: in the message, or in place of the app's name. */
export type AnswerNames = 'inside' | 'username';

/**
 * What one message holds of a text, escaped as in the fallback. Slack documents no limit for rich text; what it takes
 * in a section is far below all that people have met.
 */
const TEXT_LIMIT = 3_000;
/** Salesforce's first and last names have 40 and 80 characters. */
const NAME_LIMIT = 150;
/** Not documented. A longer name stays in the message. */
const USERNAME_LIMIT = 80;

const LIST = new Intl.ListFormat('en-GB');

/** A text in pieces that fit into one message each. */
export function answerPieces(text: string): string[] {
  return splitText(text, TEXT_LIMIT, escapedLength);
}

/** What somebody wrote in Chatter, under their name. */
export function renderAnswer(say: Extract<Say, { words: 'answer' }>, names: AnswerNames): Rendered {
  const text = fitting(say.text);
  const username = names === 'username' ? usernameOf(say.from) : undefined;
  if (username !== undefined) {
    return { username, text: fallback(text), blocks: [richText(asWritten(text)), ...late(say.sentAtMs)] };
  }
  const name = say.from.isReader ? 'You, in Chatter' : oneLine(say.from.name);
  return {
    text: fallback(`${name}: ${text}`),
    blocks: [richText([bold(name), ...asWritten(`\n${text}`)]), ...late(say.sentAtMs)],
  };
}

/** The first message of a conversation that was begun in Chatter. */
export function renderOpened(say: Extract<Say, { words: 'opened' }>): Rendered {
  const text = fitting(say.text);
  const heading = openedBy(say);
  const linked = say.link === undefined ? [] : [plain(' · '), link(say.link, 'Open conversation')];
  return {
    text: fallback(`${heading}: ${text}`),
    blocks: [
      richText([bold(heading), ...linked]),
      richText(asWritten(text)),
      ...late(say.sentAtMs),
      context('Reply in this thread, and it goes to the same Chatter conversation.'),
    ],
  };
}

function openedBy({ people, from }: Extract<Say, { words: 'opened' }>): string {
  const names = people.map(oneLine);
  if (from.isReader) return `You wrote to ${LIST.format(names)} in Chatter`;
  const name = oneLine(from.name);
  const at = names.indexOf(name);
  const others = names.filter((_, index) => index !== at);
  return `${name} wrote to ${LIST.format(['you', ...others])} in Chatter`;
}

/**
 * Says where the person is, because Slack's rules forbid to look like one of its users (docs.slack.dev, Marketplace
 * guidelines). So the reader's own words never stand under the reader's name.
 */
function usernameOf({ name, isReader }: Speaker): string | undefined {
  const username = `${oneLine(name)} (Chatter)`;
  return isReader || username.length > USERNAME_LIMIT ? undefined : username;
}

function late(sentAtMs: number | undefined): KnownBlock[] {
  return sentAtMs === undefined ? [] : [context(`Written ${moment(sentAtMs)}`)];
}

/** A name is one short line, so that nothing in it looks like somebody's words. */
function oneLine(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return [...line].slice(0, NAME_LIMIT).join('') || 'Somebody';
}

/** The text; the beginning of one that was not cut into pieces, as Slack would refuse all of it. */
function fitting(text: string): string {
  if (text === '') return ' ';
  return escapedLength(text) <= TEXT_LIMIT ? text : unescapeText(escapedExcerpt(text, TEXT_LIMIT));
}

function fallback(text: string): string {
  return escapedExcerpt(text, FALLBACK_LIMIT);
}
