import { describe, expect, it } from 'vitest';
import { pairKey } from '../../src/bridge/chatter-content.ts';
import { newPair } from '../../src/bridge/pair.ts';
import { BRIDGE } from '../../src/bridge/people.ts';
import { ada, bridgeUser, grace, live, message, reader, readOnce } from './one-reading.ts';

describe('a conversation that somebody else began', () => {
  const begun = message('a', 6_000_000);

  it('opens nothing unless its reader wants that', async () => {
    expect(await readOnce({ seen: [begun], pairs: [] })).toMatchObject({ opened: [], texts: [] });
    expect(await readOnce({ seen: [begun], pairs: [], inboxSinceMs: 0 })).toMatchObject({ opened: [] });
  });

  it('opens a pair that the reader can reply in', async () => {
    const { opened, texts } = await readOnce({ seen: [begun], pairs: [], inboxSinceMs: 5_005_000 });
    expect(texts).toEqual(['text of a']);
    expect(opened).toMatchObject([
      { key: live.key, conversation: '03M', last: 'a', startedAtMs: 6_000_000, names: ['Grace Hopper'] },
    ]);
  });

  it('does not when it began before they wanted it', async () => {
    const { opened } = await readOnce({
      seen: [message('a', 4_999_999)],
      pairs: [],
      inboxSinceMs: 5_005_000,
    });
    expect(opened).toEqual([]);
  });

  it('opens it also when a message to the same people has failed before', async () => {
    const { startedAtMs: _none, ...failed } = { ...live, version: 4 };
    const { opened, texts } = await readOnce({ seen: [begun], pairs: [failed], inboxSinceMs: 5_005_000 });
    expect(texts).toEqual(['text of a']);
    expect(opened).toMatchObject([{ version: 4, startedAtMs: 6_000_000, last: 'a' }]);
  });

  it('is read again when its pair was changed just then', async () => {
    const { released, failed } = await readOnce({
      seen: [begun],
      pairs: [],
      inboxSinceMs: 5_005_000,
      isMoved: true,
    });
    expect([released?.cursorMs, failed.map(({ code }) => code)]).toEqual([
      2_000_000,
      ['answers-not-stored-pair-moved'],
    ]);
  });

  it('does not when the reader began it themselves', async () => {
    const own = message('a', 6_000_000, { sender: ada });
    expect((await readOnce({ seen: [own], pairs: [], inboxSinceMs: 5_005_000 })).opened).toEqual([]);
  });
});

describe('the conversation of a mirrored thread', () => {
  const people = [bridgeUser, ada, grace];
  const written = message('a', 6_000_000, { people });
  const sent = (sender: typeof ada) => {
    const recipients = people.filter((id) => id !== sender);
    const pair = newPair({ key: pairKey(sender, recipients), sender, recipients, names: [] });
    return { ...pair, startedAtMs: 1_000 };
  };
  const pairs = [sent(ada), sent(bridgeUser)];

  it('is read as the bridge’s own user, whatever anybody consents to', async () => {
    const { texts, stored } = await readOnce(
      { seen: [written], pairs, consent: 'ask', allowed: false },
      reader({ person: BRIDGE }),
    );
    expect(texts).toEqual(['text of a']);
    expect(stored[0]?.delivery.author).toBe(BRIDGE);
  });

  it('is nothing in the threads of those who write in it', async () => {
    expect(await readOnce({ seen: [written], pairs, inboxSinceMs: 1 })).toMatchObject({
      texts: [],
      opened: [],
    });
  });
});
