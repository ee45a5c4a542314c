import { describe, expect, it } from 'vitest';
import { notifyWords } from '../../src/slack/notify-words.ts';
import {
  form,
  nameOf,
  notify,
  notifyAndConfirm,
  pressReport,
  report,
  reports,
  startCompany,
  toldAlone,
} from './notifying.ts';
import { command, longTest, patience } from './seen.ts';
import type { World } from './world.ts';

/** What is tried again later carries its time. */
const onlyOnce = (world: World, count: number, text: string) => {
  const people = world.salesforce.messages().flatMap(({ recipientIds }) => recipientIds);
  expect(new Set(people).size).toBe(count);
  expect(world.texts()).toHaveLength(count);
  expect(world.texts().filter((arrived) => !arrived.endsWith(text))).toEqual([]);
};

describe('a notification that is under way', longTest, () => {
  it('is shown as it goes, is stopped by its sender, goes on when they want, and reaches everybody once', async () => {
    const world = await startCompany(30);
    const { faults } = world.salesforce;
    faults.arm({ do: 'status', answer: '503-limit', kind: 'post', probability: 1 });
    await notifyAndConfirm(world, '#crowd hello');
    await expect
      .poll(() => report(world), patience)
      .toMatch(/\*Sending to 30 people:\* 0 delivered, 30 waiting\. Done at about <!date/);
    await pressReport(world, 'stop_notification', 'grace');
    await expect.poll(() => toldAlone(world, 'grace'), patience).toContain(notifyWords.notStopped);
    await pressReport(world, 'stop_notification');
    await expect.poll(() => toldAlone(world), patience).toContain(notifyWords.stopped);
    faults.clear();
    await expect.poll(() => report(world), patience).toMatch(/Stopped before it was sent\* \(30\)/);
    expect(report(world)).toContain('*Stopped.* 0 of 30 delivered, 30 not.');
    expect(report(world)).toContain(nameOf(17));
    expect(world.texts()).toEqual([]);

    await pressReport(world, 'resume_notification');
    await expect.poll(() => report(world), patience).toContain('*Delivered 30.*');
    onlyOnce(world, 30, 'hello');
    expect(reports(world)).toHaveLength(1);
  });

  it('is stopped in the middle, and goes on with just the rest', async () => {
    const world = await startCompany(60);
    world.salesforce.faults.arm({ do: 'slow', delayMs: 500, kind: 'post', probability: 1 });
    await notifyAndConfirm(world, '#crowd hello');
    await expect.poll(() => report(world), patience).toMatch(/\d+ delivered, .*waiting/);
    await expect.poll(() => world.texts().length, patience).toBeGreaterThan(0);
    await pressReport(world, 'stop_notification');
    await expect.poll(() => report(world), patience).toContain('*Stopped.*');
    await expect.poll(() => report(world), patience).not.toContain('Being stopped');
    const delivered = Number(/(\d+) of 60 delivered/.exec(report(world))?.[1]);
    expect(delivered).toBeGreaterThan(0);
    expect(delivered).toBeLessThan(60);
    expect(world.texts()).toHaveLength(delivered);
    world.salesforce.faults.clear();
    await pressReport(world, 'resume_notification');
    await expect.poll(() => report(world), patience).toContain('*Delivered 60.*');
    onlyOnce(world, 60, 'hello');
  });

  it('goes on after the bridge was restarted', async () => {
    const world = await startCompany(20);
    world.salesforce.faults.arm({ do: 'slow', delayMs: 300, kind: 'post', probability: 1 });
    await notifyAndConfirm(world, '#crowd hello');
    await expect.poll(() => world.texts().length, patience).toBeGreaterThan(0);
    await world.stopBridge();
    expect(world.texts().length).toBeLessThan(20);
    world.salesforce.faults.clear();
    await world.startAgain();
    await expect.poll(() => report(world), patience).toContain('*Delivered 20.*');
    onlyOnce(world, 20, 'hello');
    expect(reports(world)).toHaveLength(1);
  });

  it('is the same when its form is submitted twice', async () => {
    const world = await startCompany(6);
    await notify(world, '#crowd hello');
    await form(world);
    const submitted = await Promise.all([world.slack.submitView('U0ADA'), world.slack.submitView('U0ADA')]);
    expect(submitted.map(({ status, errors }) => [status, errors])).toEqual(Array(2).fill([200, undefined]));
    await expect.poll(() => report(world), patience).toContain('*Delivered 6.*');
    onlyOnce(world, 6, 'hello');
  });
});

