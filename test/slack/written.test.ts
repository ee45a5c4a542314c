import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { toPlainText } from '../../src/slack/text/plain.ts';
import { writtenNodes } from '../../src/slack/written.ts';

const NAMES = { user: () => 'Ada Lovelace', channel: () => undefined, group: () => undefined };
const author = 'T0CORP-U0ADA' as ChatPersonId;
const plain = (beyondText: unknown) => {
  const message = { text: '&lt;hello&gt;', author, ...(beyondText !== undefined && { beyondText }) };
  return toPlainText(writtenNodes(message, 'link'), NAMES);
};

// What becomes of whole messages is told in text/messages.yml.
describe('a message that another version of the bridge has stored', () => {
  it('is its text, where no more than that was stored', () => {
    expect(plain(undefined)).toBe('<hello>');
  });

  it.each([
    null,
    'x',
    7,
    [],
    {},
    { rich: 'x' },
    { rich: [{ type: 'rich_text', elements: [{ type: 'hologram' }] }] },
  ])('is its text, where more was stored than can be read: %j', (beyondText) => {
    expect(plain(beyondText)).toBe('<hello>');
  });

  it('keeps what can be read beside what cannot', () => {
    const files = [{ name: 'plan.pdf' }];
    expect(plain({ rich: 'x', tables: 7, isMe: 'yes', files, holograms: [1] })).toBe(
      '<hello>\nFile: plan.pdf',
    );
  });
});
