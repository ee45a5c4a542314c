import { describe, expect, it } from 'vitest';
import type { DeliveryLog } from '../../src/bridge/delivery-log.ts';
import type { ThreadLink } from '../../src/bridge/message.ts';
import type { ChatContent, OutboxEntry } from '../../src/bridge/outbox.ts';
import { newPair } from '../../src/bridge/pair.ts';
import type { ChatPersonId, ChatThreadId, LaneKey, SalesforceUserId } from '../../src/bridge/people.ts';
import type { ChatNotes } from '../../src/bridge/ports.ts';
import { createToChat } from '../../src/bridge/to-chat.ts';
import { note, pairName, queued } from './deliveries.ts';

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

/** What an entry for this person comes down to, when the pair's thread is known like this. */
async function operation(entry: OutboxEntry, person: ChatPersonId, link: ThreadLink | undefined, dead = 0) {
  const countDead = async () => ({ count: dead, untilMs: 9 });
  const log = {
    countDead,
    threadOf: async () => (link?.person === person ? pair.thread : undefined),
    note: async () => undefined,
  };
  const toChat = createToChat({
    log: log as Partial<DeliveryLog> as DeliveryLog,
    notes: {} as ChatNotes,
    showAnswer: async () => undefined,
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
