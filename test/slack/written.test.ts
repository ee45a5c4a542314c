import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { toPlainText } from '../../src/slack/text/plain.ts';
import { writtenBelow, writtenNodes } from '../../src/slack/written.ts';

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

describe('somebody else’s words below a line of ours', () => {
  const LINE = 'Alan & Co <b> wrote in #general:';
  const below = (text: string, beyondText?: unknown) => {
    const written = writtenBelow(LINE, { text, ...(beyondText !== undefined && { beyondText }) });
    return toPlainText(writtenNodes({ author, ...written }, 'link'), NAMES);
  };
  const section = (text: string) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  });

  it.each([
    ['a text', 'tea?', undefined, 'tea?'],
    ['a formatted text', 'tea?', { rich: [section('*tea*?')] }, '*tea*?'],
    ['files alone', '', { files: [{ name: 'plan.pdf' }] }, 'File: plan.pdf'],
    ['a table', '', { tables: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'tea' }]] }] }, 'tea'],
  ])('stand below it: %s', (_what, text, beyondText, shown) => {
    expect(below(text, beyondText)).toBe(`${LINE}\n${shown}`);
  });

  it('are never said of whoever sends them', () => {
    expect(below('waves', { isMe: true })).toBe(`${LINE}\nwaves`);
  });
});
