import type { KnownBlock } from '@slack/web-api';
import type { Partly, Say } from '../../bridge/note.ts';
import { ACTIONS, COMMAND } from '../payload.ts';
import { FULL } from '../words.ts';
import { type AnswerNames, renderAnswer, renderOpened } from './answer.ts';
import {
  allButtons,
  button,
  buttons,
  context,
  decisionButtons,
  escapedSentence,
  linkTo,
  section,
} from './blocks.ts';
import { escapedExcerpt, escapedPieces, SECTION_LIMIT } from './excerpt.ts';
import {
  renderDoesNotTravel,
  renderMirrored,
  renderMirrorOver,
  renderMirrorRests,
  renderNotMirrored,
  renderOutsider,
} from './mirror.ts';
import { moment, timeOf } from './moment.ts';
import { renderNotification } from './notification.ts';
import { PAUSES } from './pauses.ts';
import { FALLBACK_LIMIT, type LookedUp, type Rendered } from './rendered.ts';

/** A private message's own text is shown to its sender in up to this many sections; it is sent in full. */
const TEXT_SECTIONS = 4;
const EXCERPT_LIMIT = 600;
const PEOPLE_LIMIT = 1000;

const ANSWERS = {
  'not-sent': 'Not sent.',
  'not-confirmed': 'Not confirmed.',
  'not-yet-sent': 'Not sent yet.',
} as const;

/** What the bridge says, in Slack's blocks. Everything that came from elsewhere is escaped, so nothing is live. */
export function renderSay(say: Say, answerNames: AnswerNames = 'inside', lookedUp: LookedUp = {}): Rendered {
  switch (say.words) {
    case 'sent':
      return line(`Sent to ${people(say.people)} · ${linkTo(say.link, 'Open conversation')}`);
    case 'root':
      return root(say);
    case 'line':
      return { text: `You: ${fallback(say.text)}`, blocks: [context('You wrote:'), ...text(say.text)] };
    case 'answer':
      return renderAnswer(say, answerNames);
    case 'opened':
      return renderOpened(say);
    case 'failed':
      return failed(say, lookedUp);
    case 'uncertain':
      return decidable(
        '*Not confirmed.*',
        say,
        lookedUp,
        `Sending it again may make it arrive twice.${say.isAside ? ' Later messages go first now.' : ''}`,
      );
    case 'waiting':
      return decidable(
        '*Waiting.*',
        say,
        lookedUp,
        `Later messages of this conversation wait for it, for at most ${minutes(say.holdMinutes)}.`,
      );
    case 'set-aside':
      return decidable(
        '*Still waiting.*',
        say,
        lookedUp,
        'Later messages go first now; this one goes when it can, with its time.',
      );
    case 'sent-after-all':
      return about(
        say.link === undefined
          ? '*Sent after all.*'
          : `*Sent after all.* · ${linkTo(say.link, 'Open conversation')}`,
        say.excerpt,
      );
    case 'trying-again':
      return about('*Trying again…*', say.excerpt);
    case 'discarded':
      return about(`*Discarded.* ${discarded(say.partly)}`, say.excerpt);
    case 'arrived-twice':
      return about('*Arrived twice.* Salesforce had accepted it the first time as well.', say.excerpt);
    case 'not-sent':
    case 'not-confirmed':
    case 'not-yet-sent':
      return line(
        `*${ANSWERS[say.words]}* ${escapedSentence(say.sentence)} More in your direct messages with this app.`,
      );
    case 'paused':
      return line(
        `*Paused.* ${PAUSES[say.reason]} What you write waits in order and goes by itself; it is tried next at ${timeOf(say.untilMs)}.`,
      );
    case 'mirrored':
      return renderMirrored(say, lookedUp);
    case 'mirror-over':
      return renderMirrorOver(say, lookedUp);
    case 'mirror-rests':
      return renderMirrorRests(say, lookedUp);
    case 'not-mirrored':
      return renderNotMirrored(say, lookedUp);
    case 'outsider':
      return renderOutsider(say, lookedUp);
    case 'does-not-travel':
      return renderDoesNotTravel(say, lookedUp);
    case 'notification':
      return renderNotification(say.report);
    case 'first-use':
      return line(
        [
          '*This app now sends Chatter private messages as you,* because your administrator allowed it.',
          'It reads your Chatter messages only to find those that it sent and answers to them; everything else it discards unread.',
          `\`${COMMAND} opt-out\` stops it.`,
        ].join(' '),
      );
    case 'ask-consent':
      return askConsent();
    case 'not-taken':
      return about(`*Not taken.* Nothing was sent: ${FULL[say.of]}`, say.excerpt);
    case 'files-stay':
      return line('*Your text goes to Chatter, its files do not.* Put a link into the text instead.');
    case 'withdrawn':
      return line(
        '*Nothing was sent.* The message could not be stored, and never will be. Please send it again.',
      );
    case 'no-thread':
      return line(
        [
          '*That was not sent to Chatter.* Only what you reply inside one of the threads here goes there.',
          `To begin a conversation, type \`${COMMAND} @somebody your message\`.`,
        ].join(' '),
      );
  }
}

