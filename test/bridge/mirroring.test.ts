import { describe, expect, it } from 'vitest';
import { pairKey } from '../../src/bridge/chatter-content.ts';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { Incoming } from '../../src/bridge/message.ts';
import { createMirroring } from '../../src/bridge/mirroring.ts';
import type { DeliveryId, LaneKey } from '../../src/bridge/people.ts';
import { ada, alan, type Given, grace, mirrorWorld, reply, request, thread, users } from './mirror-world.ts';

const brought: Incoming = {
  id: 'msg-root' as DeliveryId,
  lane: 'mirror-view-1' as LaneKey,
  order: 1_000,
  message: reply(alan, { isBrought: true }),
};

async function mirrored(given: Given = {}) {
  const world = mirrorWorld(given);
  const mirroring = createMirroring(world.options);
  await mirroring.open(world.opening, request);
  const speak = (author: typeof ada, change: Partial<Delivery> = {}, message = {}) =>
    mirroring.speak({ ...world.opening, ...change }, reply(author, message), thread);
  return { ...world, mirroring, speak };
}

const ids = (people: readonly { id: string }[] | undefined) => people?.map(({ id }) => id);

describe('a mirror that opens', () => {
  it('is of the bridge’s own user and everybody chosen, and the bridge says the first words', async () => {
    const { mirroring, mirrors, opening } = await mirrored();
    const speaking = await mirroring.open(opening, request);
    expect(speaking).toMatchObject({ sender: users.bridge, relayedFor: 'ada in chat' });
    expect(ids(speaking?.recipients)).toEqual(['005ada', '005grace']);
    expect(await mirrors.find(thread)).toMatchObject({
      state: 'live',
      openedBy: 'view-1',
      lane: 'mirror-view-1',
      pair: pairKey(users.bridge.id, [users.ada.id, users.grace.id]),
    });
  });

  it('takes in what goes along, once, however often it is tried', async () => {
    const { mirroring, taken, opening } = await mirrored({ history: [brought] });
    await mirroring.open(opening, request);
    expect(taken.map(({ delivery }) => [delivery.id, delivery.lane, delivery.order])).toEqual([
      ['msg-root', 'mirror-view-1', 1_000],
    ]);
  });

  it('is refused when the thread or the people have another', async () => {
    const { mirroring, opening } = await mirrored();
    const other = { ...opening, id: 'view-2' as DeliveryId };
    await expect(mirroring.open(other, request)).rejects.toMatchObject({ code: 'thread-taken' });
    const elsewhere = { ...request, thread: 'other' as typeof thread };
    await expect(mirroring.open(other, elsewhere)).rejects.toMatchObject({ code: 'people-taken' });
  });

  it('anew takes the place of the one before, which takes leave', async () => {
    const { mirroring, mirrors, taken, opening } = await mirrored();
    const anew = { ...opening, id: 'view-2' as DeliveryId, lane: 'mirror-view-2' as LaneKey };
    await mirroring.open(anew, { ...request, isAnew: true });
    expect(await mirrors.find(thread)).toMatchObject({ openedBy: 'view-2', state: 'live' });
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['view-1-end', 'view-1-over']);
    // Tried again, it does not end itself.
    await mirroring.open(anew, { ...request, isAnew: true });
    expect(await mirrors.find(thread)).toMatchObject({ openedBy: 'view-2', state: 'live' });
  });
});

