import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { ask, begin, type Mirrored, settled, startMirroring, untimed } from './mirroring.ts';
import { command, decidable, hasButtons, longTest, notes, patience, press, wordsOf } from './seen.ts';
import type { Name } from './world.ts';

const holdMs = 2_500;
let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring({ timing: { holdMs } });
});
afterEach(() => {
  const { slack, salesforce } = bridge;
  slack.faults.clear();
  salesforce.faults.clear();
  salesforce.switches.vetoText = null;
});
afterAll(() => bridge?.close());

const last = (mirror: Mirrored) => mirror.inChatter().at(-1);

/** An admin's rule refuses whatever contains this. */
function refuse(text: string): void {
  bridge.salesforce.switches.vetoText = 'Mind your language.';
  bridge.salesforce.switches.vetoWhenContains = text;
}

function approve(name: Name, preAuthorised: boolean): void {
  const id = bridge.salesforceId(name);
  bridge.salesforce.changeUser(id, { preAuthorised });
  bridge.salesforce.expireSessions(id);
}

describe('a message of a mirrored thread that is refused', longTest, () => {
  it('is said to its author alone, with the reason, where it was written, Retry and Discard; nothing in the channel', async () => {
    const mirror = await begin(bridge);
    refuse('bad word');
    mirror.say('ada', 'a bad word');
    mirror.say('alan', 'another bad word');
    for (const name of ['ada', 'alan'] as const) {
      await expect.poll(() => notes(bridge, 'bad word', name).some(hasButtons), patience).toBe(true);
      const words = wordsOf(decidable(bridge, 'bad word', name));
      expect(words).toContain('Mind your language.');
      expect(words).toContain('https://corp.slack.com/archives/C0GENERAL/p');
    }
    expect(notes(bridge, 'bad word', 'grace')).toEqual([]);
    // Those behind them have gone on.
    mirror.say('grace', 'Well, well.');
    await expect.poll(() => last(mirror), patience).toBe('Grace Hopper: Well, well.');
    await settled(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
    expect(bridge.slack.ephemeralsOf('U0ADA')).toEqual([]);

    bridge.salesforce.switches.vetoText = null;
    await press(bridge, 'another bad word', 'retry_delivery', 'alan');
    await expect
      .poll(() => untimed(last(mirror) ?? ''), patience)
      .toBe('Chatter Bridge: Alan Turing (in Slack): another bad word');
    await press(bridge, 'a bad word', 'discard_delivery', 'ada');
    await expect.poll(() => notes(bridge, 'Discarded.').length, patience).toBe(1);
    await settled(bridge);
    expect(mirror.inChatter().join()).not.toContain(': a bad word');
  });

  it('never was a mirror when it is the first one: whoever asked hears why, the thread says nothing', async () => {
    refuse('has mirrored');
    const mirror = await ask(bridge, {});
    const about = () => notes(bridge, '*Not mirrored.*');
    await expect.poll(about, patience).toHaveLength(1);
    expect(about().map(wordsOf).join()).toContain('Mind your language.');
    await mirror.say('ada', 'Unheard').delivered;
    await settled(bridge);
    expect(mirror.inSlack()).toEqual([]);
    expect(mirror.conversation()).toEqual([]);
    // Thread and people are free: it can be tried again.
    bridge.salesforce.switches.vetoText = null;
    const again = await begin(bridge, { root: mirror.root });
    again.say('ada', 'Heard');
    await expect.poll(() => last(again), patience).toBe('Ada Lovelace: Heard');
  });

  it('whose outcome is not known is looked for, by the bridge’s own user, too, and never sent twice', async () => {
    const mirror = await begin(bridge);
    bridge.salesforce.faults.arm({ do: 'drop-before', kind: 'post', text: 'lost' });
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: 'found' });
    mirror.say('alan', 'lost');
    mirror.say('alan', 'found');
    mirror.say('ada', 'behind');
    await expect
      .poll(() => mirror.inChatter().slice(1), patience)
      .toEqual([
        'Chatter Bridge: Alan Turing (in Slack): lost',
        'Chatter Bridge: Alan Turing (in Slack): found',
        'Ada Lovelace: behind',
      ]);
  });

  it('is called unconfirmed to its author alone when nobody knows', async () => {
    const mirror = await begin(bridge);
    bridge.salesforce.faults.arm({
      do: 'hang',
      afterMs: 60_000,
      commit: false,
      kind: 'post',
      text: 'in doubt',
    });
    mirror.say('alan', 'in doubt');
    await expect.poll(() => notes(bridge, 'Not confirmed.', 'alan').some(hasButtons), patience).toBe(true);
    await press(bridge, 'in doubt', 'discard_delivery', 'alan');
    mirror.say('ada', 'no doubt');
    await expect.poll(() => last(mirror), patience).toBe('Ada Lovelace: no doubt');
    expect(mirror.inSlack()).toHaveLength(1);
  });
});

