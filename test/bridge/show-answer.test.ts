import { describe, expect, it } from 'vitest';
import { answerId, type ChatterAnswer } from '../../src/bridge/chatter-answer.ts';
import { pairKey } from '../../src/bridge/chatter-content.ts';
import { type Delivery, newDelivery } from '../../src/bridge/delivery.ts';
import { DeliveryError, refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { DeliveryLog } from '../../src/bridge/delivery-log.ts';
import type { Mirror } from '../../src/bridge/mirror.ts';
import { newPair, type Pair, type TextMark } from '../../src/bridge/pair.ts';
import {
  BRIDGE,
  type ChatPersonId,
  type ChatPlaceId,
  type ChatThreadId,
  type ChatterMessageId,
  type DeliveryId,
  type LaneKey,
  type PairKey,
  type SalesforceUserId,
} from '../../src/bridge/people.ts';
import { createShowAnswer } from '../../src/bridge/show-answer.ts';
import { timing } from './deliveries.ts';

const person = 'T-ADA' as ChatPersonId;
const [ada, grace] = ['005ADA', '005GRACE'] as [SalesforceUserId, SalesforceUserId];
const key = 'pair' as PairKey;
const thread = 'thread' as ChatThreadId;
const pair: Pair = {
  ...newPair({ key, sender: ada, recipients: [grace], names: ['Grace Hopper'] }),
  startedAtMs: 1,
  thread,
};
const mark = (text: string) => `mark of ${text}` as TextMark;
const answer: ChatterAnswer = {
  id: '03J' as ChatterMessageId,
  pair: key,
  sender: grace,
  senderName: 'Grace Hopper',
  text: 'noon',
  sentAtMs: 1_000,
};
const own: ChatterAnswer = { ...answer, sender: ada, senderName: 'Ada Lovelace' };
const ghost = { delivery: 'msg-1' as DeliveryId, part: 0, mark: mark('noon'), sinceMs: 500, atMs: 900 };

const delivery = newDelivery({
  id: answerId(person, answer),
  to: 'chat',
  lane: 'answers' as LaneKey,
  order: 1,
  author: person,
  takenAtMs: 1_000,
});

const mirror: Mirror = {
  ...{
    v: 1,
    state: 'live',
    thread,
    place: 'place' as ChatPlaceId,
    startedBy: person,
    people: [],
    bring: 'root',
  },
  ...{ sinceUs: 1, openedBy: 'view-1' as DeliveryId, user: ada, pair: key, lane: 'mirror-view-1' as LaneKey },
  startedAtMs: 1,
};

interface Given {
  pair?: Pair | undefined;
  /** Instead of one alone. */
  pairs?: readonly Pair[];
  known?: readonly string[];
  hasUnlooked?: boolean;
  hasThread?: boolean;
  optedOut?: boolean;
  isTalking?: boolean;
  email?: string;
  chatName?: string;
  nameFails?: boolean;
  nowMs?: number;
  late?: boolean;
  /** Whose words travel in a mirrored thread. */
  writers?: ChatPersonId[];
  /** Of the mirror's first message. */
  opening?: Partial<Delivery>;
}

async function show(what: ChatterAnswer, given: Given = {}, as: Delivery = delivery) {
  const witnessed: unknown[] = [];
  const openings: ChatPersonId[] = [];
  const log: Partial<DeliveryLog> = {
    pair: async (key) =>
      given.pairs ? given.pairs.find((one) => one.key === key) : 'pair' in given ? given.pair : pair,
    known: async (_key, ids) => new Set(ids.filter((id) => given.known?.includes(id))),
    hasUnlooked: async () => given.hasUnlooked ?? false,
    threadOf: async () => (given.hasThread === false ? undefined : thread),
    person: async () => ({ optedOut: given.optedOut ?? false, allowed: true, noticed: true }),
    read: async () =>
      given.opening && {
        delivery: { ...delivery, ...given.opening },
        content: undefined,
        isUnreadable: false,
      },
    isEmpty: async () => !given.isTalking,
    opensThread: async () => void openings.push(person),
  };
  const showAnswer = createShowAnswer({
    log: log as DeliveryLog,
    mirrors: {
      writers: async () => given.writers ?? [],
      lastOf: async () => (given.hasThread === false ? undefined : mirror),
    },
    marks: { mark, same: (a, b) => a === b },
    notes: { pieces: (text) => text.split('|') },
    people: {
      async nameByEmail() {
        if (given.nameFails) throw refusedForGood('no', 'No.');
        return given.chatName;
      },
    },
    directory: { emailOf: async () => given.email },
    witness: async (...args) => void witnessed.push(args),
    link: () => 'https://link',
    timing,
    now: () => given.nowMs ?? 2_000,
    step: () => {},
  });
  return { shown: await showAnswer(as, what, given.late ?? false), witnessed, openings };
}

const held = (given: Given, what = own) =>
  show(what, given).then(
    () => 'shown',
    (error: unknown) => (error instanceof DeliveryError ? error.retry : error),
  );

describe('an answer', () => {
  it('is said in the thread of its conversation', async () => {
    expect((await show(answer)).shown).toEqual({
      op: { do: 'say', thread, say: { words: 'answer', from: { name: 'Grace Hopper' }, text: 'noon' } },
      pieces: ['noon'],
    });
  });

  it('that is long is said in pieces', async () => {
    const { shown } = await show({ ...answer, text: 'a|b|c' });
    expect(shown?.pieces).toEqual(['a', 'b', 'c']);
    expect(shown?.op.say).toMatchObject({ text: 'a' });
  });

  it.each([
    ['more than five minutes after it was sent', { nowMs: 1_000 + 300_001 }, 1_000],
    ['after what was sent later', { late: true }, 1_000],
    ['in time', { nowMs: 1_000 + 300_000 }, undefined],
  ])('that is shown %s carries the time %s', async (_when, given, sentAtMs) => {
    expect((await show(answer, given)).shown?.op.say).toHaveProperty('words', 'answer');
    const said = (await show(answer, given)).shown?.op.say as { sentAtMs?: number };
    expect(said.sentAtMs).toBe(sentAtMs);
  });

  it('goes by the name that its writer has in chat, when they are there', async () => {
    const { shown } = await show(answer, { email: 'grace@corp.com', chatName: 'grace h.' });
    expect(shown?.op.say).toMatchObject({ from: { name: 'grace h.' } });
  });

  it('does not wait for that name', async () => {
    const { shown } = await show(answer, { email: 'grace@corp.com', nameFails: true });
    expect(shown?.op.say).toMatchObject({ from: { name: 'Grace Hopper' } });
  });

  it('opens a thread when this person has none', async () => {
    const { shown, openings } = await show(answer, { hasThread: false });
    expect(shown?.op).toMatchObject({
      do: 'say',
      say: { words: 'opened', people: ['Grace Hopper'], link: 'https://link' },
    });
    expect(shown?.op.thread).toBeUndefined();
    // They may reply to it before it is known where it is.
    expect(openings).toEqual([person]);
  });

  it('waits for the thread that is just being opened', async () => {
    expect(await held({ hasThread: false, isTalking: true }, answer)).toMatchObject({ kind: 'after' });
    expect(await held({ hasThread: false }, answer)).toBe('shown');
  });

  it('is dropped when its conversation was forgotten meanwhile', async () => {
    expect((await show(answer, { pair: undefined })).shown).toBeUndefined();
  });

  it('is dropped when its reader has opted out meanwhile', async () => {
    expect((await show(answer, { optedOut: true })).shown).toBeUndefined();
  });
});

describe('what was sent by the thread’s own person', () => {
  it('is shown as theirs when they typed it in Chatter', async () => {
    const { shown } = await show(own);
    expect(shown?.op.say).toMatchObject({ from: { name: 'Ada Lovelace', isReader: true } });
  });

  it('is an echo when it was acknowledged, however long ago', async () => {
    const acknowledged = { ...pair, known: [{ id: own.id, atMs: 1_000 }] };
    expect((await show(own, { pair: acknowledged })).shown).toBeUndefined();
    expect((await show(own, { known: [own.id] })).shown).toBeUndefined();
  });

  it('waits while a message with the same text is on its way, and only then', async () => {
    const intent = { mark: mark('noon'), sinceMs: 900 };
    expect(await held({ pair: { ...pair, intent } })).toMatchObject({ kind: 'after' });
    expect(await held({ pair: { ...pair, intent: { ...intent, mark: mark('else') } } })).toBe('shown');
    expect(await held({ pair: { ...pair, intent: { ...intent, sinceMs: 1_001 } } })).toBe('shown');
  });

  it('waits while something from before a restart of Redis is not looked for', async () => {
    expect(await held({ hasUnlooked: true })).toMatchObject({ kind: 'after' });
    expect(await held({ hasUnlooked: true }, answer)).toBe('shown');
  });

  it('waits for that however long it takes: sending may be paused', async () => {
    expect(await held({ hasUnlooked: true, nowMs: 1_000 + timing.holdMs * 10 })).toMatchObject({
      kind: 'after',
    });
  });

  it('is taken for the one on its way when that has held its lane for as long as it may', async () => {
    const intent = { mark: mark('noon'), sinceMs: 900 };
    const given = { pair: { ...pair, intent }, nowMs: 1_000 + timing.holdMs };
    expect((await show(own, given)).shown).toBeUndefined();
  });

  it('is what was given up, when it turns up: its delivery hears of it, and nobody sees it', async () => {
    const { shown, witnessed } = await show(own, { pair: { ...pair, ghosts: [ghost] } });
    expect(shown).toBeUndefined();
    expect(witnessed).toEqual([['msg-1', { id: '03J', conversation: '', atMs: 1_000 }, 0, mark('noon')]]);
  });

  it('is shown to others in the conversation, whose thread it did not come from', async () => {
    const graces = { ...pair, sender: grace, recipients: [ada] };
    const { shown } = await show(own, { pair: graces });
    expect(shown?.op.say).toMatchObject({ words: 'answer', from: { name: 'Ada Lovelace' } });
  });
});

describe('an answer in the conversation of a mirrored thread', () => {
  const [bridge, members] = ['005BRIDGE' as SalesforceUserId, [ada, grace]];
  const opened: Pair = {
    ...newPair({ key: pairKey(bridge, members), sender: bridge, recipients: members, names: [] }),
    startedAtMs: 1,
  };
  const byGrace = newPair({
    key: pairKey(grace, [bridge, ada]),
    sender: grace,
    recipients: [bridge, ada],
    names: [],
  });
  const theirs: ChatterAnswer = { ...answer, pair: opened.key };
  const forAll: Delivery = { ...delivery, author: BRIDGE };
  const showAll = (given: Given & { byGrace?: Pair }, what = theirs) =>
    show(what, { pairs: [opened, given.byGrace ?? byGrace], ...given }, forAll);

  it('is said in the thread, under the name of whoever wrote it', async () => {
    expect((await showAll({})).shown?.op).toEqual({
      do: 'say',
      thread,
      say: { words: 'answer', from: { name: 'Grace Hopper' }, text: 'noon' },
    });
  });

  it('is not said when the thread has sent it, as them or under the bridge’s name', async () => {
    expect((await showAll({ known: ['03J'] })).shown).toBeUndefined();
    expect((await showAll({ known: ['03J'] }, { ...theirs, sender: bridge })).shown).toBeUndefined();
  });

  it('waits while it may be what somebody in the thread is just sending', async () => {
    const intent = { mark: mark('noon'), sinceMs: 900 };
    await expect(showAll({ byGrace: { ...byGrace, intent } })).rejects.toMatchObject({ code: 'held' });
    await expect(showAll({ hasUnlooked: true, writers: [person] })).rejects.toMatchObject({ code: 'held' });
  });

  it('that was given up once is told to its delivery', async () => {
    const { shown, witnessed } = await showAll({ byGrace: { ...byGrace, ghosts: [ghost] } });
    expect(shown).toBeUndefined();
    expect(witnessed).toHaveLength(1);
  });

  it('goes nowhere when the thread is no longer mirrored', async () => {
    const { shown, openings } = await showAll({ hasThread: false });
    expect(shown).toBeUndefined();
    expect(openings).toEqual([]);
  });

  it('goes nowhere when it was written before the mirror’s first message, and waits while that is not known', async () => {
    const arrived = { id: '03J1', conversation: '03M', atMs: 1_001 };
    expect((await showAll({ opening: { phase: 'sent', arrived } })).shown).toBeUndefined();
    await expect(showAll({ opening: { phase: 'begun' } })).rejects.toMatchObject({
      code: 'mirror-not-known',
    });
  });
});
