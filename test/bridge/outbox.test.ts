import { describe, expect, it } from 'vitest';
import type { NewEntry } from '../../src/bridge/delivery-log.ts';
import { mirrorLane } from '../../src/bridge/lane.ts';
import type { Mirror } from '../../src/bridge/mirror.ts';
import { mirrorOverEntry, type OutboxEntry, outboxEntry, personalEntry } from '../../src/bridge/outbox.ts';
import type {
  AnswerHandle,
  ChatMessageId,
  ChatPersonId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
} from '../../src/bridge/people.ts';
import { failed, pairName, sent } from './deliveries.ts';

const say = { words: 'trying-again', excerpt: 'lunch?' } as const;
const notice: OutboxEntry = { kind: 'notice', about: sent.id, say };
const answer: OutboxEntry = { kind: 'answer', handle: 'url' as AnswerHandle, say };
const mark: OutboxEntry = { kind: 'mark', message: 'C1/1.0' as ChatMessageId };
const conversation: OutboxEntry = {
  kind: 'conversation',
  pair: pairName,
  lane: 'to-grace' as LaneKey,
  people: ['Grace Hopper'],
  text: 'lunch?',
};

describe('an entry of the outbox', () => {
  it('has the same id when the same outcome is stored again, so that it is said once', () => {
    expect(outboxEntry(sent, 'sent', notice)).toEqual(outboxEntry(sent, 'sent', notice));
  });

  it('has an id of its own for each kind, each telling and each state', () => {
    const entries: NewEntry[] = [
      ...[notice, answer, mark, conversation].map((entry) => outboxEntry(sent, 'sent', entry)),
      outboxEntry(sent, 'arrived-twice', notice),
      outboxEntry({ ...sent, version: sent.version + 1 }, 'sent', notice),
      outboxEntry({ ...sent, id: 'message-2' as DeliveryId }, 'sent', notice),
    ];
    expect(new Set(entries.map((entry) => entry.delivery.id)).size).toBe(entries.length);
  });

  it('keeps what a person reads in order, and marks by their thread, while answers wait for nobody', () => {
    const lanes = [notice, conversation, answer, mark].map(
      (entry) => outboxEntry(failed, 'failed', entry).delivery.lane,
    );
    expect(lanes).toEqual(['chat-ada', 'chat-ada', 'answer-message-1', `marks-${failed.lane}`]);
  });

  it('about a mirror waits for nothing that the mirror itself has in its lane', () => {
    const thread = 'T1-C1-1.0' as ChatThreadId;
    const words = { words: 'mirrored', thread, by: sent.author, people: [], link: '' } as const;
    const opened: OutboxEntry = { kind: 'mirror-opened', openedBy: sent.id, thread, say: words };
    const { lane } = outboxEntry(sent, 'sent', opened).delivery;
    const over = mirrorOverEntry({ openedBy: sent.id, thread, people: [] as Mirror['people'] } as Mirror);
    expect(over.delivery.lane).toBe(lane);
    expect(lane).not.toBe(mirrorLane(sent.id));
  });

  it('knows what may be said twice without harm', () => {
    const repeatable = [notice, conversation, answer, mark].map(
      (entry) => outboxEntry(sent, 'sent', entry).delivery.repeatable,
    );
    expect(repeatable).toEqual([false, false, true, true]);
  });

  it('is a delivery to chat whose time and order Redis decides', () => {
    const { delivery, content } = outboxEntry(sent, 'sent', notice);
    expect(delivery).toMatchObject({ to: 'chat', phase: 'queued', author: 'ada', version: 1 });
    expect(delivery).not.toHaveProperty('order');
    expect(delivery).not.toHaveProperty('takenAtMs');
    expect(JSON.parse(content)).toEqual({ v: 1, person: 'ada', entry: notice });
  });

  it('about a person has the id that makes it once', () => {
    const entry = personalEntry('first-use', 'first-use-ada' as DeliveryId, 'ada' as ChatPersonId);
    expect(entry.delivery).toMatchObject({ id: 'first-use-ada', lane: 'chat-ada', repeatable: false });
    expect(JSON.parse(entry.content).entry).toEqual({ kind: 'say', say: { words: 'first-use' } });
  });
});
