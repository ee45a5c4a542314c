import { describe, expect, it } from 'vitest';
import { absentEdges } from '../../src/absent-edges.ts';
import type { ChatterContent } from '../../src/bridge/chatter-content.ts';
import type { Base, Delivery } from '../../src/bridge/delivery.ts';
import { refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { DeliveryLog } from '../../src/bridge/delivery-log.ts';
import { newPair, type Pair, type TextMark } from '../../src/bridge/pair.ts';
import type {
  ChatPersonId,
  ChatterMessageId,
  ConversationId,
  DeliveryId,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import type { PrivateMessage } from '../../src/bridge/ports.ts';
import { createToChatter } from '../../src/bridge/to-chatter.ts';
import { pairName, queued, settling } from './deliveries.ts';

const ada = { id: '005ADA' as SalesforceUserId, username: 'ada@corp.com.org', name: 'Ada Lovelace' };
const grace = '005GRACE' as SalesforceUserId;
const alan = '005ALAN' as SalesforceUserId;
const TAKEN_MS = 1_000_000;

const content = JSON.stringify({
  v: 1,
  message: { v: 1, author: 'ada' as ChatPersonId, text: 'ok', to: { kind: 'people', people: [] } },
  route: { sender: ada, recipients: [grace], names: ['Grace Hopper'], pair: pairName, parts: ['ok'] },
} satisfies ChatterContent);

const pair: Pair = newPair({ key: pairName, sender: ada.id, recipients: [grace], names: ['Grace Hopper'] });
const markedAt = (atMs: number): Pair => ({ ...pair, highWater: { id: 'mark' as ChatterMessageId, atMs } });

const inChatter = (id: string, sentAtMs: number, other: Partial<PrivateMessage> = {}): PrivateMessage => ({
  id: id as ChatterMessageId,
  conversationId: 'conversation' as ConversationId,
  sender: ada.id,
  people: [ada.id, grace],
  names: new Map(),
  text: 'ok',
  sentAtMs,
  ...other,
});

/** Chatter with these messages in it and this time; both as its edge tells. */
function chatter(held: PrivateMessage[] = [], serverNowMs?: number, forgotten: readonly string[] = []) {
  return createToChatter({
    ...absentEdges,
    messages: {
      ...absentEdges.messages,
      sentSince: async (_sender, sinceMs) => held.filter((message) => message.sentAtMs >= sinceMs),
      serverNowMs: () => serverNowMs,
    },
    log: {
      known: async (_pair: unknown, ids: readonly ChatterMessageId[]) =>
        new Set(ids.filter((id) => forgotten.includes(id))),
    } as Partial<DeliveryLog> as DeliveryLog,
    marks: { mark: (text) => text as TextMark, same: (a, b) => a === b },
    link: () => '',
    reactions: false,
    holdMinutes: 10,
    failedKeepMs: 0,
  });
}

const written: Delivery = { ...queued, takenAtMs: TAKEN_MS, order: TAKEN_MS * 1_000 };
const baseOf = (
  of: Pair,
  serverNowMs: number | undefined,
  must = false,
  delivery = written,
): Base | undefined => chatter([], serverNowMs).base(delivery, of, must);

describe('from when on a message can be ours', () => {
  it('is a little before Salesforce stamps it, whatever server does', () => {
    expect(baseOf(pair, 2_000_000)?.sinceMs).toBe(1_995_000);
    // Another server stamped the last message, and its clock is ahead: the next one's need not be.
    expect(baseOf(markedAt(2_000_900), 2_000_000)?.sinceMs).toBeLessThan(2_000_000);
    expect(baseOf(markedAt(2_000_000), undefined)?.sinceMs).toBeLessThan(2_000_000);
  });

  it('is not known before any clock was heard or any message acknowledged', () => {
    expect(baseOf(pair, undefined)).toBeUndefined();
  });

  it('reaches back to the writing when Redis was restored, whatever went to these people since', () => {
    expect(baseOf(pair, 2_000_000, true)?.sinceMs).toBeLessThan(TAKEN_MS);
    expect(baseOf(markedAt(1_900_000), 2_000_000, true)?.sinceMs).toBeLessThan(TAKEN_MS);
    // Slack sent it once more, and what was taken in before is forgotten.
    const again = { ...written, takenAtMs: 1_800_000 };
    expect(baseOf(pair, 2_000_000, true, again)?.sinceMs).toBeLessThan(TAKEN_MS);
    const retried = { ...written, order: 1_800_000_000 };
    expect(baseOf(pair, 2_000_000, true, retried)?.sinceMs).toBeLessThan(TAKEN_MS);
  });
});

describe('a message that was acknowledged so long ago that its pair has forgotten it', () => {
  it('is not taken for ours: the log remembers', async () => {
    const delivery: Delivery = { ...settling, base: { sinceMs: TAKEN_MS, known: [] } };
    const held = [inChatter('m1', TAKEN_MS + 1), inChatter('m2', TAKEN_MS + 2)];
    const found = await chatter(held, undefined, ['m2']).look(delivery, content, pair, 0);
    expect(found?.arrived.id).toBe('m1');
    expect(await chatter(held, undefined, ['m1', 'm2']).look(delivery, content, pair, 0)).toBeUndefined();
  });
});

describe('what a look takes for ours', () => {
  const mine: Delivery = { ...settling, base: { sinceMs: TAKEN_MS, known: ['known-then'] } };
  const look = async (held: PrivateMessage[], of: Pair = pair, delivery = mine) =>
    (await chatter(held).look(delivery, content, of, 0))?.arrived.id;
  const now = TAKEN_MS + 1_000;

  it('is by the sender, to just these people, with this text, and not from before', async () => {
    expect(await look([inChatter('m1', now)])).toBe('m1');
    expect(await look([inChatter('m1', now, { text: ' ok\r\n' })])).toBe('m1');
    expect(await look([inChatter('m1', now, { sender: grace })])).toBeUndefined();
    expect(await look([inChatter('m1', now, { people: [ada.id, grace, alan] })])).toBeUndefined();
    expect(await look([inChatter('m1', now, { people: [ada.id, alan] })])).toBeUndefined();
    expect(await look([inChatter('m1', now, { text: 'ok?' })])).toBeUndefined();
    expect(await look([inChatter('m1', TAKEN_MS - 1)])).toBeUndefined();
  });

  it('is in the known conversation, whoever is in it by now', async () => {
    const known = { ...pair, conversation: 'conversation' as ConversationId };
    expect(await look([inChatter('m1', now, { people: [ada.id] })], known)).toBe('m1');
  });

  it('is none that is known: not before its POST, and not by another delivery since', async () => {
    expect(await look([inChatter('known-then', now)])).toBeUndefined();
    const acknowledged = { ...pair, known: [{ id: 'm1' as ChatterMessageId, atMs: now }] };
    expect(await look([inChatter('m1', now)], acknowledged)).toBeUndefined();
  });

  it('is the newest, and after a restore of Redis the oldest', async () => {
    const two = [inChatter('m2', now + 1), inChatter('m1', now)];
    expect(await look(two)).toBe('m2');
    expect(await look(two, pair, { ...mine, must: true })).toBe('m1');
  });

  it('may have gone in time and be late after a restore of Redis, or the other way round', async () => {
    const late = [inChatter('m1', now, { text: '(sent 10:42) ok' })];
    expect(await look(late, pair, { ...mine, must: true })).toBe('m1');
    expect(await look(late)).toBeUndefined();
  });

  it('is left to another delivery that is posting the same text to them just now', async () => {
    const holder = 'message-2' as DeliveryId;
    const busy = (text: string, sinceMs: number): Pair => ({
      ...pair,
      holder,
      intent: { mark: text as TextMark, sinceMs },
    });
    expect(await look([inChatter('m1', now)], busy('ok', now - 1))).toBeUndefined();
    expect(await look([inChatter('m1', now)], busy('ok', now + 1))).toBe('m1');
    expect(await look([inChatter('m1', now)], busy('something else', now - 1))).toBe('m1');
    expect(await look([inChatter('m1', now)], { ...busy('ok', now - 1), holder: mine.id })).toBe('m1');
  });
});

describe('a message of a notification that was stopped', () => {
  const stopped = createToChatter({
    ...absentEdges,
    mayGo: async () => {
      throw refusedForGood('stopped', 'You have stopped this notification.');
    },
    messages: { ...absentEdges.messages, send: async () => inChatter('new', TAKEN_MS) },
    log: {
      person: async () => ({ optedOut: false, allowed: true, noticed: true }),
    } as Partial<DeliveryLog> as DeliveryLog,
    marks: { mark: (text) => text as TextMark, same: (a, b) => a === b },
    link: () => '',
    reactions: false,
    holdMinutes: 10,
    failedKeepMs: 0,
  });
  const postPart = (part: number, unknown = false) =>
    stopped.post({ ...written, parts: 2, part, unknown }, content, pair, { guard: () => {}, step: () => {} });

  it('does not go', async () => {
    await expect(postPart(0)).rejects.toMatchObject({ code: 'stopped' });
  });

  it('is brought to its end when a part of it has gone before', async () => {
    await expect(postPart(1)).resolves.toMatchObject({ id: 'new' });
  });

  it('is brought to its end when it may have gone before', async () => {
    await expect(postPart(0, true)).resolves.toMatchObject({ id: 'new' });
  });
});
