import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumFlags } from '../../../sandbox/debian/browser.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { chromium } from '../../setup/browser.ts';

const PATIENCE = { timeout: 30_000 };

describe.skipIf(!chromium)('A team that is notified, at the sandbox page', { timeout: 90_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    sandbox = await startSandbox({ folder, port: 0, say: () => undefined });
    browser = await playwright.launch({
      executablePath: chromium?.command ?? '',
      args: [...chromiumFlags],
      env: { ...process.env, ...chromium?.env },
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(PATIENCE.timeout);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(sandbox.url);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const slack = () => page.getByRole('region', { name: 'Slack', exact: true });
  const article = (text: string) => slack().getByRole('article').filter({ hasText: text }).last();
  const texts = () => sandbox.salesforce.messages().map(({ text }) => text);

  it('is shown who gets it and who does not before anything is sent', async () => {
    const box = slack().getByRole('combobox', { name: 'Message #general' });
    await box.pressSequentially('/chatter-notify @engi');
    await slack().getByRole('option', { name: 'Engineers' }).waitFor();
    await page.keyboard.press('Enter');
    await box.pressSequentially('The engine *runs*.');
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog');
    await form.getByText('4 people get it').waitFor();
    await form.getByText('Not active in Salesforce: Blaise Pascal').waitFor();
    await form.getByText('Guests in Slack: Charles Babbage').waitFor();
    await form.getByText('The engine runs.').waitFor();
    expect(await form.getByLabel('Time, as your own clock shows it').inputValue()).toMatch(/:00$/);
    expect(texts()).toEqual([]);
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByText('Sending to 4 people').waitFor();
    await form.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => texts().length, PATIENCE).toBe(3);
  });

  it('is reported in the conversation with the app, and the rest of it is a file', async () => {
    await slack()
      .getByRole('button', { name: /Chatter Bridge/ })
      .click();
    await article('Delivered 3 of 4: 1 failed.').waitFor();
    await article('Without Chatter (1)').waitFor();
    await article('Delivered 3').getByRole('button', { name: 'CSV' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      slack()
        .getByRole('link', { name: /Notification of/ })
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^notification-.*\.csv$/);
  });

  it('has its failed ones tried again with the button', async () => {
    const kurt = sandbox.salesforce.users.find(({ name }) => name === 'Kurt Gödel');
    sandbox.salesforce.changeUser(kurt?.id ?? '', { chatterEnabled: true });
    await article('Delivered 3').getByRole('button', { name: 'Retry the failed (1)' }).click();
    await article('Delivered 4.').waitFor();
    expect(texts()).toHaveLength(4);
    await expect.poll(() => page.locator('#step-notify.done').count(), PATIENCE).toBe(1);
  });

  it('has met no error in the page', () => {
    expect(problems).toEqual([]);
  });
});
