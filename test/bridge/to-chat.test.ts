import { describe, expect, it } from 'vitest';
import type { DeliveryLog } from '../../src/bridge/delivery-log.ts';
import type { ThreadLink } from '../../src/bridge/message.ts';
import type { ChatContent, OutboxEntry } from '../../src/bridge/outbox.ts';
import { newPair } from '../../src/bridge/pair.ts';
import {
  BRIDGE,
  type ChatMessageId,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type LaneKey,
  type SalesforceUserId,
} from '../../src/bridge/people.ts';
import type { ChatNotes } from '../../src/bridge/ports.ts';
import { createToChat } from '../../src/bridge/to-chat.ts';
import { note, pairName, queued, timing } from './deliveries.ts';

const ada = 'ada' as ChatPersonId;
const thread = 'thread-of-ada' as ChatThreadId;
const lane = 'to-grace' as LaneKey;
const pair = newPair({
  key: pairName,
  sender: '005ADA' as SalesforceUserId,
  recipients: [],
  names: [],
  thread,
});
const conversation: OutboxEntry = {
  kind: 'conversation',
  pair: pairName,
  lane,
  people: ['Grace'],
  text: 'ok',
};
const notice: OutboxEntry = {
  kind: 'notice',
  about: queued.id,
  pair: pairName,
  say: { words: 'sent-after-all', excerpt: 'ok' },
};

const noMirrors = {
  mirrors: { find: async () => undefined, end: async () => undefined },
  mirrorEnd: { end: async () => undefined },
  threads: { restAfter: () => undefined },
};

/** What an entry for this person comes down to, when the pair's thread is known like this. */
async function operation(
  entry: OutboxEntry,
  person: ChatPersonId,
  link: ThreadLink | undefined,
  dead = 0,
  posted?: { message: ChatMessageId; thread: ChatThreadId },
) {
  const countDead = async () => ({ count: dead, untilMs: 9 });
  const log = {
    countDead,
    threadOf: async () => (link?.person === person ? pair.thread : undefined),
    note: async () => posted,
  };
  const toChat = createToChat({
    log: log as Partial<DeliveryLog> as DeliveryLog,
    ...noMirrors,
    notes: {} as ChatNotes,
    showAnswer: async () => undefined,
    timing,
    now: () => 0,
  });
  const prepared = await toChat.prepare(note, JSON.stringify({ v: 1, person, entry }), false);
  if (!prepared) throw new Error('there is nothing to say');
  return (JSON.parse(prepared.content) as ChatContent).op;
}

describe('the notice of a failure', () => {
  const retry = { delivery: queued.id, version: 1 };
  const failure: OutboxEntry = {
    ...notice,
    say: { words: 'failed', sentence: 'No.', excerpt: 'ok', retry },
  };

  it.each([
    [1, undefined],
    [2, { count: 2, untilMs: 9 }],
  ])('with %i of them offers %j for all', async (count, all) => {
    const op = await operation(failure, ada, undefined, count);
    expect(op).toMatchObject({ do: 'say', say: { words: 'failed' } });
    expect((op as { say: { all?: unknown } }).say.all).toEqual(all);
  });
});

describe('the thread of a pair', () => {
  const link: ThreadLink = { v: 1, person: ada, lane, pair: pairName };

  it('is gone on in by the person whose it is', async () => {
    expect(await operation(conversation, ada, link)).toMatchObject({ say: { words: 'line' }, thread });
    expect(await operation(notice, ada, link)).toMatchObject({ thread });
  });

  it('is nobody else’s: another account of the same Salesforce user gets a thread of its own', async () => {
    const newAccount = 'ada-again' as ChatPersonId;
    const opened = await operation(conversation, newAccount, link);
    expect(opened).toMatchObject({ say: { words: 'root' } });
    expect(opened).not.toHaveProperty('thread');
    expect(await operation(notice, newAccount, link)).not.toHaveProperty('thread');
  });

  it('is opened anew when it was forgotten, as replies in it would go nowhere', async () => {
    expect(await operation(conversation, ada, undefined)).toMatchObject({ say: { words: 'root' } });
    expect(await operation(notice, ada, undefined)).not.toHaveProperty('thread');
  });
});

describe('the notice of a mirror', () => {
  it('is changed where its thread is, which may have moved since', async () => {
    const entry: OutboxEntry = { ...notice, say: { words: 'mirror-over', people: [] } };
    const posted = { message: 'C1/2.0' as ChatMessageId, thread };
    expect(await operation(entry, BRIDGE, undefined, 0, posted)).toMatchObject({ do: 'change', ...posted });
  });
});

describe('a mark', () => {
  const message = 'C1/1.0' as ChatMessageId;
  const marks = 'marks-to-grace' as LaneKey;

  /** Which messages are marked when a mark that is so old is due, and that one is the last of its thread. */
  async function marked(ageMs: number, last: string): Promise<ChatMessageId[]> {
    const set: ChatMessageId[] = [];
    const toChat = createToChat({
      ...noMirrors,
      log: {
        last: async (lane) => (lane === marks ? last : undefined),
      } as Partial<DeliveryLog> as DeliveryLog,
      notes: { markDelivered: async (one) => void set.push(one) } as Partial<ChatNotes> as ChatNotes,
      showAnswer: async () => undefined,
      timing,
      now: () => 1_000_000,
    });
    const delivery = { ...note, id: 'mark-1' as DeliveryId, lane: marks, takenAtMs: 1_000_000 - ageMs };
    const entry: OutboxEntry = { kind: 'mark', message };
    const prepared = await toChat.prepare(delivery, JSON.stringify({ v: 1, person: ada, entry }), false);
    const watch = { guard: () => {}, step: () => {} };
    const arrived = await toChat.post(delivery, prepared?.content ?? '', undefined, watch);
    expect(arrived).toMatchObject({ id: message });
    return set;
  }

  it.each([
    ['is set', 0, 'mark-2', [message]],
    ['is set also when it took a minute', 60_000, 'mark-2', [message]],
    ['is left out when it took longer and there is a later one', 60_001, 'mark-2', []],
    ['is set however late it is, as the last of its thread', 3_600_000, 'mark-1', [message]],
  ])('%s', async (_, ageMs, last, expected) => {
    expect(await marked(ageMs, last)).toEqual(expected);
  });
});
