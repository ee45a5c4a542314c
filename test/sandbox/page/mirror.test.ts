import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userId } from '../../../sandbox/company.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import { chromium } from '../../setup/browser.ts';
import { openSandbox } from './opened.ts';

/** An edit waits for ten quiet seconds; on a busy machine everything else takes its time, too. */
const PATIENCE = { timeout: 30_000 };

describe.skipIf(!chromium)('A thread that is mirrored, at the sandbox page', { timeout: 90_000 }, () => {
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
  const chatter = () => page.getByRole('region', { name: 'Salesforce Chatter' });
  /** A message in #general, or in its thread. */
  const message = (text: string) => slack().getByRole('article').filter({ hasText: text }).first();
  /** Somebody's message in the conversation that is open in Chatter. */
  const read = (text: string | RegExp, by?: string) =>
    chatter()
      .getByRole('article', by === undefined ? {} : { name: by })
      .filter({ hasText: text })
      .first();
  const texts = () => sandbox.salesforce.messages().map(({ text }) => text);
  const choose = async (text: string, item: string) => {
    await message(text).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const reply = async (text: string) => {
    await slack().getByRole('combobox', { name: 'Reply in thread' }).fill(text);
    await page.keyboard.press('Enter');
  };
  const beInChatter = async (name: string) => {
    const user = sandbox.salesforce.users.find((each) => each.name === name);
    await page.getByLabel('Person in Chatter').selectOption(user?.id ?? '');
  };

  it('is begun in the menu of a message, with somebody of Slack and somebody found in Salesforce', async () => {
    await message('Shall we show the engine').getByRole('button', { name: '2 replies' }).click();
    await choose('Shall we show the engine', 'Mirror thread to Chatter');
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'People in Slack' }).fill('grace');
    await form.getByRole('option', { name: 'Grace Hopper' }).click();
    await form.getByRole('combobox', { name: 'People in Salesforce' }).fill('kath');
    await form.getByRole('option', { name: /Katherine Johnson/ }).click();
    expect(await form.getByRole('radio').count()).toBe(3);
    await form.getByRole('button', { name: 'Mirror', exact: true }).click();
    await form.getByRole('button', { name: 'Close' }).click();
    await message('This thread is mirrored to Chatter').getByText('Grace Hopper').waitFor();
  });

  it('is there in Chatter as it was written: what it is about, and both replies', async () => {
    for (const name of ['Grace Hopper', 'Katherine Johnson']) {
      await beInChatter(name);
      await read('Shall we show the engine on Friday?').waitFor();
      await read('Yes. I have checked the numbers.').waitFor();
      await read('Then I will bring the tape.').waitFor();
    }
    expect(texts().filter((text) => text.includes('bring the tape'))).toHaveLength(1);
    // Alan takes no part in the conversation: the bridge says it, and that it is his.
    await read(/Alan Turing \(in Slack\).*Then I will bring the tape\./s, 'Chatter Bridge').waitFor();
  });

  it('goes on from Slack: as oneself, or by the bridge for who takes no part', async () => {
    await reply('I have ordered cake.');
    await read('I have ordered cake.', 'Ada Lovelace').waitFor();
    await message('I have ordered cake.').getByLabel('white_check_mark, 1').waitFor();
    // Alan, at a screen of his own.
    const [root] = sandbox.slack.messages('C0GENERAL');
    sandbox.slack.say(userId('alan'), 'C0GENERAL', 'I come, too.', { thread_ts: root?.ts ?? '' });
    await read('Alan Turing (in Slack): I come, too.', 'Chatter Bridge').waitFor();
  });

  it('goes on from Chatter: the answer is in the thread, under its writer’s name', async () => {
    await beInChatter('Grace Hopper');
    await chatter().getByRole('textbox', { name: 'Answer as Grace Hopper' }).fill('Keep me a *piece*.');
    await page.keyboard.press('Enter');
    const answer = message('Keep me a *piece*.');
    await answer.getByText('Grace Hopper').first().waitFor();
    expect(sandbox.slack.messages('C0GENERAL').filter(({ text }) => text.includes('piece'))).toHaveLength(1);
  });

  it('tells Chatter of an edit, once, when nothing more is changed', async () => {
    for (const [before, after] of [
      ['I have ordered cake.', 'I have ordered two cakes.'],
      ['I have ordered two cakes.', 'I have ordered three cakes.'],
    ] as const) {
      await choose(before, 'Edit message');
      await slack().getByRole('combobox', { name: 'Edit message' }).fill(after);
      await page.keyboard.press('Enter');
      await message(after).getByText('(edited)').waitFor();
    }
    await read('Edited: I have ordered three cakes.').waitFor();
    expect(texts().filter((text) => text.includes('Edited:'))).toHaveLength(1);
  });

  it('tells Chatter of a deletion, and not what was deleted', async () => {
    await choose('I have ordered three cakes.', 'Delete message');
    await slack().getByText('I have ordered three cakes.').waitFor({ state: 'hidden' });
    await read(/deleted/).waitFor();
    expect(texts().findLast((text) => text.includes('deleted'))).not.toContain('cakes');
  });

  it('is on the app’s Home tab, with a button to stop it', async () => {
    await slack()
      .getByRole('button', { name: /Chatter Bridge/ })
      .click();
    await slack().getByRole('tab', { name: 'Home' }).click();
    const home = slack().getByRole('tabpanel', { name: 'Home' });
    await home.getByText(/Grace Hopper/).waitFor();
    await home.getByRole('button', { name: /Stop/ }).waitFor();
    await slack().getByRole('tab', { name: 'Messages' }).click();
    await slack()
      .getByRole('button', { name: /general/ })
      .click();
  });

  it('is stopped by the button in its notice, and nothing travels after that', async () => {
    await message('This thread is mirrored to Chatter').getByRole('button', { name: /Stop/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: /Stop/ }).click();
    await message('This thread is no longer mirrored').waitFor();
    await reply('Only here.');
    await message('Only here.').waitFor();
    // What is sent after it has arrived: it would have, too.
    await slack()
      .getByRole('combobox', { name: 'Message #general' })
      .fill('/chatter-dm @grace Are you still there?');
    await page.keyboard.press('Enter');
    await expect.poll(texts, PATIENCE).toContainEqual('Are you still there?');
    expect(texts().filter((text) => text.includes('Only here.'))).toEqual([]);
  });

  it('is not needed to send one message of it on, or a new one', async () => {
    const form = page.getByRole('dialog');
    const sendTo = async (typed: string, name: string) => {
      await form.getByRole('combobox', { name: 'People in Slack' }).fill(typed);
      await form.getByRole('option', { name }).click();
      await form.getByRole('button', { name: 'Send' }).click();
      await form.getByRole('button', { name: 'Close' }).click();
    };
    await choose('Then I will bring the tape.', 'Send to Chatter');
    await form.getByText('Then I will bring the tape.').waitFor();
    await sendTo('kath', 'Katherine Johnson');
    const sentOn = 'Alan Turing wrote in #general:\nThen I will bring the tape.';
    await expect.poll(texts, PATIENCE).toContainEqual(sentOn);
    await slack().getByRole('button', { name: 'New Chatter message' }).click();
    await form.getByRole('textbox').last().fill('Bring two tapes.');
    await sendTo('alan', 'Alan Turing');
    await expect.poll(texts, PATIENCE).toContainEqual('Bring two tapes.');
  });

  it('is ticked off in the guide, step by step', async () => {
    const done = () => page.locator('#guide li.done').evaluateAll((steps) => steps.map(({ id }) => id));
    const steps = ['step-mirror', 'step-edit', 'step-delete', 'step-stop'];
    await expect.poll(done, PATIENCE).toEqual(expect.arrayContaining(steps));
  });

  it('has met no error in the page', () => {
    expect(problems).toEqual([]);
  });
});