function root({ people: names, text: body, link }: Extract<Say, { words: 'root' }>): Rendered {
  const heading = `*Private message to ${people(names)}*`;
  return {
    text: `Private message to ${people(names)}: ${fallback(body, FALLBACK_LIMIT - PEOPLE_LIMIT)}`,
    blocks: [
      section(link === undefined ? heading : `${heading} · ${linkTo(link, 'Open conversation')}`),
      ...text(body),
      context('Reply in this thread, and it goes to the same Chatter conversation.'),
    ],
  };
}

function askConsent(): Rendered {
  const question =
    'May this app send Chatter private messages as you? It then reads your Chatter messages only to find those that it sent and answers to them; everything else it discards unread.';
  return {
    text: question,
    blocks: [
      section(question),
      buttons([button('Allow', ACTIONS.allow, undefined, 'primary'), button('No', ACTIONS.decline)]),
    ],
  };
}

const discarded = (partly: Partly | undefined): string =>
  partly
    ? `The first ${partly.sent} of ${partly.of} parts were sent, the rest will not be.`
    : 'This message will not be sent again.';

function failed(say: Extract<Say, { words: 'failed' }>, lookedUp: LookedUp): Rendered {
  const { keptUntilMs, all, partly } = say;
  const kept = keptUntilMs === undefined ? '' : `Kept for Retry until ${moment(keptUntilMs)}.`;
  const heading = partly
    ? `*Not sent in full.* The first ${partly.sent} of ${partly.of} parts were sent.`
    : '*Not sent.*';
  const { text: told, blocks } = decidable(heading, say, lookedUp, kept);
  return { text: told, blocks: [...blocks, ...(all === undefined ? [] : [allButtons(all)])] };
}

type Decidable = Extract<Say, { words: 'failed' | 'uncertain' | 'waiting' | 'set-aside' }>;

/** What was written in a channel is told about elsewhere: where it is can be opened. */
function decidable(heading: string, say: Decidable, { permalink }: LookedUp, honestly: string): Rendered {
  const where = permalink === undefined ? '' : `· ${linkTo(permalink, 'Show message')}`;
  const told = [heading, escapedSentence(say.sentence), honestly, where]
    .filter((part) => part !== '')
    .join(' ');
  return {
    text: told,
    blocks: [section(told), ...quote(say.excerpt), decisionButtons(say.retry, say.words === 'uncertain')],
  };
}

function about(told: string, excerpt: string): Rendered {
  return { text: told, blocks: [section(told), ...quote(excerpt)] };
}

function line(told: string): Rendered {
  return { text: told, blocks: [section(told)] };
}

function text(body: string): KnownBlock[] {
  return escapedPieces(body, SECTION_LIMIT, TEXT_SECTIONS).map(section);
}

function quote(excerpt: string): KnownBlock[] {
  if (excerpt.trim() === '') return [];
  return [section(`>${escapedExcerpt(excerpt, EXCERPT_LIMIT).replaceAll('\n', '\n>')}`)];
}

function people(names: readonly string[]): string {
  return escapedExcerpt(names.join(', '), PEOPLE_LIMIT);
}

function fallback(body: string, limit = FALLBACK_LIMIT): string {
  return escapedExcerpt(body, limit);
}

function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}
