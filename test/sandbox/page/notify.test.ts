import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/start.ts';
import { chromium } from '../../setup/browser.ts';
import { openSandbox } from './opened.ts';

const PATIENCE = { timeout: 30_000 };

describe.skipIf(!chromium)('A team that is notified, at the sandbox page', { timeout: 90_000 }, () => {
  let opened: Awaited<ReturnType<typeof openSandbox>>;
  let sandbox: Sandbox;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    opened = await openSandbox(1000, PATIENCE.timeout);
    ({ sandbox, page, problems } = opened);
  }, 90_000);
  afterAll(() => opened?.close());

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
