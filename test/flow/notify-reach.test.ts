import { describe, expect, it } from 'vitest';
import { timing } from '../../src/bridge/timing.ts';
import { quickTiming } from './bridge.ts';
import { form, nameOf, notify, notifyAndConfirm, report, reports, startCompany } from './notifying.ts';
import { command, longTest, notes, patience, wordsOf } from './seen.ts';
import type { World } from './world.ts';

/** Who has got which text, one line a message. */
const arrived = ({ salesforce }: World): string[] =>
  salesforce.messages().map(({ recipientIds, text }) => {
    const names = recipientIds.map((id) => salesforce.users.find((user) => user.id === id)?.name);
    return `${names.join(' and ')}: ${text}`;
  });

const quickReading = {
  ...timing.reading,
  pollMs: 300,
  leaseMs: 1_500,
  lookEveryMs: 50,
  heldMs: { first: 50, most: 200 },
};

describe('/chatter-notify', longTest, () => {
  it('sends to a few people at once, to each by themselves and as the sender, and says whom it has reached', async () => {
    const world = await startCompany();
    const typed = '@grace, alan@corp.com @grace grace@corp.com lunch is *ready*';
    expect(await notify(world, typed)).toMatch(/^Sending to <@U0GRACE>, <mailto:alan@corp\.com/);
    await expect.poll(() => report(world), patience).toContain('Delivered 2.');
    expect(arrived(world).sort()).toEqual(['Alan Turing: lunch is ready', 'Grace Hopper: lunch is ready']);
    const senders = new Set(world.salesforce.messages().map(({ senderId }) => senderId));
    expect([...senders]).toEqual([world.salesforceId('ada')]);
    expect(world.slack.viewsOf('U0ADA')).toEqual([]);
    expect(reports(world)).toHaveLength(1);
  });

  it('asks before it sends to a group, and sends what was confirmed to whom was confirmed', async () => {
    const world = await startCompany();
    expect(await notify(world, '@team lunch is *ready*')).toBe('');
    const { said } = await form(world);
    expect(said).toContain('2 people get it');
    expect(said).toContain('Alan Turing, Grace Hopper');
    expect(said).toContain('lunch is ready');
    expect(world.texts()).toEqual([]);
    await world.slack.submitView('U0ADA');
    expect(JSON.stringify(world.slack.viewsOf('U0ADA').at(-1)?.blocks)).toContain('Sending to 2 people');
    await expect.poll(() => report(world), patience).toContain('Delivered 2.');
    expect(arrived(world).sort()).toEqual(['Alan Turing: lunch is ready', 'Grace Hopper: lunch is ready']);
  });

  it('asks before it sends to more than five people', async () => {
    const world = await startCompany(6);
    const five = '@p0 @p1 @p2 @p3 @p4';
    expect(await notify(world, `${five} hello`)).toContain('Sending to');
    expect(await notify(world, `${five} @p5 hello again`)).toBe('');
    expect((await form(world)).said).toContain('6 people get it');
    await expect.poll(() => report(world), patience).toContain('Delivered 5.');
    expect(world.texts()).toEqual(Array(5).fill('hello'));
  });

  it('reaches everybody once however often they were named, and says who was left out and why', async () => {
    const world = await startCompany(12);
    const { salesforce } = world;
    const userOf = (n: number) => salesforce.users.find(({ name }) => name === nameOf(n))?.id ?? '';
    salesforce.changeUser(userOf(0), { isActive: false });
    salesforce.changeUser(userOf(1), { chatterEnabled: false });
    salesforce.changeUser(userOf(2), { email: 'elsewhere@corp.com' });
    salesforce.addUser({ name: 'Person Twice', email: 'p3@corp.com', username: 'twice@corp.com' });
    const said = await notifyAndConfirm(
      world,
      '@crowd #crowd @p4 p4@corp.com P5@corp.com @team #general @ada @robot @connect nobody@corp.com all of you',
    );
    const left = {
      'Person 000': 'Not active in Salesforce',
      'Person 002': 'No Salesforce user with their e-mail address',
      'Person 003': 'Several Salesforce users with one e-mail address',
      'A Guest': 'Guests in Slack',
      'A Stranger': 'Of another company',
      'A Robot': 'Apps',
      'Ada Lovelace': 'You yourself',
      'nobody@corp.com': 'No Salesforce user with their e-mail address',
    };
    expect(said).toContain('11 people get it');
    for (const [name, why] of Object.entries(left)) {
      expect(said).toMatch(new RegExp(`• ${why}: [^•]*${name}`));
    }
    await expect.poll(() => report(world), patience).toContain('*Delivered 10* of 11: 1 failed.');
    // That is known only when Salesforce refuses it.
    expect(report(world)).toMatch(
      /\*Without Chatter\* \(1\)\n• Person 001: .*“Chatter not enabled for this user”/,
    );
    const reached = [...Array.from({ length: 8 }, (_, n) => nameOf(n + 4)), 'Alan Turing', 'Grace Hopper'];
    expect(arrived(world).sort()).toEqual(reached.map((name) => `${name}: all of you`).sort());
    for (const [name, why] of Object.entries(left)) {
      expect(report(world)).toMatch(new RegExp(`${why}\\*.*${name}`));
    }
  });

  it('leaves out who has opted out', async () => {
    const world = await startCompany();
    await command(world, 'opt-out', 'grace');
    const said = await notifyAndConfirm(world, '@team hello');
    expect(said).toContain('• Opted out of this app: Grace Hopper');
    await expect.poll(() => report(world), patience).toContain('*Delivered 1.*');
    expect(arrived(world)).toEqual(['Alan Turing: hello']);
  });

  it('leaves out who has opted out, also by their address, and since it was confirmed', async () => {
    const world = await startCompany();
    await command(world, 'opt-out', 'grace');
    await notify(world, 'grace@corp.com @team hello');
    expect((await form(world)).said).toContain('• Opted out of this app: Grace Hopper');
    await command(world, 'opt-out', 'alan');
    expect(await world.slack.submitView('U0ADA')).not.toHaveProperty('errors');
    await expect.poll(() => report(world), patience).toContain('*Nobody was reached.*');
    expect(report(world)).toContain('*Opted out of this app* (2): Grace Hopper, Alan Turing');
    await notify(world, 'grace@corp.com hello again');
    await expect.poll(() => reports(world).length, patience).toBe(2);
    await expect.poll(() => report(world), patience).toContain('*Opted out of this app* (1): Grace Hopper');
    expect(arrived(world)).toEqual([]);
  });

  it('says so, and offers nothing to send, when nobody can be reached', async () => {
    const world = await startCompany();
    await notify(world, '@nobodies hello');
    const { view, said } = await form(world);
    expect(said).toContain('none of those whom you named can be reached');
    expect(said).toContain('Not found: @nobodies');
    expect(view.submit).toBeNull();
  });

  it('opens no thread for anybody until they answer, and then one with the answer', async () => {
    const world = await startCompany(0, { timing: { ...quickTiming, reading: quickReading } });
    await notifyAndConfirm(world, '@team who is in?');
    await expect.poll(() => report(world), patience).toContain('Delivered 2.');
    expect(notes(world, 'who is in?')).toEqual([]);
    expect(world.slack.messages(world.slack.dmOf('U0ADA')).filter(({ thread_ts }) => thread_ts)).toEqual([]);
    const { salesforce } = world;
    const [conversation] = salesforce.conversationsOf(world.salesforceId('grace'));
    salesforce.type(world.salesforceId('grace'), { conversationId: conversation?.id ?? '' }, 'I am.');
    await expect.poll(() => notes(world, 'I am.'), patience).toHaveLength(1);
    const [opened] = notes(world, 'I am.');
    expect(opened && wordsOf(opened)).toContain('Grace Hopper');
    expect(notes(world, 'Alan Turing wrote')).toEqual([]);
    // Nobody but the sender hears anything in Slack.
    for (const reader of ['grace', 'alan'] as const) expect(notes(world, '', reader)).toEqual([]);
  });

  it('sends nothing as somebody who has opted out, and says so', async () => {
    const world = await startCompany();
    await command(world, 'opt-out');
    await notify(world, '@team hello');
    const { view, said } = await form(world);
    expect(said).toContain('You have opted out');
    expect(view.submit).toBeNull();
    await notify(world, '@grace hello');
    await expect.poll(() => notes(world, 'You have opted out').length, patience).toBeGreaterThan(0);
    expect(world.texts()).toEqual([]);
  });
});
