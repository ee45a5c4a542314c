import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Say } from '../../../src/bridge/note.ts';
import type { DeliveryId } from '../../../src/bridge/people.ts';
import { afterDecision } from '../../../src/slack/views/decided.ts';
import { renderSay } from '../../../src/slack/views/say.ts';

const retry = { delivery: 'cmd-T1-U1-1.2' as DeliveryId, version: 3 };
const link = 'https://bridge.corp.com/conversations/1';

/** Everything the bridge can say, with these as the words of others. */
function everything(text: string): Say[] {
  return [
    { words: 'sent', people: [text, 'Alan Turing'], link },
    { words: 'root', people: [text], text },
    { words: 'root', people: [text], text, link },
    { words: 'line', text },
    { words: 'failed', sentence: text, excerpt: text, retry },
    { words: 'failed', sentence: text, excerpt: text, retry, keptUntilMs: 0, all: { count: 2, untilMs: 1 } },
    { words: 'uncertain', sentence: text, excerpt: text, retry },
    { words: 'waiting', sentence: text, excerpt: text, holdMinutes: 10, retry },
    { words: 'set-aside', sentence: text, excerpt: text, retry },
    { words: 'sent-after-all', excerpt: text },
    { words: 'trying-again', excerpt: text },
    { words: 'discarded', excerpt: text },
    { words: 'arrived-twice', excerpt: text },
    { words: 'not-sent', sentence: text },
    { words: 'paused', reason: 'away', untilMs: 1_000_000_000_000 },
    { words: 'first-use' },
    { words: 'ask-consent' },
    { words: 'no-thread' },
    { words: 'not-taken', of: 'person', excerpt: text },
  ];
}

const shown = (say: Say) => {
  const { text, blocks } = renderSay(say);
  return `${text}\n${JSON.stringify(blocks)}`;
};

