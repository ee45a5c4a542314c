import type { WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import { DeliveryError } from '../bridge/delivery-error.ts';
import type { Incoming } from '../bridge/message.ts';
import { LAST_REPLIES, type MirrorRequest } from '../bridge/mirror.ts';
import type { ChatMessageId, LaneKey } from '../bridge/people.ts';
import type { ChatThreads } from '../bridge/ports.ts';
import { type Ask, methodScope } from './asking.ts';
import { restAfter } from './errors.ts';
import { makeMessageId, parseThreadId, tsOf } from './ids.ts';
import { incomingMessage } from './incoming.ts';
import { reasonToDrop } from './listeners/author.ts';
import { nobody } from './names.ts';
import type { MessageEvent } from './payload.ts';
import { threadPages } from './thread-pages.ts';
import type { WhereIs } from './whereabouts.ts';
import { writtenIn } from './written.ts';

export interface ChatThreadsOptions {
  client: WebClient;
  ask: Ask;
  permalinkOf: (message: ChatMessageId) => Promise<string | undefined>;
  whereIs: WhereIs;
  botUser: string | undefined;
}

/**
 * How far a thread was read that Slack did not let us read at once: to some apps it gives fifteen messages a minute. What is
 * written, changed or deleted meanwhile is told by events.
 */
interface Reading {
  kept: ReturnType<typeof createKept>;
  hasRoot: boolean;
  next?: string | undefined;
}
const MOST_READINGS = 100;
/** As long as a message is tried. */
const READING_MS = 24 * 60 * 60 * 1_000;

/** Threads in channels that the app is in. */
export function createChatThreads(o: ChatThreadsOptions): ChatThreads {
  const { client, ask, permalinkOf, whereIs, botUser } = o;
  const readings = new LRUCache<LaneKey, Reading>({ max: MOST_READINGS, ttl: READING_MS });
  return {
    restAfter,
    written: async (request, lane) => {
      const { team, channel, ts: root } = parseThreadId(await whereIs(request.thread));
      const home = { team, thread: request.thread, lane, isMirrored: true } as const;
      const reading = readings.get(lane) ?? { kept: createKept(request, root), hasRoot: false };
      readings.set(lane, reading);
      const keep = (page: readonly MessageEvent[]) =>
        reading.kept.add(
          page.flatMap((message) => {
            const dropped = reasonToDrop(message, botUser);
            // What an app has begun is what the thread is about.
            const isAppsRoot =
              dropped === 'bot' && message.ts === root && message.user && message.user !== botUser;
            const written = dropped === undefined || isAppsRoot ? writtenIn(message) : undefined;
            return written ? [{ ts: message.ts, incoming: incomingMessage(message, written, home) }] : [];
          }),
        );

      try {
        if (request.bring === 'root' && !reading.hasRoot) {
          for await (const page of threadPages(client, ask, { channel, root, only: 1 })) keep(page.messages);
          reading.hasRoot = true;
        }
        // Nothing else of what is older goes along then, so that it is not read either.
        const part = request.bring === 'root' ? { after: tsOf(request.sinceUs - 1) } : {};
        const at = { channel, root, from: reading.next, ...part };
        for await (const { messages, next } of threadPages(client, ask, at)) {
          keep(messages);
          reading.next = next;
        }
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.retry.kind === 'never') readings.delete(lane);
        throw error;
      }
      readings.delete(lane);
      return reading.kept.all();
    },

    describe: async (thread) => {
      const now = parseThreadId(await whereIs(thread));
      const [info, link] = await Promise.all([
        ask(methodScope('conversations.info'), 'read', () =>
          client.conversations.info({ channel: now.channel }),
        ).catch(nobody),
        permalinkOf(makeMessageId(now)).catch(nobody),
      ]);
      return { place: nameOfPlace(info?.channel ?? {}), link };
    },
  };
}

interface Read {
  ts: string;
  incoming: Incoming;
}

/** What is kept of a thread while it is read, in whatever order: hardly more of what is older than goes along. */
function createKept({ bring, sinceUs }: MirrorRequest, root: string) {
  const most = { root: 0, last: LAST_REPLIES, all: Number.POSITIVE_INFINITY }[bring];
  const kept = new Map<string, Incoming>();
  let brought = new Map<string, Incoming>();

  return {
    add(page: readonly Read[]): void {
      for (const { ts, incoming } of page) {
        if (orderOf(incoming) >= sinceUs) kept.set(ts, incoming);
        else (ts === root ? kept : brought).set(ts, marked(incoming));
      }
      const oldestFirst = [...brought].sort(([, a], [, b]) => orderOf(a) - orderOf(b));
      brought = new Map(oldestFirst.slice(Math.max(oldestFirst.length - most, 0)));
    },
    all: (): Incoming[] => [...brought.values(), ...kept.values()].sort((a, b) => orderOf(a) - orderOf(b)),
  };
}

const orderOf = ({ order }: Incoming): number => order ?? 0;

const marked = (incoming: Incoming): Incoming => ({
  ...incoming,
  message: { ...incoming.message, isBrought: true },
});

/** The name of a public channel alone: those of others are nobody's business elsewhere. */
function nameOfPlace(channel: {
  name?: string;
  is_channel?: boolean;
  is_private?: boolean;
  is_mpim?: boolean;
}) {
  if (channel.is_mpim) return 'a group conversation';
  const isPublic = channel.is_channel === true && channel.is_private !== true;
  return isPublic && channel.name ? `#${channel.name}` : 'a private channel';
}