describe('what failed', longTest, () => {
  it('is listed with Salesforce’s words, and tried again with one button', async () => {
    const world = await startCompany(8);
    const { switches } = world.salesforce;
    switches.vetoText = 'Not before noon.';
    switches.vetoWhenContains = 'early';
    await notifyAndConfirm(world, '#crowd early news');
    await expect.poll(() => report(world), patience).toContain('*Delivered 0* of 8: 8 failed.');
    expect(report(world)).toMatch(
      /Refused by Salesforce\* \(8\)\n• Person 000, .*Person 007: Salesforce refused it\..*Not before noon\./,
    );
    expect(report(world)).toContain('Retry the failed (8)');
    switches.vetoText = null;
    await pressReport(world, 'retry_notification', 'grace');
    await expect.poll(() => toldAlone(world, 'grace'), patience).toContain(notifyWords.notRetried);
    await pressReport(world, 'retry_notification');
    await expect.poll(() => toldAlone(world), patience).toContain('Trying again: 8 messages.');
    await expect.poll(() => report(world), patience).toContain('*Delivered 8.*');
    expect(world.texts().every((text) => text.endsWith('early news'))).toBe(true);
    expect(world.texts()).toHaveLength(8);
    expect(report(world)).not.toContain('Retry');
  });

  it('is named as a file of all outcomes says it, in the sender’s own conversation alone', async () => {
    const world = await startCompany(3);
    const { slack, salesforce } = world;
    salesforce.addUser({ name: '=HYPERLINK("http://evil")', email: 'evil@corp.com' });
    salesforce.switches.vetoText = 'Not now, "please".';
    salesforce.switches.vetoWhenContains = 'news';
    await notifyAndConfirm(world, '#crowd evil@corp.com nobody@corp.com @robot news');
    await expect.poll(() => report(world), patience).toContain('4 failed');
    await pressReport(world, 'csv_notification', 'grace');
    await expect.poll(() => toldAlone(world, 'grace'), patience).toContain(notifyWords.noReport);
    await pressReport(world, 'csv_notification');
    const shared = () => slack.messages(slack.dmOf('U0ADA')).flatMap(({ files = [] }) => files);
    await expect.poll(shared, patience).toHaveLength(1);
    const [file] = shared();
    expect(file?.name).toMatch(/^notification-\d{4}-\d\d-\d\d\.csv$/);
    const lines = slack.fileText(String(file?.id))?.split('\r\n') ?? [];
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe('name,e-mail,outcome,reason');
    expect(lines.at(-1)).toBe('');
    expect(lines.join('\n')).toContain('"\'=HYPERLINK(""http://evil"")",evil@corp.com,failed,"');
    expect(lines).toContain(
      'nobody@corp.com,nobody@corp.com,left out,No Salesforce user with their e-mail address',
    );
    expect(lines).toContain('A Robot,,left out,Apps');
    expect(slack.messages(slack.dmOf('U0GRACE')).flatMap(({ files = [] }) => files)).toEqual([]);
    // The app's own file is nobody's message.
    expect(world.texts()).toEqual([]);
  });

  it('says that the sender has opted out meanwhile', async () => {
    const world = await startCompany(6);
    world.salesforce.faults.arm({ do: 'status', answer: '503-limit', kind: 'post', probability: 1 });
    await notifyAndConfirm(world, '#crowd hello');
    await expect.poll(() => report(world), patience).toContain('6 waiting. Done at about');
    await command(world, 'opt-out');
    world.salesforce.faults.clear();
    await expect
      .poll(() => report(world), patience)
      .toMatch(/could not act for you\* \(6\)\n• Person 000, .*: You have opted out/);
    expect(world.texts()).toEqual([]);
  });
});

describe('who may notify many', longTest, () => {
  const limited = { NOTIFY_FREE_LIMIT: '3' };

  it('is everybody up to the limit, and admins beyond it', async () => {
    const world = await startCompany(6, { env: { ...limited, NOTIFY_ALLOWED: 'admins' } });
    await notify(world, '@team hello', 'alan');
    expect((await form(world, 'alan')).view.submit).not.toBeNull();
    await world.slack.closeView('U0ALAN');
    await notify(world, '@crowd hello', 'alan');
    const { view, said } = await form(world, 'alan');
    expect(said).toContain('To more than 3 people at once only admins may send.');
    expect(view.submit).toBeNull();
    // Not at once, either, though they are no more than five.
    expect(await notify(world, '@p0 @p1 @p2 @p3 hello', 'alan')).toBe('');
    await notifyAndConfirm(world, '@crowd hello', 'ada');
    await expect.poll(() => world.texts().length, patience).toBe(6);
  });

  it('is asked again when the form is submitted', async () => {
    const world = await startCompany(6, { env: { ...limited, NOTIFY_ALLOWED: 'S0TEAM' } });
    await notify(world, '@crowd hello', 'ada');
    expect((await form(world, 'ada')).said).toContain('only members of one user group may send');
    await notify(world, '@crowd hello', 'grace');
    await form(world, 'grace');
    const group = world.slack.workspace.userGroups.get('S0TEAM');
    if (group) world.slack.workspace.userGroups.set('S0TEAM', { ...group, users: ['U0ALAN'] });
    const { errors } = await world.slack.submitView('U0GRACE');
    expect(errors).toEqual({ when: expect.stringContaining('only members of one user group') });
    expect(world.texts()).toEqual([]);
  });
});
