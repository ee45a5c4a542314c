import { type ChatterContent, excerptOf } from './chatter-content.ts';
import type { Delivery, Effect, Telling } from './delivery.ts';
import type { NewEntry } from './delivery-log.ts';
import type { DeliveryRef, Say } from './note.ts';
import { type OutboxEntry, outboxEntry } from './outbox.ts';
import type { Pair } from './pair.ts';

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
  if (what === 'sent') return sent(after, content, pair, o);
  const say = noticeWords(after, what, content, o);
  const entries: OutboxEntry[] = [];
  const { answer, to } = content.message;
  if ('retry' in say) {
    if (after.told === 1 && answer) {
      entries.push({ kind: 'answer', handle: answer, say: answerWords(say) });
    }
    if (after.told === after.shownAt && pair && to.kind === 'people' && textOf(content) !== '') {
      entries.push(conversation(after, content, pair, undefined));
    }
  }
  entries.push({
    kind: 'notice',
    about: after.id,
    ...(pair && { pair: pair.key }),
    ...(to.kind === 'thread' && { thread: to.thread }),
    say,
  });
  return entries;
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
    entries.push({ kind: 'notice', about: after.id, ...(pair && { pair: pair.key }), say });
  }
  // Not yet when nothing of it was ever said, or only before anybody knew to whom it goes.
  if (pair && to.kind === 'people' && after.shownAt === undefined) {
    entries.push(conversation(after, content, pair, o.link(pair)));
  }
  if (source && o.reactions) entries.push({ kind: 'mark', message: source });
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
  const sentence = after.failure?.sentence ?? after.waiting?.sentence ?? '';
  switch (what) {
    case 'failed':
      return { words: what, sentence, excerpt, retry, keptUntilMs: o.now() + o.failedKeepMs, ...partly };
    case 'discarded':
      return { words: what, excerpt, ...partly };
    case 'uncertain':
      return { words: what, sentence, excerpt, retry };
    case 'set-aside':
      // It is still not known whether it arrived, and nothing sends it but its writer.
      return after.phase === 'uncertain'
        ? { words: 'uncertain', sentence, excerpt, retry, isAside: true }
        : { words: what, sentence, excerpt, retry };
    case 'waiting':
      return { words: what, sentence, excerpt, retry, holdMinutes: o.holdMinutes };
    case 'sent':
      return { words: 'sent-after-all', excerpt };
    default:
      return { words: what, excerpt };
  }
}