describe('somebody in the conversation whose token is dead', longTest, () => {
  it('holds the thread for HOLD_MINUTES; then the bridge says it for them, and what they write next at once', async () => {
    const mirror = await begin(bridge);
    approve('grace', false);
    const startedMs = performance.now();
    mirror.say('grace', 'held');
    mirror.say('ada', 'behind it');
    await expect.poll(() => notes(bridge, '*Waiting.*', 'grace'), patience).toHaveLength(1);
    expect(mirror.inChatter()).toHaveLength(1);
    await expect.poll(() => mirror.inChatter().length, patience).toBe(3);
    expect(performance.now() - startedMs).toBeGreaterThan(holdMs - 200);
    expect(mirror.inChatter().slice(1).map(untimed).toSorted()).toEqual([
      'Ada Lovelace: behind it',
      'Chatter Bridge: Grace Hopper (in Slack): held',
    ]);
    const before = performance.now();
    mirror.say('grace', 'at once');
    await expect.poll(() => last(mirror), patience).toBe('Chatter Bridge: Grace Hopper (in Slack): at once');
    expect(performance.now() - before).toBeLessThan(holdMs);
    expect(mirror.inSlack()).toHaveLength(1);
    approve('grace', true);
    await settled(bridge);
  });

  it('goes on as themselves when they are approved in time, in order', async () => {
    const mirror = await begin(bridge, { people: ['alan'] });
    approve('alan', false);
    mirror.say('alan', 'held');
    mirror.say('ada', 'behind it');
    await expect.poll(() => notes(bridge, '*Waiting.*', 'alan'), patience).toHaveLength(1);
    approve('alan', true);
    await expect
      .poll(() => mirror.inChatter().slice(1), patience)
      .toEqual(['Alan Turing: held', 'Ada Lovelace: behind it']);
    await settled(bridge);
  });
});

describe('CONSENT=ask', longTest, () => {
  const QUESTION = 'May this app send Chatter private messages as you?';

  it('asks whoever takes part before anything is sent as them, and the bridge speaks for who says no', async () => {
    const asking = await startMirroring({ env: { CONSENT: 'ask' } });
    onTestFinished(() => asking.close());
    await command(asking, 'opt-in');
    const mirror = await begin(asking, { people: ['grace'] });
    mirror.say('grace', 'May I?');
    await expect.poll(() => notes(asking, QUESTION, 'grace'), patience).toHaveLength(1);
    await press(asking, QUESTION, 'consent_decline', 'grace');
    await expect
      .poll(() => mirror.inChatter().map(untimed).at(-1), patience)
      .toBe('Chatter Bridge: Grace Hopper (in Slack): May I?');
    // Nobody is asked whom the bridge does not act for.
    mirror.say('alan', 'Hello');
    await expect.poll(() => last(mirror), patience).toBe('Chatter Bridge: Alan Turing (in Slack): Hello');
    for (const name of ['ada', 'alan'] as const) expect(notes(asking, QUESTION, name)).toEqual([]);
  });
});

describe('the first time that the bridge acts as somebody in a mirrored thread', longTest, () => {
  it('they are told so, once', async () => {
    const FIRST_USE = '*This app now sends Chatter private messages as you,*';
    const other = await startMirroring();
    onTestFinished(() => other.close());
    const mirror = await begin(other);
    mirror.say('grace', 'one');
    mirror.say('grace', 'two');
    await expect.poll(() => last(mirror), patience).toBe('Grace Hopper: two');
    await settled(other);
    for (const name of ['ada', 'grace'] as const) expect(notes(other, FIRST_USE, name)).toHaveLength(1);
    expect(notes(other, FIRST_USE, 'alan')).toEqual([]);
    await command(other, 'opt-out', 'grace');
    mirror.say('grace', 'three');
    await expect.poll(() => last(mirror), patience).toBe('Chatter Bridge: Grace Hopper (in Slack): three');
  });
});
