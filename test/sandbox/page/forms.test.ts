import { generateKeyPairSync } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOrg, companyWorkspace, haveTalked, userId } from '../../../sandbox/company.ts';
import { startPage } from '../../../sandbox/page/server.ts';
import { type StandInSalesforce, startSalesforce } from '../../../sandbox/salesforce/server.ts';
import { type StandInSlack, startSlack } from '../../../sandbox/slack/server.ts';
import { chromium } from '../../setup/browser.ts';
import { plain } from '../slack/modal.ts';
import { type OpenedPage, openPage } from './opened.ts';
import { FORM, SHORTCUTS, type SmallApp, startSmallApp } from './small-app.ts';

const PATIENCE = { timeout: 10_000 };

describe.skipIf(!chromium)('Slack’s pane, with an app that has forms', { timeout: 30_000 }, () => {
  let slack: StandInSlack;
  let salesforce: StandInSalesforce;
  let app: SmallApp;
  let served: Awaited<ReturnType<typeof startPage>>;
  let opened: OpenedPage;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    salesforce = await startSalesforce({ clientId: 'id', publicKey, users: companyOrg() });
    slack = await startSlack({ seed: companyWorkspace(), shortcuts: SHORTCUTS });
    haveTalked(slack.workspace);
    app = await startSmallApp(slack, salesforce);
    served = await startPage({ slack, salesforce, processes: [] }, 0);
    opened = await openPage(served.url, 800, PATIENCE.timeout);
    ({ page, problems } = opened);
  }, 60_000);
  afterAll(async () => {
    await opened?.close();
    await served?.close();
    await Promise.all([app?.close(), slack?.close(), salesforce?.close()]);
  });

  const pane = () => page.getByRole('region', { name: 'Slack', exact: true });
  const message = (text: string) => pane().getByRole('article').filter({ hasText: text }).first();
  const modal = () => page.getByRole('dialog');
  const choose = async (text: string, item: string) => {
    await message(text).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const latest = (type: string) => app.heard.findLast((payload) => payload.type === type);
  const state = () =>
    (latest('view_submission')?.view as { state?: { values?: Record<string, object> } })?.state?.values;

  it('offers the app’s shortcuts on every message, and what people do with their own', async () => {
    await message('Shall we show').getByRole('button', { name: '2 replies' }).click();
    await message('Shall we show').getByRole('button', { name: 'More actions' }).click();
    const items = page.getByRole('menuitem');
    expect(await items.allTextContents()).toEqual([
      'Mirror thread to Chatter',
      'Send to Chatter',
      'Edit message',
      'Delete message',
    ]);
    await page.keyboard.press('Escape');
    await message('bring the tape').getByRole('button', { name: 'More actions' }).click();
    expect(await items.allTextContents()).toEqual(['Mirror thread to Chatter', 'Send to Chatter']);
    await page.keyboard.press('Escape');
    await items.first().waitFor({ state: 'hidden' });
  });

  it('opens a loading view at once, and the form in its place', async () => {
    await choose('Shall we show', 'Mirror thread to Chatter');
    await modal().getByText('Loading…').waitFor();
    expect(latest('message_action')).toMatchObject({
      callback_id: 'mirror_thread',
      message: { text: 'Shall we show the engine on Friday?', reply_count: 2 },
    });
    expect(await modal().getByRole('button').allTextContents()).toEqual(['Cancel']);
    await app.showForm();
    await modal().getByText('Everybody in #general reads it.').waitFor();
    expect(await modal().getByRole('radio', { name: 'The last 20 replies' }).isChecked()).toBe(true);
  });

  it('finds people of Slack while one types, and no more of them than may be chosen', async () => {
    const people = modal().getByRole('combobox', { name: 'People in Slack' });
    await people.fill('gra');
    await modal().getByRole('option', { name: 'Grace Hopper' }).waitFor();
    await page.keyboard.press('Enter');
    await people.fill('kurt');
    await modal()
      .getByRole('option', { name: /Kurt Gödel/ })
      .click();
    await people.fill('alan');
    await modal().getByText('No more than 2 can be chosen.').waitFor();
    await people.fill('');
  });

  it('asks the app for people of Salesforce, when enough is typed', async () => {
    const users = modal().getByRole('combobox', { name: 'People in Salesforce' });
    await users.fill('k');
    await modal().getByText('Type at least 2 letters.').waitFor();
    expect(latest('block_suggestion')).toBeUndefined();
    await users.fill('kath');
    await modal()
      .getByRole('option', { name: /Katherine Johnson.*katherine@corp\.example/ })
      .click();
    await users.fill('zz');
    await modal().getByText('Nobody fits.').waitFor();
    await users.fill('');
  });

  it('keeps what is filled in when the app changes the form', async () => {
    await modal().getByRole('textbox', { name: 'A word before it' }).fill('Read this.');
    await modal().getByRole('radio', { name: 'Only the first message' }).check();
    await app.showForm({ ...FORM, blocks: [...FORM.blocks, { type: 'section', text: plain('And more.') }] });
    await modal().getByText('And more.').waitFor();
    expect(await modal().getByRole('textbox', { name: 'A word before it' }).inputValue()).toBe('Read this.');
    expect(await modal().getByRole('radio', { name: 'Only the first message' }).isChecked()).toBe(true);
    await modal().getByRole('button', { name: 'Remove Kurt Gödel' }).waitFor();
  });

  it('shows what is wrong at its field, Slack’s own word there too, and lets it be corrected', async () => {
    const word = modal().getByRole('textbox', { name: 'A word before it' });
    const mirror = modal().getByRole('button', { name: 'Mirror', exact: true });
    await word.fill('');
    await mirror.click();
    await modal().getByText('Please complete this required field.').waitFor();
    expect(await word.getAttribute('aria-invalid')).toBe('true');
    expect(latest('view_submission')).toBeUndefined();
    await word.fill('Read this.');
    app.answers.push({ response_action: 'errors', errors: { people: 'Kurt Gödel cannot use Chatter.' } });
    await mirror.click();
    const people = modal().getByRole('combobox', { name: 'People in Slack' });
    await modal().getByRole('alert').filter({ hasText: 'Kurt Gödel cannot use Chatter.' }).waitFor();
    await expect.poll(() => people.evaluate((box) => box.matches(':focus')), PATIENCE).toBe(true);
    expect(await modal().getByText('Please complete').count()).toBe(0);
    await modal().getByRole('button', { name: 'Remove Kurt Gödel' }).click();
    await mirror.click();
    await modal().waitFor({ state: 'hidden' });
    expect(state()).toMatchObject({
      people: { people: { selected_users: [userId('grace')] } },
      users: { users: { selected_options: [{ text: { text: 'Katherine Johnson' } }] } },
      bring: { bring: { selected_option: { value: 'root' } } },
      word: { word: { value: 'Read this.' } },
    });
  });

  it('opens the global shortcut from anywhere, and closes its form with Escape', async () => {
    await pane().getByRole('button', { name: 'New Chatter message' }).click();
    await modal().getByText('Loading…').waitFor();
    expect(latest('shortcut')).toMatchObject({ callback_id: 'compose' });
    await app.showForm();
    const people = modal().getByRole('combobox', { name: 'People in Slack' });
    await people.fill('gra');
    await modal().getByRole('option', { name: 'Grace Hopper' }).waitFor();
    await page.keyboard.press('Escape');
    await modal().getByRole('option').first().waitFor({ state: 'hidden' });
    expect(await modal().isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await modal().waitFor({ state: 'hidden' });
    expect(slack.viewsOf(userId('ada'))).toEqual([]);
  });

  it('edits a message in its place, and keeps what is typed whatever happens to it', async () => {
    await choose('Shall we show', 'Edit message');
    const box = pane().getByRole('combobox', { name: 'Edit message' });
    expect(await box.inputValue()).toBe('Shall we show the engine on Friday?');
    await box.fill('Shall we show @grace the engine on Friday?');
    const [root] = slack.messages('C0GENERAL');
    await app.call('reactions.add', { channel: 'C0GENERAL', timestamp: root?.ts, name: 'eyes' });
    await page.keyboard.press('Enter');
    await message('Shall we show @Grace Hopper the engine').getByText('(edited)').waitFor();
    expect(slack.messages('C0GENERAL')[0]?.text).toBe(
      `Shall we show <@${userId('grace')}> the engine on Friday?`,
    );
    await choose('Shall we show', 'Edit message');
    expect(await box.inputValue()).toBe('Shall we show @grace the engine on Friday?');
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
  });

  it('deletes a message, with the keyboard alone', async () => {
    const reply = pane().getByRole('combobox', { name: 'Reply in thread' });
    await reply.fill('Never mind.');
    await page.keyboard.press('Enter');
    await message('Never mind.').getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await pane().getByText('Never mind.').waitFor({ state: 'hidden' });
    expect(slack.messages('C0GENERAL').map(({ text }) => text)).not.toContain('Never mind.');
  });

  it('has the app’s Home tab, whose buttons are pressed one by one, and ask first where they should', async () => {
    const stop = (value: string, more: object = {}) => ({
      type: 'section',
      text: plain(`Thread ${value}`),
      accessory: { type: 'button', action_id: 'stop_mirror', value, text: plain('Stop'), ...more },
    });
    const confirm = { title: plain('Stop?'), text: plain('Sure?'), confirm: plain('Yes'), deny: plain('No') };
    await pane()
      .getByRole('button', { name: /Chatter Bridge/ })
      .click();
    await pane().getByRole('tab', { name: 'Home' }).click();
    await pane().getByText('The app has put nothing here yet.').waitFor();
    await expect
      .poll(() => latest('event_callback')?.event, PATIENCE)
      .toMatchObject({ type: 'app_home_opened', tab: 'home', user: userId('ada') });
    const blocks = [stop('one'), stop('two', { confirm })];
    await app.call('views.publish', { user_id: userId('ada'), view: { type: 'home', blocks } });
    await pane().getByText('Thread two').waitFor();
    await pane().getByRole('button', { name: 'Stop' }).last().click();
    const question = page.getByRole('dialog', { name: 'Stop?' });
    await question.getByRole('button', { name: 'No' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(latest('block_actions')).toBeUndefined();
    await pane().getByRole('button', { name: 'Stop' }).last().click();
    await question.getByRole('button', { name: 'Yes' }).click();
    await expect
      .poll(() => latest('block_actions'), PATIENCE)
      .toMatchObject({ actions: [{ action_id: 'stop_mirror', value: 'two' }] });
    await pane().getByRole('tab', { name: 'Messages' }).click();
    await pane().getByText('Threads of your private messages will be here.').waitFor();
  });

  it('shows guests no global shortcuts, and people of other companies none at all', async () => {
    await page.getByLabel('Person in Slack').selectOption({ label: 'Charles Babbage (Slack guest)' });
    await pane().getByRole('button', { name: 'New Chatter message' }).waitFor({ state: 'hidden' });
    await page.getByLabel('Person in Slack').selectOption({ label: 'Niels Bohr (of another company)' });
    await pane().getByText('#partners (shared with another company)').waitFor();
    expect(await pane().getByRole('button', { name: 'New Chatter message' }).count()).toBe(0);
    await page.getByLabel('Person in Slack').selectOption({ label: 'Ada Lovelace' });
  });

  it('lets the app be invited and removed, and a channel be archived', async () => {
    await pane()
      .getByRole('button', { name: /engines/ })
      .click();
    const say = async (text: string) => {
      await pane().getByRole('combobox', { name: 'Message #engines' }).fill(text);
      // Not the name that is offered, but what is typed.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
    };
    const hasApp = () => slack.workspace.isMember('C0ENGINES', 'U0BRIDGE');
    await say('/invite @chatter_bridge');
    await pane().getByText('@Chatter Bridge has joined the channel').waitFor();
    expect(hasApp()).toBe(true);
    await say('/remove Chatter Bridge');
    await expect.poll(hasApp, PATIENCE).toBe(false);
    await say('/invite @nobody');
    await pane().getByRole('alert').getByText('There is nobody called @nobody here.').waitFor();
    await say('/archive');
    await pane().getByText('#engines (archived)').waitFor();
    expect(await pane().getByRole('combobox', { name: 'Message #engines' }).isVisible()).toBe(false);
  });

  it('says so when the app does not answer', async () => {
    await pane()
      .getByRole('button', { name: /general/ })
      .click();
    slack.pointAt('http://127.0.0.1:9/');
    await choose('Shall we show', 'Send to Chatter');
    await page.getByRole('alert').filter({ hasText: 'Chatter Bridge is not responding.' }).waitFor();
  });

  it('has met no error in the page', () => {
    // Chromium logs the answers 400 of what was refused; everything else would be a mistake of the page.
    expect(problems.filter((problem) => !/status of 400/.test(problem))).toEqual([]);
  });
});
