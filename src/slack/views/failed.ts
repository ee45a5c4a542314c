import type { KnownBlock } from '@slack/web-api';
import type { FailedMessage, FailedMessages } from '../../bridge/message.ts';
import type { Addressee } from '../../bridge/people.ts';
import { parsePersonId } from '../ids.ts';
import { escapeText } from '../text/escape.ts';
import { words } from '../words.ts';
import { allButtons, context, decisionButtons, section } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import { moment } from './moment.ts';
import type { Rendered } from './rendered.ts';

/** Together with names and times within what a section takes. */
const REASON_LIMIT = 800;
const EXCERPT_LIMIT = 600;
const PEOPLE_LIMIT = 600;

/**
 * A person's failed messages, with buttons for each and for all.
 * @param told what became of a press on one of these buttons, said above the list as it is now
 */
export function renderFailed({ all, first }: FailedMessages, told?: string): Rendered {
  const above = told === undefined ? [] : [context(told)];
  if (first.length === 0) {
    return { text: told ?? words.nothingFailed, blocks: [...above, section(words.nothingFailed)] };
  }
  const heading = `*${words.messages(all.count)} for you to decide about*`;
  const more = all.count - first.length;
  return {
    text: told ?? heading,
    blocks: [
      ...above,
      section(heading),
      ...first.flatMap(one),
      ...(more > 0 ? [context(`${more} more: shown when these are decided.`)] : []),
      ...(all.count > 1 ? [allButtons(all, true)] : []),
    ],
  };
}

function one(message: FailedMessage): KnownBlock[] {
  const { isUncertain, sentence, excerpt, takenAtMs, keptUntilMs } = message;
  const what = isUncertain ? '*Not confirmed*' : '*Not sent*';
  const honestly = isUncertain ? ' Sending it again may make it arrive twice.' : '';
  const lines = [
    `${what}${recipients(message)} · written ${moment(takenAtMs)} · kept until ${moment(keptUntilMs)}`,
    `${escapedExcerpt(sentence, REASON_LIMIT)}${honestly}`,
    `>${excerpt === '' ? '_(its text cannot be read any more)_' : escapedExcerpt(excerpt, EXCERPT_LIMIT).replaceAll('\n', '\n>')}`,
  ];
  return [section(lines.join('\n')), decisionButtons(message.ref, isUncertain, true)];
}

function recipients({ to }: FailedMessage): string {
  if ('names' in to) {
    return to.names.length === 0 ? '' : ` to ${escapedExcerpt(to.names.join(', '), PEOPLE_LIMIT)}`;
  }
  return ` to ${to.addressees.map(named).join(', ')}`;
}

function named(addressee: Addressee): string {
  switch (addressee.kind) {
    case 'person':
      return `<@${parsePersonId(addressee.id).user}>`;
    case 'email':
      return escapeText(addressee.email);
    case 'user':
      return escapeText(addressee.name);
  }
}
