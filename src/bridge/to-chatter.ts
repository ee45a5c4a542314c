import {
  type ChatterContent,
  pairKey,
  type Route,
  readContent,
  routeOf,
  withoutText,
} from './chatter-content.ts';
import { mayActFor } from './consent.ts';
import type { Arrived, Base, Delivery } from './delivery.ts';
import { DeliveryError } from './delivery-error.ts';
import type { DeliveryLog, TextMarks } from './delivery-log.ts';
import type { Destination } from './destination.ts';
import { copyIdFor } from './incoming.ts';
import { withoutLabel } from './late.ts';
import { knows, newPair, type Pair } from './pair.ts';
import { BRIDGE, type ChatterMessageId, type ConversationId, type SalesforceUser } from './people.ts';
import type { MessageRemoval, PrivateMessage, PrivateMessages } from './ports.ts';
import { comparable } from './same-text.ts';
import { createSpeakers, type SpeakersOptions } from './speaker.ts';
import { takeBack } from './take-back.ts';
import { entriesFor, type TellOptions } from './tell.ts';
import { toldBy } from './told.ts';

export interface ToChatterOptions extends TellOptions, SpeakersOptions {
  log: DeliveryLog;
  messages: PrivateMessages;
  marks: TextMarks;
  /** Given: what was sent of a deleted message is deleted. Absent: the others are told. */
  removal?: MessageRemoval | undefined;
  now: () => number;
  /** Hears of each reply from a thread that Chatter has taken. */
  replied?: (sender: SalesforceUser, conversation: ConversationId) => void;
}

/**
 * How far our estimate of Salesforce's clock may be off: its Date header counts whole seconds, and the clocks behind
 * Date and the sentDate of two messages need not be one. Erring early is harmless, as our earlier messages are known;
 * erring late would hide our own message.
 */
const CLOCK_MARGIN_MS = 5_000;

/** The same where only the clocks of the chat platform and of Redis are known. */
const MUST_MARGIN_MS = 10_000;

/** How far back a baseline reads: far more than any two clocks differ. */
const BASELINE_MS = 60_000;

/**
 * The codes of a certain no that may mean that the message which a reply names is gone: we may have deleted it ourselves.
 * Which of them it is then is not documented. The same people can still be written to.
 */
const REPLY_TARGET_LOST: readonly string[] = ['conversation-gone', 'no-access', 'id-refused'];

