import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../sandbox/slack/block-check.ts';
import type { FailedMessage } from '../../../src/bridge/message.ts';
import type { ChatPersonId, DeliveryId, SalesforceUserId } from '../../../src/bridge/people.ts';
import { renderFailed } from '../../../src/slack/views/failed.ts';
import { words } from '../../../src/slack/words.ts';

const message: FailedMessage = {
  ref: { delivery: 'cmd-1' as DeliveryId, version: 2 },
  isUncertain: false,
  sentence: 'Grace is gone.',
  excerpt: 'lunch?',
  to: { names: ['Grace Hopper'] },
  takenAtMs: 0,
  keptUntilMs: 60_000,
};
const shown = (first: readonly FailedMessage[], count = first.length): string =>
  JSON.stringify(renderFailed({ all: { count, untilMs: 7 }, first }).blocks);

describe('the list of failed messages', () => {
  it('says so when it is empty', () => {
    expect(renderFailed({ all: { count: 0, untilMs: 0 }, first: [] }).text).toBe(words.nothingFailed);
  });

  it('has one with its buttons, which are answered with the list', () => {
    const text = shown([message]);
    expect(text).toMatch(/1 message .*Not sent\* to Grace Hopper.*Grace is gone\..*>lunch\?/);
    expect(text).toContain(JSON.stringify('{"delivery":"cmd-1","version":2,"list":true}'));
    expect(text).not.toContain('Retry all');
  });

  it('has buttons for all when there are more, also than are shown', () => {
    const text = shown([message], 12);
    expect(text).toMatch(/12 messages .*11 more: .*Retry all \(12\).*Discard all \(12\)/);
    expect(text).toContain(JSON.stringify('{"untilMs":7,"list":true}'));
  });

  it('calls what may have arrived by its name', () => {
    expect(shown([{ ...message, isUncertain: true }])).toMatch(/Not confirmed.*arrive twice.*Send again/);
  });

  it('names people as they were named where nobody has looked them up', () => {
    const addressees = [
      { kind: 'person' as const, id: 'T1-U1' as ChatPersonId },
      { kind: 'email' as const, email: 'ada@corp.com' },
      { kind: 'user' as const, id: '005' as SalesforceUserId, name: 'Grace <Hopper>' },
    ];
    expect(shown([{ ...message, to: { addressees } }])).toContain(
      ' to <@U1>, ada@corp.com, Grace &lt;Hopper&gt; ·',
    );
    expect(shown([{ ...message, to: { names: [] } }])).toContain('*Not sent* · written');
  });

  it('keeps within what Slack takes, whatever is in it, and lets no words come alive', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', '&'.repeat(9_000), '<!channel>'.repeat(900)));
    fc.assert(
      fc.property(text, text, text, (sentence, excerpt, name) => {
        const first = Array.from({ length: 10 }, () => ({
          ...message,
          sentence,
          excerpt,
          to: { names: [name] },
        }));
        const { blocks } = renderFailed({ all: { count: 5_000, untilMs: 7 }, first }, 'Discarded.');
        expect(checkBlocks(blocks)).toEqual([]);
        expect(JSON.stringify(blocks)).not.toContain('<!channel>');
      }),
      { numRuns: 50 },
    );
  });
});