describe('what the bridge says', () => {
  it.each([
    [{ words: 'uncertain', sentence: '', excerpt: '', retry }, /Not confirmed.*may make it arrive twice/s],
    [{ words: 'failed', sentence: 'Grace is gone.', excerpt: 'x', retry }, /Not sent.* Grace is gone\./],
    [
      { words: 'failed', sentence: 'No.', excerpt: 'x', retry, keptUntilMs: 86_400_000 },
      /Kept for Retry until <!date\^86400\^.*\|1970-01-02 00:00 UTC>/,
    ],
    [{ words: 'not-taken', of: 'person', excerpt: 'x' }, /Not taken.*Nothing was sent.*5,000 .*failed/],
    [{ words: 'not-taken', of: 'bridge', excerpt: 'x' }, /Not taken.*Nothing was sent.*too many/],
    [{ words: 'waiting', sentence: 'S', excerpt: 'x', holdMinutes: 1, retry }, /at most 1 minute\./],
    [{ words: 'waiting', sentence: 'S', excerpt: 'x', holdMinutes: 10, retry }, /at most 10 minutes\./],
    [{ words: 'set-aside', sentence: 'S', excerpt: 'x', retry }, /Later messages go first/],
    [
      { words: 'uncertain', sentence: 'S', excerpt: 'x', retry, isAside: true },
      /Not confirmed.*may make it arrive twice\. Later messages go first now\..*Send again/s,
    ],
    [
      { words: 'failed', sentence: 'No.', excerpt: 'x', retry, partly: { sent: 1, of: 3 } },
      /Not sent in full.*The first 1 of 3 parts were sent\. No\./,
    ],
    [
      { words: 'discarded', excerpt: 'x', partly: { sent: 2, of: 3 } },
      /The first 2 of 3 parts were sent, the rest will not be\./,
    ],
    [{ words: 'not-sent', sentence: 'Grace is gone.' }, /Not sent.* Grace is gone\..*direct messages/],
    [{ words: 'first-use' }, /as you.*everything else it discards unread.*opt-out/],
    [{ words: 'ask-consent' }, /consent_allow.*consent_decline/],
    [{ words: 'no-thread' }, /not sent to Chatter.*Only what you reply inside/],
    [
      { words: 'sent', people: ['Grace Hopper', 'Alan Turing'], link },
      /Sent to Grace Hopper, Alan Turing · /,
    ],
  ] as [Say, RegExp][])('%j is honest', (say, words) => {
    expect(shown(say)).toMatch(words);
  });

  it('has a Retry and a Discard for this very state of the delivery', () => {
    const { blocks } = renderSay({ words: 'failed', sentence: 'No.', excerpt: 'x', retry });
    const actions = blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({
      elements: [
        { action_id: 'retry_delivery', text: { text: 'Retry' }, value: JSON.stringify(retry) },
        { action_id: 'discard_delivery', text: { text: 'Discard' }, value: JSON.stringify(retry) },
      ],
    });
  });

  it('has the same for all, with a question before all are discarded, when there are more', () => {
    const all = { count: 12, untilMs: 99 };
    const { blocks } = renderSay({ words: 'failed', sentence: 'No.', excerpt: 'x', retry, all });
    expect(blocks.at(-1)).toMatchObject({
      elements: [
        { action_id: 'retry_all_deliveries', text: { text: 'Retry all (12)' }, value: '{"untilMs":99}' },
        {
          action_id: 'discard_all_deliveries',
          value: '{"untilMs":99}',
          confirm: { text: { text: expect.stringContaining('12 messages will not be sent') } },
        },
      ],
    });
  });

  it('quotes every line of an excerpt', () => {
    expect(shown({ words: 'discarded', excerpt: 'one\ntwo' })).toContain('>one\\n>two');
  });

  it('never lets the words of others come alive', () => {
    for (const say of everything('<!channel> <@U1> <https://evil.example|good> & co')) {
      const live = [...shown(say).matchAll(/<([^>|]*)/g)].map(([, target]) => target);
      // Links and times of ours are.
      const others = live.filter(
        (target) => target !== link && !/^!date\^\d+\^(\{date_short_pretty\} )?\{time\}$/.test(target ?? ''),
      );
      expect(others).toEqual([]);
    }
  });

  it('keeps the link whole, whatever is in it', () => {
    const odd = 'https://x.example/?a=1&b=<c>|d';
    expect(renderSay({ words: 'sent', people: ['A'], link: odd }).text).toContain(
      '<https://x.example/?a=1&amp;b=%3Cc%3E%7Cd|Open conversation>',
    );
  });

  it("stays within Slack's limits", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('', ' ', '\n', '&'.repeat(40_000), '👩‍👩‍👧‍👦'.repeat(4_000), '<>\n'.repeat(13_000)),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        for (const say of everything(text)) {
          const rendered = renderSay(say);
          expect(rendered.text.length).toBeLessThanOrEqual(4_000);
          expect(rendered.text).not.toMatch(/\p{Surrogate}/u);
          expect(rendered.blocks.length).toBeLessThanOrEqual(50);
          for (const block of rendered.blocks) {
            if (block.type !== 'section') continue;
            expect(block.text?.text).toMatch(/^.{1,3000}$/s);
            expect(block.text?.text).not.toMatch(/&(?!amp;|lt;|gt;)/);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('shows a long message in pieces, and says that there is more', () => {
    const { blocks } = renderSay({ words: 'line', text: 'a'.repeat(40_000) });
    expect(blocks).toHaveLength(1 + 4);
    expect(JSON.stringify(blocks.at(-1))).toContain('…');
  });
});

describe('a decided note', () => {
  const blocks = [{ type: 'section' }, { type: 'actions' }];

  it('has the outcome in place of its buttons', () => {
    expect(afterDecision(blocks, 'Discarded.')).toMatchObject({
      replace_original: true,
      blocks: [{ type: 'section' }, { type: 'context', elements: [{ text: 'Discarded.' }] }],
    });
  });
});

describe('a pause', () => {
  const reasons = [
    'person-limit',
    'bridge-limit',
    'org-limit',
    'org-busy',
    'away',
    'chat-limit',
    'reads-spent',
  ] as const;

  it.each(reasons)(
    'says why (%s), that nothing is lost, and when it goes on, by the reader’s own clock',
    (reason) => {
      const said = renderSay({ words: 'paused', reason, untilMs: Date.UTC(2026, 0, 5, 13, 59, 1) }).text;
      expect(said).toMatch(/^\*Paused\.\* [A-Z].+waits in order and goes by itself/);
      expect(said).toContain(`<!date^${Date.UTC(2026, 0, 5, 14) / 1_000}^{time}|14:00 UTC>`);
    },
  );
});
