import { type ChatterContent, excerptOf } from './chatter-content.ts';
import type { Delivery, Effect, Telling } from './delivery.ts';
import type { NewEntry } from './delivery-log.ts';
import type { MirrorRequest } from './mirror.ts';
import type { DeliveryRef, Say } from './note.ts';
import { type OutboxEntry, outboxEntry } from './outbox.ts';
import type { Pair } from './pair.ts';
import { BRIDGE, type ChatThreadId, type PairKey } from './people.ts';

export interface TellOptions {
  link: (pair: Pair) => string;
  reactions: boolean;
  holdMinutes: number;
  /** FAILED_KEEP_DAYS. */
  failedKeepMs: number;
  now: () => number;
}

/** What the writer has to hear because of these effects: entries for the outbox, stored with the new state. */
export function entriesFor(
  after: Delivery,
  effects: readonly Effect[],
  content: ChatterContent,
  pair: Pair | undefined,
  o: TellOptions,
): NewEntry[] {
  // The report of its notification says it; and there is nobody to hear what a program has the bridge say.
  if (after.notification || after.author === BRIDGE) return [];
  return effects.flatMap((effect) =>
    effect.do === 'tell'
      ? tellings(after, effect.what, content, pair, o).map((entry) => outboxEntry(after, effect.what, entry))
      : [],
  );
}

function tellings(
  after: Delivery,
  what: Telling,
  content: ChatterContent,
  pair: Pair | undefined,
  o: TellOptions,
): OutboxEntry[] {
  const { answer, to } = content.message;
  if (to.kind === 'mirror' && 'opens' in to) {
    const told = opening(after, what, to.opens, pair, o);
    if (told) return told;
  }
  if (what === 'sent') return sent(after, content, pair, o);
  const say = noticeWords(after, what, content, o);
  const entries: OutboxEntry[] = [];
  if ('retry' in say) {
    if (after.told === 1 && answer) {
      entries.push({ kind: 'answer', handle: answer, say: answerWords(say) });
    }
    if (after.told === after.shownAt && pair && to.kind === 'people' && textOf(content) !== '') {
      entries.push(conversation(after, content, pair, undefined));
    }
  }
  entries.push({ kind: 'notice', about: after.id, ...placeOf(content, pair), say });
  return entries;
}

/** In the thread that it was written in; what others read there is said to its writer alone. */
function placeOf(
  { message: { to } }: ChatterContent,
  pair: Pair | undefined,
): { pair?: PairKey; thread?: ChatThreadId } {
  if (to.kind === 'mirror' || (to.kind === 'thread' && to.isMirrored)) return {};
  return { ...(pair && { pair: pair.key }), ...(to.kind === 'thread' && { thread: to.thread }) };
}

/** What becomes of a mirror with its first message; undefined: nothing in particular. */
function opening(
  after: Delivery,
  what: Telling,
  { thread, startedBy, people }: MirrorRequest,
  pair: Pair | undefined,
  o: TellOptions,
): OutboxEntry[] | undefined {
  const about = { openedBy: after.id, thread };
  const names = people.map(({ name }) => name);
  switch (what) {
    case 'sent': {
      const link = pair ? o.link(pair) : '';
      const say = { words: 'mirrored', thread, by: startedBy, people: names, link } as const;
      const opened: OutboxEntry = { kind: 'mirror-opened', ...about, say };
      if (after.told === 0) return [opened];
      return [opened, { kind: 'notice', about: after.id, say: { words: 'sent-after-all', excerpt: '' } }];
    }
    case 'failed':
      return [{ kind: 'mirror-refused', ...about, sentence: after.failure?.sentence ?? '' }];
    case 'discarded':
      return [{ kind: 'mirror-refused', ...about, sentence: 'Its first message was taken back.' }];
    default:
      return undefined;
  }
}

/** Never "not sent" of what may have arrived, or still goes. */
function answerWords({ words, sentence }: Extract<Say, { retry: DeliveryRef }>): Say {
  if (words === 'failed') return { words: 'not-sent', sentence };
  return { words: words === 'uncertain' ? 'not-confirmed' : 'not-yet-sent', sentence };
}

function sent(
  after: Delivery,
  content: ChatterContent,
  pair: Pair | undefined,
  o: TellOptions,
): OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  const { answer, source, to } = content.message;
  if (pair && answer) {
    const say: Say = { words: 'sent', people: pair.names, link: o.link(pair) };
    entries.push({ kind: 'answer', handle: answer, say });
  }
  if (after.told > 0) {
    const link = pair && { link: o.link(pair) };
    const say: Say = {
      words: 'sent-after-all',
      excerpt: excerptOf(content, { revises: after.revises }),
      ...link,
    };
    const { pair: key } = placeOf(content, pair);
    entries.push({ kind: 'notice', about: after.id, ...(key && { pair: key }), say });
  }
  // Not yet when nothing of it was ever said, or only before anybody knew to whom it goes.
  if (pair && to.kind === 'people' && after.shownAt === undefined) {
    entries.push(conversation(after, content, pair, o.link(pair)));
  }
  if (source && o.reactions) {
    entries.push({ kind: 'mark', message: source, ...(to.kind === 'thread' && { thread: to.thread }) });
  }
  return entries;
}

function conversation(
  after: Delivery,
  content: ChatterContent,
  pair: Pair,
  link: string | undefined,
): OutboxEntry {
  return {
    kind: 'conversation',
    pair: pair.key,
    lane: after.lane,
    people: pair.names,
    text: textOf(content),
    ...(link !== undefined && { link }),
  };
}

/** Empty: it cannot be read any more. */
const textOf = (content: ChatterContent): string => content.route?.parts.join('') ?? content.message.text;

function noticeWords(after: Delivery, what: Telling, content: ChatterContent, o: TellOptions): Say {
  const excerpt = excerptOf(content, after);
  const partly = after.part > 0 ? { partly: { sent: after.part, of: after.parts } } : {};
  const retry: DeliveryRef = { delivery: after.id, version: after.told };
  const { to, source } = content.message;
  const at = to.kind === 'thread' && to.isMirrored && source ? { at: source } : {};
  const sentence = after.failure?.sentence ?? after.waiting?.sentence ?? '';
  switch (what) {
    case 'failed':
      return {
        words: what,
        sentence,
        excerpt,
        retry,
        keptUntilMs: o.now() + o.failedKeepMs,
        ...partly,
        ...at,
      };
    case 'discarded':
      return { words: what, excerpt, ...partly };
    case 'uncertain':
      return { words: what, sentence, excerpt, retry, ...at };
    case 'set-aside':
      // It is still not known whether it arrived, and nothing sends it but its writer.
      return after.phase === 'uncertain'
        ? { words: 'uncertain', sentence, excerpt, retry, isAside: true, ...at }
        : { words: what, sentence, excerpt, retry, ...at };
    case 'waiting':
      return { words: what, sentence, excerpt, retry, holdMinutes: o.holdMinutes, ...at };
    case 'sent':
      return { words: 'sent-after-all', excerpt };
    default:
      return { words: what, excerpt };
  }
}