describe('what is written in a mirrored thread', () => {
  it('is sent as whoever wrote it, when they are in the conversation', async () => {
    const { speak } = await mirrored();
    const speaking = await speak(grace);
    expect(speaking?.sender).toEqual(users.grace);
    expect(speaking).not.toHaveProperty('relayedFor');
    expect(ids(speaking?.recipients)).toEqual(['005ada', '005bridge']);
  });

  it('is said by the bridge under the name of everybody else, who hear of it once', async () => {
    const { speak, said } = await mirrored();
    const speaking = await speak(alan);
    expect(speaking).toMatchObject({ sender: users.bridge, relayedFor: 'alan in chat' });
    expect(ids(speaking?.recipients)).toEqual(['005ada', '005grace']);
    await speak(alan);
    expect(said).toMatchObject([{ kind: 'say', say: { words: 'outsider' } }]);
  });

  it('is said by the bridge for whoever has no Salesforce user, or has opted out', async () => {
    expect(await (await mirrored({ without: grace })).speak(grace)).toMatchObject({ sender: users.bridge });
    const { speak, said } = await mirrored({ record: { optedOut: true } });
    expect(await speak(grace)).toMatchObject({ sender: users.bridge, relayedFor: 'grace in chat' });
    expect(said).toEqual([]);
  });

  it('waits for consent while it holds its thread, and is said by the bridge after that', async () => {
    const { speak, asked } = await mirrored({ consent: 'ask' });
    await expect(speak(grace)).rejects.toMatchObject({ waitsFor: 'consent' });
    expect(asked).toEqual(['ask-consent grace']);
    const waiting = { for: 'consent', sinceMs: 1, code: 'consent-needed', sentence: '' } as const;
    expect(await speak(grace, { aside: true, waiting })).toMatchObject({ relayedFor: 'grace in chat' });
    // What they write next does not hold the thread again.
    expect(await speak(grace)).toMatchObject({ relayedFor: 'grace in chat' });
  });

  it('does not travel when a guest wrote it, who hears so once', async () => {
    const { speak, said } = await mirrored({ guest: alan });
    expect(await speak(alan)).toBeUndefined();
    expect(await speak(alan)).toBeUndefined();
    expect(said).toMatchObject([{ say: { words: 'does-not-travel', sentence: 'Guests cannot.' } }]);
  });

  it('before it was mirrored is brought along without a word to its writer', async () => {
    const { speak, said } = await mirrored({ guest: grace });
    expect(await speak(alan, {}, { isBrought: true })).toMatchObject({ relayedFor: 'alan in chat' });
    expect(await speak(grace, {}, { isBrought: true })).toBeUndefined();
    expect(said).toEqual([]);
  });

  it('before it was mirrored waits for nobody’s consent', async () => {
    const { speak, asked } = await mirrored({ consent: 'ask' });
    expect(await speak(grace, {}, { isBrought: true })).toMatchObject({ relayedFor: 'grace in chat' });
    expect(asked).toEqual([]);
    const allowed = await mirrored({ consent: 'ask', record: { allowed: true } });
    expect(await allowed.speak(grace, {}, { isBrought: true })).toMatchObject({ sender: users.grace });
  });

  it('makes its writer one of those who may stop it', async () => {
    const { speak, mirrors } = await mirrored();
    await speak(alan);
    expect(await mirrors.writers(thread)).toEqual([alan]);
  });

  it('waits until the conversation has begun, and goes nowhere when it never will', async () => {
    const phases = ['queued', 'begun', 'settling'] as const;
    for (const phase of phases) {
      const { speak } = await mirrored({ opening: { phase } });
      await expect(speak(grace)).rejects.toMatchObject({ code: 'mirror-not-open', certain: true });
    }
    for (const phase of ['failed', 'discarded'] as const) {
      expect(await (await mirrored({ opening: { phase } })).speak(grace)).toBeUndefined();
    }
    // It may have arrived; it is not waited for.
    expect(await (await mirrored({ opening: { phase: 'uncertain' } })).speak(grace)).toBeDefined();
    expect(await (await mirrored({ opening: 'forgotten' })).speak(grace)).toBeDefined();
  });

  it('still goes after somebody has stopped it, if it was written before', async () => {
    const { speak, mirrors, opening } = await mirrored();
    await mirrors.end(thread, { state: 'stopped', stoppedBy: ada }, opening.id);
    expect(await speak(grace)).toMatchObject({ sender: users.grace });
  });
});

describe('a mirror that ends', () => {
  it('takes leave, and finishes what a crash has left of its end', async () => {
    const { mirroring, mirrors, taken, opening } = await mirrored();
    const speaking = await mirroring.close(thread, opening.id, { state: 'stopped', stoppedBy: ada });
    expect(speaking).toMatchObject({ sender: users.bridge });
    expect(await mirrors.find(thread)).toMatchObject({ state: 'stopped' });
    expect(taken.map(({ delivery }) => delivery.id)).toEqual(['view-1-over']);
  });

  it('says nothing in a conversation that never began', async () => {
    const { mirroring, opening } = await mirrored({ opening: { phase: 'failed' } });
    expect(await mirroring.close(thread, opening.id, { state: 'stopped', stoppedBy: ada })).toBeUndefined();
  });
});
