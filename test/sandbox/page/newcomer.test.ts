import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userId } from '../../../sandbox/company.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import { renderSay } from '../../../src/slack/views/say.ts';
import { chromium } from '../../setup/browser.ts';
import { openSandbox } from './opened.ts';

/** The bridge polls and waits 250 ms for neighbours; on a busy machine all of it takes its time. */
const PATIENCE = { timeout: 20_000 };

describe.skipIf(!chromium)('A newcomer at the sandbox page', { timeout: 60_000 }, () => {
  let opened: Awaited<ReturnType<typeof openSandbox>>;
  let sandbox: Sandbox;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    opened = await openSandbox(800, PATIENCE.timeout);
    ({ sandbox, page, problems } = opened);
  }, 90_000);
  afterAll(() => opened?.close());

  const slack = () => page.getByRole('region', { name: 'Slack', exact: true });
  const chatter = () => page.getByRole('region', { name: 'Salesforce Chatter' });
  const thread = (about: string) =>
    slack()
      .getByRole('article')
      .filter({ hasText: about })
      .filter({ has: page.getByRole('button', { name: /repl|thread/i }) });
  const sent = (words: string) => sandbox.salesforce.messages().filter(({ text }) => text.includes(words));
  /** Types as a person does, so that whatever completes a name sees every key. */
  const type = async (box: string, text: string) => {
    await slack().getByRole('combobox', { name: box }).last().click();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };

  it('sends the example as Ada and sees it arrive, confirmed, in Grace’s Chatter', async () => {
    // On a fast machine what is said first would be gone before anybody could read it.
    sandbox.salesforce.faults.arm({ do: 'slow', delayMs: 700, kind: 'post' });
    await page.getByRole('button', { name: /Fill it in/ }).click();
    await page.keyboard.press('Enter');
    await slack()
      .getByText(/^Sending to @Grace Hopper/)
      .waitFor();
    await chatter().getByRole('article', { name: 'Ada Lovelace' }).getByText('lunch?').waitFor();
    await slack().getByText('Sent to Grace Hopper · Open conversation').waitFor();
    expect(
      await slack()
        .getByText(/^Sending to/)
        .count(),
    ).toBe(0);
    expect(await slack().getByText('Only visible to you').count()).toBe(1);
  });

  it('goes on in the thread under the app, into the same conversation', async () => {
    await slack()
      .getByRole('button', { name: /Chatter Bridge/ })
      .click();
    await thread('Private message to Grace Hopper')
      .getByRole('button', { name: /Reply in thread|repl/ })
      .click();
    await type('Reply in thread', 'At *noon* :wave:');
    await chatter().getByText('At noon 👋', { exact: true }).last().waitFor();
    expect(await chatter().getByRole('navigation').getByRole('button').count()).toBe(1);
    // The page shows Slack's markup as Slack does.
    await slack()
      .locator('b', { hasText: /^noon$/ })
      .waitFor();
    await expect.poll(() => page.locator('#guide li.done').count(), PATIENCE).toBe(3);
  });

  it('answers as Grace in Chatter, and reads that in Ada’s thread, under Grace’s name', async () => {
    await chatter().getByRole('textbox', { name: 'Answer as Grace Hopper' }).fill('See you *there*.');
    await page.keyboard.press('Enter');
    const answer = slack().getByRole('article').filter({ hasText: 'See you *there*.' });
    await answer.first().waitFor();
    await answer.first().locator('b', { hasText: 'Grace Hopper' }).waitFor();
    await expect.poll(() => page.locator('#guide li.done').count(), PATIENCE).toBe(4);
  });

  it('completes a name, meets a refusal, and sends it again when that is lifted', async () => {
    await page.getByText('make something go wrong').click();
    const fault = page.getByRole('form', { name: 'Fault in Salesforce' });
    await fault.getByLabel('What goes wrong').selectOption({ label: 'an Apex trigger refuses the text' });
    await fault.getByRole('button', { name: 'Arm' }).click();
    await page
      .getByRole('list', { name: 'Armed faults' })
      .getByText(/Apex trigger/)
      .waitFor();

    await slack().getByRole('combobox', { name: 'Message Chatter Bridge' }).click();
    await page.keyboard.type('/chatter-dm @al');
    await slack().getByRole('listbox', { name: 'People' }).getByText('Alan Turing').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('the plans');
    await page.keyboard.press('Enter');
    await thread('Private message to Alan Turing').getByRole('button', { name: '1 reply' }).click();
    const note = slack().getByRole('article').filter({ hasText: 'Corp policy' }).last();
    await note.getByRole('button', { name: 'Discard' }).waitFor();
    expect(sent('the plans')).toHaveLength(0);

    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => sandbox.salesforce.switches.vetoText).toBeNull();
    await note.getByRole('button', { name: 'Retry' }).click();
    await page.getByLabel('Person in Chatter').selectOption({ label: 'Alan Turing (1 new)' });
    await chatter().getByRole('log').getByText('the plans').waitFor();
    await slack().getByText('Sent after all.').waitFor();
    expect(sent('the plans')).toHaveLength(1);
  });

  it('answers as Alan in Chatter, with the keyboard alone', async () => {
    await chatter().getByRole('textbox', { name: 'Answer as Alan Turing' }).focus();
    await page.keyboard.type('Which ones?');
    await page.keyboard.press('Enter');
    await chatter().getByRole('article', { name: 'Alan Turing' }).getByText('Which ones?').waitFor();
  });

  it('is told in words what cannot be done, and keeps what was typed', async () => {
    await type('Reply in thread', '/chatter-dm @grace hello');
    await slack().getByRole('alert').getByText('Slack has no commands in threads.').waitFor();
    expect(await slack().getByRole('combobox', { name: 'Reply in thread' }).last().inputValue()).toBe(
      '/chatter-dm @grace hello',
    );
  });

  it('reads rich text as it was typed, with links to follow', async () => {
    const say = {
      words: 'answer',
      from: { name: 'Grace Hopper' },
      text: '*noon* at https://a.example/b?',
    } as const;
    await fetch(`${sandbox.slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.slack.botToken}` },
      body: JSON.stringify({ channel: userId('ada'), ...renderSay(say) }),
    });
    const said = slack().getByRole('article').filter({ hasText: '*noon* at' });
    await said.locator('b', { hasText: 'Grace Hopper' }).waitFor();
    expect(await said.getByRole('link').getAttribute('href')).toBe('https://a.example/b');
  });

  it('leaves a complaint behind in its channel', async () => {
    await type('Message Chatter Bridge', '/lunch now');
    await slack().getByRole('alert').getByText('/lunch is not a command here').waitFor();
    await slack().getByRole('button', { name: 'general' }).click();
    await expect.poll(() => slack().getByText('/lunch is not a command here').count(), PATIENCE).toBe(0);
  });

  it('sees the worker end, and start again', async () => {
    const worker = sandbox.processes.find(({ name }) => name === 'worker');
    // Without a pid kill would take the whole process group, this test's own.
    if (!worker?.pid) throw new Error('the worker is not running');
    process.kill(worker.pid, 'SIGKILL');
    await page.getByText('worker restarting').waitFor();
    await page.getByText('worker running').waitFor();
  });

  it('fits a narrow window', async () => {
    await page.setViewportSize({ width: 800, height: 900 });
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(800);
  });

  it('keeps what is newest in view while the faults take their room', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    for (let i = 1; i <= 20; i += 1) sandbox.slack.say(userId('ada'), 'C0GENERAL', `line ${i}`);
    await page.reload();
    await slack().getByText('line 20', { exact: true }).waitFor();
    await page.getByText('make something go wrong').click();
    await page
      .getByRole('form', { name: 'Fault in Salesforce' })
      .getByRole('button', { name: 'Arm' })
      .click();
    await page.getByRole('button', { name: 'Clear all' }).waitFor();
    sandbox.slack.say(userId('ada'), 'C0GENERAL', 'the newest line');
    await slack().getByText('the newest line').waitFor();
    const hidden =
      '(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.getElementById("slack-messages"))';
    await expect.poll(() => page.evaluate(hidden), PATIENCE).toBeLessThan(2);
    const overflow =
      '(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector(".clear"))';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });

  it('has met no error in the page', () => {
    // Chromium logs the answer 400 of the refused command; everything else would be a mistake of the page.
    expect(problems.filter((problem) => !/status of 400/.test(problem))).toEqual([]);
  });
});