/** Chatter private messages as a destination. */
export function createToChatter(o: ToChatterOptions): Destination {
  const speakers = createSpeakers(o);

  return {
    steps: {
      taken: 'lease.taken',
      begun: 'begin.done',
      answered: 'post.answered',
      looked: 'recover.read',
      stored: 'ack.sent',
    },

    async prepare(delivery, json, late) {
      const content = readContent(json);
      const found = await speakers.of(delivery, content.message);
      if (!found) return undefined;
      const { revises } = delivery;
      if (revises?.how === 'delete' && o.removal) {
        const copy = found.mirror && copyIdFor(found.mirror.openedBy, revises.of);
        if (await takeBack(revises.of, copy, o.log, o.removal)) return undefined;
      }
      const parts = await speakers.parts(delivery, content.message, found, late);
      const key = pairKey(found.sender.id, found.recipients);
      const { to } = content.message;
      const route: Route = {
        sender: found.sender,
        recipients: found.recipients,
        names: found.names,
        pair: key,
        parts,
        ...(to.kind === 'thread' && { thread: to.thread }),
        ...(found.mirror && { mirror: found.mirror }),
      };
      const prepared: ChatterContent = { ...content, route };
      const pair = (await o.log.pair(key)) ?? newPairOf(route);
      return { content: JSON.stringify(prepared), parts: parts.length, repeatable: false, pair };
    },

    ready: (json) => o.messages.ready(routeOf(readContent(json)).sender),

    async pairOf(json) {
      const { route } = readContent(json);
      return route && ((await o.log.pair(route.pair)) ?? newPairOf(route));
    },

    textOf(delivery, json) {
      return comparable(readContent(json).route?.parts[delivery.part] ?? '');
    },

    base(delivery, pair, must): Base | undefined {
      const known = pair?.known.map((message) => message.id) ?? [];
      const mark = pair?.highWater;
      if (must) {
        // What a restored Redis forgot lies between the writing and now, and may be older than what was sent since: the
        // mark, like a new baseline, would hide it. What was acknowledged is known.
        return { sinceMs: Math.min(delivery.takenAtMs, delivery.order / 1_000) - MUST_MARGIN_MS, known };
      }
      const nowMs = o.messages.serverNowMs();
      if (nowMs === undefined && !mark) return undefined;
      return { sinceMs: Math.max(mark?.atMs ?? 0, nowMs ?? 0) - CLOCK_MARGIN_MS, known };
    },

    async baseline(json) {
      const { sender } = routeOf(readContent(json));
      const recent = await o.messages.since(sender, o.now() - BASELINE_MS, 'look');
      const nowMs = o.messages.serverNowMs() ?? o.now();
      return { sinceMs: nowMs - CLOCK_MARGIN_MS, known: recent.map((message) => message.id) };
    },

    async post(delivery, json, pair, watch) {
      const content = readContent(json);
      const { sender, recipients, parts, mirror } = routeOf(content);
      // Prepared long ago, perhaps: it may have waited for a token, or between two parts.
      const { author } = content.message;
      if (!mirror?.isRelayed && author !== BRIDGE) await mayActFor(author, o.log);
      // What has begun to arrive is brought to its end, as nobody is to read half of it; and what may have arrived, as it could
      // be called neither sent nor stopped.
      if (delivery.part === 0 && !delivery.unknown) await o.mayGo(content.message);
      const body = parts[delivery.part] ?? '';
      const last = pair?.last;
      if (last === undefined)
        return arrived(await o.messages.send(sender, { body, to: { recipients } }, watch));
      try {
        const sent = await o.messages.send(sender, { body, to: { inReplyTo: last } }, watch);
        if (delivery.thread !== undefined) o.replied?.(sender, sent.conversationId);
        return arrived(sent);
      } catch (error) {
        // Certainly not posted, so it may be posted anew.
        if (!(error instanceof DeliveryError && REPLY_TARGET_LOST.includes(error.code))) throw error;
        return arrived(await o.messages.send(sender, { body, to: { recipients } }, watch));
      }
    },

    // A reading that served another delivery may hold what has been acknowledged since: `pair` is read anew for each
    // look, and what it knows is left out. What the reading is too old to hold was stored later than anybody waits for.
    async look(delivery, json, pair, newEnoughMs) {
      const route = routeOf(readContent(json));
      const base = delivery.base ?? { sinceMs: delivery.takenAtMs - MUST_MARGIN_MS, known: [] };
      // Nothing waits for the slow looks at an uncertain one.
      const use = delivery.phase === 'uncertain' ? 'poll' : 'look';
      const list = await o.messages.sentSince(route.sender, base.sinceMs, newEnoughMs, use);
      const alike = list.filter((message) => couldBeOurs(message, delivery, route, base, pair));
      const found = (await unknown(alike, route))
        .filter((message) => !isOfAnother(message, delivery, pair))
        .toSorted((a, b) => a.sentAtMs - b.sentAtMs);
      const ours = delivery.must ? found[0] : found.at(-1);
      return ours && { arrived: arrived(ours) };
    },

    async lookForGhost(delivery, json, pair, newEnoughMs) {
      const ghosts = pair?.ghosts.filter((ghost) => ghost.delivery === delivery.id) ?? [];
      if (!pair || ghosts.length === 0) return undefined;
      const route = routeOf(readContent(json));
      const sinceMs = Math.min(...ghosts.map((ghost) => ghost.sinceMs));
      const list = await o.messages.sentSince(route.sender, sinceMs, newEnoughMs, 'poll');
      const sent = list.filter((message) => isBetween(message, route, pair) && !knows(pair, message));
      for (const message of (await unknown(sent, route)).toSorted((a, b) => a.sentAtMs - b.sentAtMs)) {
        const mark = o.marks.mark(comparable(message.text));
        const ghost = ghosts.find((one) => message.sentAtMs >= one.sinceMs && o.marks.same(one.mark, mark));
        if (ghost && !isOfAnother(message, delivery, pair)) return { arrived: arrived(message), ghost };
      }
      return undefined;
    },

    outcome(after, effects, json, pair) {
      const content = json === undefined ? withoutText(after.author) : readContent(json);
      const mirror = content.route?.mirror;
      const told = toldBy(after, effects);
      return {
        ...(told && { told }),
        outbox: entriesFor(after, effects, content, pair, o),
        ...(mirror && { reader: { person: BRIDGE, user: mirror.user } }),
      };
    },
  };

  /** Those that were never acknowledged. The pair itself remembers the last of them only. */
  async function unknown(messages: readonly PrivateMessage[], { pair }: Route): Promise<PrivateMessage[]> {
    const known = await o.log.known(
      pair,
      messages.map(({ id }) => id),
    );
    return messages.filter(({ id }) => !known.has(id));
  }

  /** Another delivery of the pair has just posted the same text: what came since is left to that one. */
  function isOfAnother(message: PrivateMessage, delivery: Delivery, pair: Pair | undefined): boolean {
    if (!pair?.intent || pair.holder === delivery.id || message.sentAtMs < pair.intent.sinceMs) return false;
    return o.marks.same(pair.intent.mark, o.marks.mark(comparable(message.text)));
  }
}

const newPairOf = (route: Route): Pair =>
  newPair({ key: route.pair, sender: route.sender.id, recipients: route.recipients, names: route.names });

const arrived = (message: PrivateMessage): Arrived => ({
  id: message.id,
  conversation: message.conversationId,
  atMs: message.sentAtMs,
});

/** Sent by our sender to just these people, with this text, not there before, and not one we know already. */
function couldBeOurs(
  message: PrivateMessage,
  delivery: Delivery,
  route: Route,
  base: Base,
  pair: Pair | undefined,
): boolean {
  const isKnown = (id: ChatterMessageId) =>
    base.known.includes(id) || (pair?.known.some((known) => known.id === id) ?? false);
  return (
    isBetween(message, route, pair) &&
    message.sentAtMs >= base.sinceMs &&
    !isKnown(message.id) &&
    isSameText(message.text, route.parts[delivery.part] ?? '', delivery)
  );
}

/** What a restored Redis forgot may have gone in time, and be late now: then its label does not count. */
function isSameText(sent: string, ours: string, { must }: Delivery): boolean {
  const compared = must ? (text: string) => comparable(withoutLabel(text)) : comparable;
  return compared(sent) === compared(ours);
}

/** By this sender, to just these people. */
function isBetween(message: PrivateMessage, { sender, recipients }: Route, pair: Pair | undefined): boolean {
  const people = new Set([sender.id, ...recipients]);
  const isOfPair = message.people.length === people.size && message.people.every((id) => people.has(id));
  return message.sender === sender.id && (message.conversationId === pair?.conversation || isOfPair);
}
