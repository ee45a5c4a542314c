import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, decidable, hasButtons, longTest, notes, patience, press, told, wordsOf } from './seen.ts';

describe('CONSENT=notice', longTest, () => {
  let bridge: RunningBridge;
  beforeAll(async () => {
    bridge = await startBridge({ env: { CONSENT: 'notice' } });
  });
  afterAll(() => bridge?.close());
  const FIRST_USE = '*This app now sends Chatter private messages as you,*';

  it('tells people once that the bridge sends as them, however many messages they begin with', async () => {
    const texts = ['to grace', 'to alan', 'to both'];
    await Promise.all(
      ['@grace', '@alan', '@grace @alan'].map((people, i) => command(bridge, `${people} ${texts[i]}`)),
    );
    await expect.poll(() => bridge.texts().toSorted(), patience).toEqual(texts.toSorted());
    for (const text of texts) await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
    await command(bridge, '@grace and again');
    await expect.poll(() => notes(bridge, 'and again'), patience).toHaveLength(1);
    expect(notes(bridge, FIRST_USE)).toHaveLength(1);
    // Who only receives is not acted for.
    expect(notes(bridge, FIRST_USE, 'grace')).toEqual([]);
  });

  it('sends nothing as somebody who has opted out, until they opt in', async () => {
    const sent = bridge.texts().length;
    expect(await command(bridge, 'opt-out')).toContain('no longer acts for you');
    await command(bridge, '@grace after opting out');
    await expect.poll(() => told(bridge).join(), patience).toContain('You have opted out');
    expect(bridge.texts()).toHaveLength(sent);
    expect(await command(bridge, 'opt in')).toContain('may send Chatter private messages as you');
    await command(bridge, '@grace after opting in');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('after opting in');
    expect(bridge.texts()).toHaveLength(sent + 1);
  });

  it('sends nothing more as somebody who opts out, not even what has waited since before', async () => {
    const { salesforce } = bridge;
    const ada = bridge.salesforceId('ada');
    const sent = bridge.texts();
    salesforce.changeUser(ada, { preAuthorised: false });
    salesforce.expireSessions(ada);
    await command(bridge, '@grace has waited');
    await expect.poll(() => notes(bridge, '*Waiting.*'), patience).toHaveLength(1);
    await command(bridge, 'opt-out');
    salesforce.changeUser(ada, { preAuthorised: true });
    await expect.poll(() => notes(bridge, '*Waiting.*'), patience).toEqual([]);
    expect(wordsOf(decidable(bridge, 'has waited'))).toContain('You have opted out');
    expect(bridge.texts()).toEqual(sent);

    await command(bridge, 'opt-in');
    await press(bridge, 'has waited', 'retry_delivery');
    await expect.poll(() => bridge.texts().at(-1), patience).toMatch(/^\(sent .*has waited$/);
  });
});

describe('CONSENT=ask', longTest, () => {
  let bridge: RunningBridge;
  beforeAll(async () => {
    bridge = await startBridge({ env: { CONSENT: 'ask' } });
  });
  afterAll(() => bridge?.close());
  const QUESTION = 'May this app send Chatter private messages as you?';

  it('asks before anything is sent, and sends when the answer is Allow', async () => {
    await command(bridge, '@grace may I?');
    await command(bridge, '@alan may I too?');
    await expect.poll(() => notes(bridge, QUESTION), patience).toHaveLength(1);
    await expect.poll(() => notes(bridge, 'Waiting for you to allow'), patience).toHaveLength(2);
    expect(bridge.texts()).toEqual([]);
    await press(bridge, QUESTION, 'consent_allow');
    await expect.poll(() => bridge.texts().toSorted(), patience).toEqual(['may I too?', 'may I?']);
    await expect.poll(() => notes(bridge, QUESTION).some(hasButtons), patience).toBe(false);
    await expect.poll(() => notes(bridge, '*Sent after all.*'), patience).toHaveLength(2);
    await command(bridge, '@grace no more questions');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('no more questions');
    expect(notes(bridge, QUESTION)).toHaveLength(1);
  });

  it('refuses with a sentence when the answer is No', async () => {
    const sent = bridge.texts().length;
    await command(bridge, '@ada may I as well?', 'grace');
    await expect.poll(() => notes(bridge, QUESTION, 'grace'), patience).toHaveLength(1);
    await press(bridge, QUESTION, 'consent_decline', 'grace');
    await expect.poll(() => told(bridge, 'grace').join(), patience).toContain('You have opted out');
    expect(bridge.texts()).toHaveLength(sent);
    expect(notes(bridge, QUESTION, 'grace').some(hasButtons)).toBe(false);
  });

  it('takes opt-in for an answer', async () => {
    expect(await command(bridge, 'opt-in', 'grace')).toContain('may send');
    await command(bridge, '@ada after all', 'grace');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('after all');
  });
});
