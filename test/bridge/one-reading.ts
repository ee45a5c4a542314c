import { pairKey } from '../../src/bridge/chatter-content.ts';
import type { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { DeliveryLog, NewEntry, TakeResult } from '../../src/bridge/delivery-log.ts';
import type { ChatContent } from '../../src/bridge/outbox.ts';
import { newPair, type Pair } from '../../src/bridge/pair.ts';
import type {
  ChatPersonId,
  ChatterMessageId,
  ConversationId,
  PairKey,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import type { PrivateMessage } from '../../src/bridge/ports.ts';
import { createReadAnswers } from '../../src/bridge/read-answers.ts';
import type { Read, Reader, Readers } from '../../src/bridge/readers.ts';
import { noStep } from '../../src/bridge/steps.ts';
import { timing } from './deliveries.ts';

export const person = 'T-ADA' as ChatPersonId;
export const [ada, grace, alan] = ['005ADA', '005GRACE', '005ALAN'] as SalesforceUserId[] as [
  SalesforceUserId,
  SalesforceUserId,
  SalesforceUserId,
];
export const bridgeUser = '005BRIDGE' as SalesforceUserId;
export const NOW_MS = 10_000_000;

/** Grace's to Ada. */
export const message = (
  id: string,
  sentAtMs: number,
  change: Partial<PrivateMessage> = {},
): PrivateMessage => ({
  id: id as ChatterMessageId,
  conversationId: '03M' as ConversationId,
  sender: grace,
  people: [grace, ada],
  names: new Map([
    [grace, 'Grace Hopper'],
    [ada, 'Ada Lovelace'],
  ]),
  text: `text of ${id}`,
  sentAtMs,
  ...change,
});

/** Ada's with Grace, begun long ago. */
export const live: Pair = {
  ...newPair({ key: pairKey(ada, [grace]), sender: ada, recipients: [grace], names: ['Grace Hopper'] }),
  startedAtMs: 1_000,
};

/** Ada, as she is claimed. */
export const reader = (change: Partial<Reader> = {}): Reader => ({
  person,
  token: 'token',
  nowMs: NOW_MS,
  cursorMs: 2_000_000,
  trafficMs: NOW_MS,
  failures: 0,
  ...change,
});

interface Given {
  seen?: readonly PrivateMessage[];
  pairs?: readonly Pair[];
  inboxSinceMs?: number;
  pages?: number;
  isWhole?: boolean;
  nowMs?: number;
  consent?: 'ask';
  allowed?: boolean;
  isMoved?: boolean;
  optedOut?: boolean;
  isPushed?: boolean;
  known?: readonly string[];
  taken?: TakeResult;
  fails?: Error;
}

/** One reading, and everything that came of it. */
export async function readOnce(given: Given, from: Reader = reader()) {
  const stored = new Map<string, NewEntry>();
  const opened: Pair[] = [];
  let released: Read | undefined;
  let isForgotten = false;
  let sinceMs: number | undefined;
  const pairs = new Map<PairKey, Pair>((given.pairs ?? [live]).map((pair) => [pair.key, pair]));
  const log: Partial<DeliveryLog> = {
    person: async () => ({
      optedOut: given.optedOut ?? false,
      allowed: given.allowed ?? true,
      noticed: true,
      ...(given.inboxSinceMs !== undefined && { inboxSinceMs: given.inboxSinceMs }),
    }),
    pair: async (key) => pairs.get(key),
    known: async (_key, ids) => new Set(ids.filter((id) => given.known?.includes(id))),
    async openPair(pair) {
      opened.push(pair);
      return !given.isMoved;
    },
    async take(entry) {
      if (given.taken) return given.taken;
      if (stored.has(entry.delivery.id)) return { kind: 'duplicate' };
      stored.set(entry.delivery.id, entry);
      return { kind: 'stored', head: undefined };
    },
  };
  const readers: Partial<Readers> = {
    async release(_reader, read) {
      released = read;
      return true;
    },
    async forget() {
      isForgotten = true;
    },
  };
  const failed: DeliveryError[] = [];
  const asked: ChatPersonId[] = [];
  const leftOut: ChatPersonId[] = [];
  const read = createReadAnswers({
    log: log as DeliveryLog,
    readers: readers as Readers,
    bell: { add: async () => {}, ring: async () => {} },
    people: { find: async (id) => ({ id, name: 'Ada', email: 'ada@corp.com', timeZone: 'UTC' }) },
    directory: {
      findByEmail: async () => ({ id: ada, username: 'ada', name: 'Ada Lovelace' }),
      own: async () => ({ id: bridgeUser, username: 'bridge', name: 'Chatter Bridge' }),
    },
    messages: {
      async newsSince(_reader, since) {
        sinceMs = since;
        if (given.fails) throw given.fails;
        return { messages: given.seen ?? [], pages: given.pages ?? 1, isWhole: given.isWhole ?? true };
      },
      serverNowMs: () => given.nowMs ?? 5_000_000,
    },
    timing,
    consent: given.consent ?? 'notice',
    askConsent: async () => void asked.push(person),
    leftOut: () => void leftOut.push(person),
    isPushed: async () => given.isPushed ?? false,
    now: () => NOW_MS,
    step: noStep,
    failed: (_person, error) => failed.push(error),
  });
  await read(from);
  const texts = [...stored.values()].map(({ content }) => {
    const { entry } = JSON.parse(content) as ChatContent;
    return entry.kind === 'answer-in-thread' ? entry.answer.text : entry.kind;
  });
  return {
    texts,
    stored: [...stored.values()],
    opened,
    released,
    isForgotten,
    sinceMs,
    failed,
    asked,
    leftOut,
  };
}
