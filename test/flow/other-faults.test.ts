import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault as SalesforceFault } from '../../sandbox/salesforce/faults.ts';
import type { Fault as SlackFault } from '../../sandbox/slack/faults.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { command, longTest, notes, patience, reply, rootOf, told } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
  await command(bridge, '@grace before anything goes wrong');
  await vi.waitFor(() => expect(notes(bridge, 'before anything')).toHaveLength(1), patience);
});
afterAll(() => bridge?.close());
afterEach(() => {
  bridge.salesforce.faults.clear();
  bridge.slack.faults.clear();
});

const arrivals = (text: string): number => bridge.texts().filter((one) => one === text).length;
const confirmed = (): number => told(bridge).filter((one) => one.startsWith('Sent to')).length;

describe('what goes wrong around a POST to Salesforce delays a message and does no more', longTest, () => {
  const lost: SalesforceFault = { do: 'drop-after', kind: 'post' };
  it.each<[string, SalesforceFault[]]>([
    ['the token endpoint drops the connection', [{ do: 'drop-before', kind: 'token' }]],
    ['the token endpoint has a page for an answer', [{ do: 'status', answer: '503-page', kind: 'token' }]],
    ['the token endpoint is silent', [{ do: 'hang', afterMs: 60_000, commit: false, kind: 'token' }]],
    ['looking breaks off', [lost, { do: 'drop-before', kind: 'list', times: 2 }]],
    ['looking is refused for a while', [lost, { do: 'status', answer: '503-limit', kind: 'list' }]],
    ['looking has a page for an answer', [lost, { do: 'status', answer: '502-page', kind: 'list' }]],
    ['the session ends between posting and looking', [lost, { do: 'expired-session', kind: 'list' }]],
  ])('%s', async (what, faults) => {
    const before = confirmed();
    bridge.salesforce.expireSessions(bridge.salesforceId('ada'));
    for (const fault of faults) bridge.salesforce.faults.arm(fault);
    const text = `although ${what}`;
    await command(bridge, `@grace ${text}`);
    await expect.poll(confirmed, patience).toBe(before + 1);
    await expect.poll(() => notes(bridge, text), patience).toHaveLength(1);
    expect(arrivals(text)).toBe(1);
  });

  it('people are looked up again when that did not work at first', async () => {
    const { salesforce } = bridge;
    const paula = salesforce.addUser({ name: 'Paula Late', email: 'paula@corp.com' });
    salesforce.faults.arm({ do: 'status', answer: '503-page', kind: 'query' });
    await command(bridge, 'paula@corp.com hello Paula');
    await expect.poll(() => arrivals('hello Paula'), patience).toBe(1);
    expect(salesforce.messages().at(-1)?.recipientIds).toEqual([paula.id]);
  });
});

describe(
  'what goes wrong with Slack delays what is said there, and it is said once and in order',
  longTest,
  () => {
    it.each<[string, SlackFault]>([
      ['the connection drops before it is posted', { method: 'chat.postMessage', kind: 'drop-before' }],
      ['the connection drops after it is posted', { method: 'chat.postMessage', kind: 'drop-after' }],
      ['Slack has had enough', { method: 'chat.postMessage', kind: 'rate-limited', retryAfterSeconds: 1 }],
      ['Slack fails', { method: 'chat.postMessage', kind: 'status', status: 503 }],
      [
        'Slack fails and has posted it',
        { method: 'chat.postMessage', kind: 'status', status: 500, commit: true },
      ],
      [
        'Slack has an error of its own',
        { method: 'chat.postMessage', kind: 'error', error: 'internal_error' },
      ],
    ])('%s', async (what, fault) => {
      const texts = [`first although ${what}`, `then although ${what}`];
      bridge.slack.faults.arm(fault);
      for (const text of texts) await command(bridge, `@grace ${text}`);
      await expect.poll(() => notes(bridge, texts[1] ?? ''), patience).toHaveLength(1);
      expect(notes(bridge, what).map(({ text }) => text)).toEqual(texts.map((text) => `You: ${text}`));
      for (const text of texts) expect(arrivals(text)).toBe(1);
    });

    it('a reaction that Slack refuses keeps nothing else back', async () => {
      const root = rootOf(bridge, 'before anything');
      bridge.slack.faults.arm({ method: 'reactions.add', kind: 'error', error: 'too_many_reactions' });
      const unmarked = reply(bridge, root, 'without a mark');
      await expect.poll(() => arrivals('without a mark'), patience).toBe(1);
      const marked = reply(bridge, root, 'with a mark');
      await expect
        .poll(() => JSON.stringify(marked.message.reactions ?? []), patience)
        .toContain('white_check_mark');
      expect(unmarked.message.reactions ?? []).toEqual([]);
    });

    it('an answer that cannot be shown where the command was typed is still in the conversation with the app', async () => {
      bridge.slack.faults.arm({ method: 'response_url', kind: 'status', status: 404 });
      await command(bridge, '@grace into an expired channel');
      await expect.poll(() => notes(bridge, 'into an expired channel'), patience).toHaveLength(1);
      expect(arrivals('into an expired channel')).toBe(1);
    });

    it('people are asked for again when Slack had had enough', async () => {
      bridge.slack.faults.arm({ method: 'users.info', kind: 'rate-limited', retryAfterSeconds: 1 });
      await command(bridge, '@ada hello from Alan', 'alan');
      await expect.poll(() => arrivals('hello from Alan'), patience).toBe(1);
    });
  },
);
