import { describe, expect, it } from 'vitest';
import { pairKey } from '../../src/bridge/chatter-content.ts';
import { createHearNews } from '../../src/bridge/hear-news.ts';
import { newPair, type Pair, type TextMark } from '../../src/bridge/pair.ts';
import {
  BRIDGE,
  type ChatPersonId,
  type ChatterMessageId,
  type ConversationId,
  type SalesforceUserId,
} from '../../src/bridge/people.ts';
import { timing } from './deliveries.ts';

const [ada, grace, alan] = ['005ADA', '005GRACE', '005ALAN'] as [
  SalesforceUserId,
  SalesforceUserId,
  SalesforceUserId,
];
const pairOf = (sender: SalesforceUserId, ...recipients: SalesforceUserId[]): Pair => ({
  ...newPair({ key: pairKey(sender, recipients), sender, recipients, names: [] }),
  startedAtMs: 1,
});

interface Given {
  sender?: SalesforceUserId;
  members?: readonly SalesforceUserId[];
  pairs?: readonly Pair[];
  known?: readonly string[];
  inboxSinceMs?: number;
  used?: number;
  /** Whom the bridge's own user is; nobody of the conversation unless said. */
  own?: SalesforceUserId;
}

/** Who is hurried, and by how much. Ada and Grace are read; a message of Grace's to Ada unless said. */
async function hear(given: Given) {
  const hurried: [string, number][] = [];
  const pairs = given.pairs ?? [pairOf(ada, grace)];
  const hearNews = createHearNews({
    log: {
      pair: async (key) => pairs.find((pair) => pair.key === key),
      known: async (_key, ids) => new Set(ids.filter((id) => given.known?.includes(id))),
      person: async () => ({
        optedOut: false,
        allowed: true,
        noticed: true,
        ...(given.inboxSinceMs !== undefined && { inboxSinceMs: given.inboxSinceMs }),
      }),
    },
    readers: {
      readingAs: async (user) =>
        user === given.own ? [BRIDGE] : user === alan ? [] : [`T-${user}` as ChatPersonId],
      usersIn: async () => [ada, grace],
      hurry: async (people, inMs) => void hurried.push(...people.map((p): [string, number] => [p, inMs])),
    },
    counter: { used: async () => given.used ?? 0 },
    timing: timing.reads,
    own: async () => given.own ?? ('005BRIDGE' as SalesforceUserId),
  });
  await hearNews({
    message: '03J' as ChatterMessageId,
    conversation: '03M' as ConversationId,
    sender: given.sender ?? grace,
    members: given.members ?? [ada, grace],
  });
  return hurried;
}

describe('news of a message', () => {
  it('hurry those whose thread it is for, and who are read', async () => {
    expect(await hear({})).toEqual([['T-005ADA', 0]]);
    expect(await hear({ members: [alan, grace] })).toEqual([]);
  });

  it('hurry nobody when the conversation is not the bridge’s', async () => {
    expect(await hear({ pairs: [] })).toEqual([]);
    expect(await hear({ members: [ada, grace, alan] })).toEqual([]);
  });

  it('hurry whoever wants to hear of conversations that others begin', async () => {
    expect(await hear({ pairs: [], inboxSinceMs: 5 })).toEqual([['T-005ADA', 0]]);
  });

  it('do not hurry its own sender when the bridge has sent it', async () => {
    expect(await hear({ sender: ada, known: ['03J'] })).toEqual([]);
    const intent = { mark: 'm' as TextMark, sinceMs: 1 };
    expect(await hear({ sender: ada, pairs: [{ ...pairOf(ada, grace), intent }] })).toEqual([]);
  });

  it('hurry them when they typed it in Chatter', async () => {
    expect(await hear({ sender: ada })).toEqual([['T-005ADA', 0]]);
  });

  it('hurry who has written in the conversation, when Salesforce does not say who is in it', async () => {
    expect(await hear({ members: [] })).toEqual([['T-005ADA', 0]]);
  });

  it('wait when most of the readings of the hour are spent', async () => {
    const [[, waitMs] = ['', 0]] = await hear({ used: 30 });
    expect(waitMs).toBeGreaterThan(30_000);
  });
});

describe('news of a message in a mirror’s conversation', () => {
  const own = '005BRIDGE' as SalesforceUserId;
  const members = [own, ada, grace];
  const opened = pairOf(own, ada, grace);
  const byAda = pairOf(ada, own, grace);
  const given = { own, members, pairs: [opened, byAda], sender: ada };

  it('hurry the bridge’s own user alone', async () => {
    expect(await hear(given)).toEqual([[BRIDGE, 0]]);
  });

  it('hurry nobody when the bridge has sent it, as itself or as somebody', async () => {
    expect(await hear({ ...given, known: ['03J'] })).toEqual([]);
    expect(await hear({ ...given, sender: own, known: ['03J'] })).toEqual([]);
    const intent = { mark: 'm' as TextMark, sinceMs: 1 };
    expect(await hear({ ...given, pairs: [opened, { ...byAda, intent }] })).toEqual([]);
  });

  it('hurry nobody when no thread is tied to it', async () => {
    expect(await hear({ ...given, pairs: [] })).toEqual([]);
  });
});
