import { describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { renderSay } from '../../../src/slack/views/say.ts';
import { words } from '../../../src/slack/words.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';

const REF = { delivery: 'cmd-T0CORP-U0ADA-1.2' as DeliveryId, version: 7 };

/** Ada's conversation with the app, with a failure (or the question for consent) in it. */
async function startWithNote(say: Parameters<typeof renderSay>[0], options: EdgeOptions = {}) {
  const edge = await startEdge(options);
  const { slack } = edge;
  const dm = slack.dmOf('U0ADA');
  const { text, blocks } = renderSay(say);
  const note = slack.workspace.add({
    channel: dm,
    user: 'U0BRIDGE',
    bot_id: 'B0BRIDGE',
    text,
    blocks: blocks as never,
  });
  const shown = () => JSON.stringify(slack.messages(dm).find(({ ts }) => ts === note.ts)?.blocks);
  const answers = () => slack.ephemeralsOf('U0ADA').map((answer) => answer.text);
  return { ...edge, note, shown, answers, press: (action: string) => slack.press('U0ADA', note, action) };
}

const failed = { words: 'failed', sentence: 'Grace is gone.', excerpt: 'lunch?', retry: REF } as const;

describe('the buttons of a failure', () => {
  it.each([
    ['retry_delivery', 'retry'],
    ['discard_delivery', 'discard'],
  ])('%s decides; the note is left to the worker, whose word may be there already', async (action, what) => {
    const { core, press, shown, slack } = await startWithNote(failed);
    const before = shown();
    expect(await press(action)).toMatchObject({ status: 200 });
    expect(core.decided).toEqual([{ by: 'T0CORP-U0ADA', ...REF, what }]);
    expect(shown()).toBe(before);
    expect(slack.calls.filter(({ method }) => method === 'response_url')).toEqual([]);
  });

  it('say so, below the note, when it had been decided before', async () => {
    const { core, press, shown, answers } = await startWithNote(failed);
    core.answers.decided = false;
    const before = shown();
    await press('retry_delivery');
    await expect.poll(answers).toEqual([words.outdated]);
    expect(shown()).toBe(before);
  });

  it('say so when the decision could not be stored, and can be pressed again', async () => {
    const { core, press, answers } = await startWithNote(failed);
    core.answers.broken = true;
    expect(await press('retry_delivery')).toMatchObject({ status: 200 });
    await expect.poll(answers).toEqual([expect.stringContaining('could not be stored')]);
    core.answers.broken = false;
    await press('retry_delivery');
    expect(core.decided).toHaveLength(1);
  });

  it.each(['', 'null', '{', '{"delivery":"x"}', '{"delivery":"","version":1}'])(
    'do nothing with %j for a value',
    async (value) => {
      const { slack, core } = await startEdge();
      const payload = JSON.stringify({
        type: 'block_actions',
        user: { id: 'U0ADA' },
        team: { id: 'T0CORP' },
        actions: [{ action_id: 'retry_delivery', value }],
      });
      const body = new URLSearchParams({ payload }).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      expect(await slack.post(body, { ...slack.sign(body), ...type })).toMatchObject({ status: 200 });
      expect(core.decided).toEqual([]);
    },
  );
});

describe('the buttons for all failures', () => {
  const all = { count: 3, untilMs: 99 };

  it.each([
    ['retry_all_deliveries', 'retry', 'Trying again: 2 messages.'],
    ['discard_all_deliveries', 'discard', 'Discarded: 2 messages.'],
  ])('%s decides about those that were meant, and says how many', async (action, what, said) => {
    const { core, press, answers } = await startWithNote({ ...failed, all });
    core.answers.decidedAll = { done: 2, uncertain: 0, outdated: 1 };
    expect(await press(action)).toMatchObject({ status: 200 });
    expect(core.decided).toEqual([{ by: 'T0CORP-U0ADA', untilMs: 99, what }]);
    await expect.poll(answers).toEqual([`${said} Not changed: 1 message that moved on meanwhile.`]);
  });

  it('say so when nothing was left to decide', async () => {
    const { press, answers } = await startWithNote({ ...failed, all });
    await press('discard_all_deliveries');
    await expect.poll(answers).toEqual([words.outdated]);
  });

  it('leave what may have arrived to a word about each', async () => {
    const { core, press, answers } = await startWithNote({ ...failed, all });
    core.answers.decidedAll = { done: 0, uncertain: 1, outdated: 0 };
    await press('retry_all_deliveries');
    await expect.poll(answers).toEqual([expect.stringContaining('may have arrived')]);
  });

  it('answer Slack in time however many there are, and the person when it is done', async () => {
    const { core, press, answers } = await startWithNote({ ...failed, all });
    let finish = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      finish = resolve;
    });
    core.answers.decidedAll = { done: 5_000, uncertain: 0, outdated: 0 };
    const { status, ms } = await press('retry_all_deliveries');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(3_000);
    expect(answers()).toEqual([]);
    finish();
    await expect.poll(answers).toEqual(['Trying again: 5000 messages.']);
  });
});

describe('the question for consent', () => {
  it.each([
    ['consent_allow', { optIn: 'T0CORP-U0ADA' }, 'may send'],
    ['consent_decline', { optOut: 'T0CORP-U0ADA' }, 'no longer acts'],
  ])('%s is remembered', async (action, decided, said) => {
    const { core, press, shown } = await startWithNote({ words: 'ask-consent' });
    await press(action);
    expect(core.decided).toEqual([decided]);
    await expect.poll(shown).toContain(said);
    expect(shown()).not.toContain('button');
  });

  it('decides even when the answer cannot be shown', async () => {
    const { core, press, slack, lines } = await startWithNote({ words: 'ask-consent' });
    slack.faults.arm({ method: 'response_url', kind: 'status', status: 500 });
    expect(await press('consent_allow')).toMatchObject({ status: 200 });
    expect(core.decided).toHaveLength(1);
    await expect.poll(() => lines.join('')).toContain('decision not shown');
  });
});
