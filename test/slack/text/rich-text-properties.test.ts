import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { MessageEvent } from '../../../src/slack/payload.ts';
import { mentionsIn, toPlainText } from '../../../src/slack/text/plain.ts';
import { writtenIn, writtenNodes } from '../../../src/slack/written.ts';

const NAMES = { user: () => 'Ada', channel: () => 'general', group: () => 'ops' };
const author = 'T0CORP-U0ADA' as ChatPersonId;

const nodesOf = (fields: object) => {
  const event = { type: 'message', channel: 'D1', ts: '1700000000.000100', user: 'U0ADA', ...fields };
  const written = writtenIn(MessageEvent.parse(event));
  return written && writtenNodes({ ...JSON.parse(JSON.stringify(written)), author }, 'link');
};
const plain = (fields: object) => {
  const nodes = nodesOf(fields);
  return nodes && toPlainText(nodes, NAMES);
};

const words = fc.string({
  unit: fc.constantFrom('a', ' ', '\n', '`', '~', '<', '>', '&', '|', ':', 'é', '😀'),
});
const style = fc.option(fc.record({ code: fc.boolean(), strike: fc.boolean() }), { nil: undefined });
const inline = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('text'), text: words, style }) },
  fc.record({ type: fc.constant('link'), url: fc.webUrl(), text: words, style }),
  fc.constant({ type: 'user', user_id: 'U1' }),
  fc.constant({ type: 'channel', channel_id: 'C1' }),
  fc.constant({ type: 'usergroup', usergroup_id: 'S1' }),
  fc.constant({ type: 'broadcast', range: 'here' }),
  fc.record({
    type: fc.constant('emoji'),
    name: fc.constantFrom('tada', 'odd_one', 'wave::skin-tone-2', ':'),
    unicode: fc.constantFrom('1f389', 'ffffff', 'x', undefined),
  }),
  fc.record({ type: fc.constant('date'), timestamp: fc.integer(), format: words }),
);
const inlines = fc.array(inline, { maxLength: 6 });
const section = fc.record({ type: fc.constant('rich_text_section'), elements: inlines });
const border = fc.constantFrom(0, 1);
const part = fc.oneof(
  section,
  fc.record({ type: fc.constant('rich_text_quote'), elements: inlines }),
  fc.record({ type: fc.constant('rich_text_preformatted'), elements: inlines, border }),
  fc.record({
    type: fc.constant('rich_text_list'),
    style: fc.constantFrom('bullet', 'ordered'),
    elements: fc.array(section, { maxLength: 4 }),
    indent: fc.nat(8),
    offset: fc.nat(5_000),
    border,
  }),
);
const richText = fc.record({ type: fc.constant('rich_text'), elements: fc.array(part, { maxLength: 6 }) });
const cell = fc.oneof(richText, fc.record({ type: fc.constant('raw_text'), text: words }));
const table = fc.record({
  type: fc.constant('table'),
  rows: fc.array(fc.array(cell, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
});

describe('whatever comes in a message', () => {
  it('never fails, and whatever cannot be read leaves the text', () => {
    const field = fc.oneof(fc.jsonValue({ maxDepth: 8 }), fc.array(fc.oneof(richText, fc.jsonValue())));
    fc.assert(
      fc.property(field, field, field, (blocks, attachments, files) => {
        expect(plain({ text: 'hello', blocks: [...[blocks].flat(), 7], attachments, files })).toMatch(
          /^hello/,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('may be nested as deep as it likes', () => {
    let nested: unknown = { type: 'text', text: 'x' };
    for (let depth = 0; depth < 5_000; depth += 1) nested = { type: 'rich_text_section', elements: [nested] };
    const blocks = [{ type: 'rich_text', elements: [nested] }];
    expect(plain({ text: 'hello', blocks, files: [nested], attachments: [{ blocks: [nested] }] })).toBe(
      'hello\n(a file that can be seen in Slack only)',
    );
  });
});

describe('rich text, however it is built', () => {
  it('mentions only what mentionsIn has named', () => {
    fc.assert(
      fc.property(richText, (block) => {
        const nodes = nodesOf({ text: 'x', blocks: [block] }) ?? [];
        const asked = new Set<string>();
        const asking = (id: string) => void asked.add(id);
        toPlainText(nodes, { user: asking, channel: asking, group: asking });
        expect([...asked].sort()).toEqual(Object.values(mentionsIn(nodes)).flat().sort());
      }),
    );
  });

  it('has every character of its texts, in their order', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (texts) => {
        const elements = texts.map((text) => ({ type: 'text', text }));
        const list = {
          type: 'rich_text_list',
          style: 'bullet',
          elements: [{ type: 'rich_text_section', elements }],
        };
        const got = plain({ text: 'x', blocks: [{ type: 'rich_text', elements: [list] }] }) ?? '';
        const solid = (text: string) => text.replace(/\s/g, '');
        const expected = solid(texts.join(''));
        expect(solid(got)).toBe(expected === '' ? 'x' : `•${expected}`);
      }),
    );
  });

  it('keeps each row of a table on a line of its own', () => {
    fc.assert(
      fc.property(table, ({ rows, type }) => {
        const got = plain({ text: 'x', blocks: [{ type, rows }] }) ?? '';
        expect(got.split('\n')).toHaveLength(1 + rows.length);
      }),
    );
  });

  it('is not much longer than what came', () => {
    fc.assert(
      fc.property(richText, (block) => {
        const cameWith = JSON.stringify(block).length;
        // A line of one character may stand in the deepest list of a quote.
        expect(plain({ text: 'x', blocks: [block] })?.length).toBeLessThanOrEqual(25 * cameWith);
      }),
    );
  });
});

describe('a line about a file', () => {
  it('is one line, and short, whatever the file is called', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    const file = fc.record({
      name: text,
      pretty_type: text,
      permalink: fc.oneof(fc.webUrl(), text),
      size: fc.double(),
    });
    fc.assert(
      fc.property(file, (one) => {
        const line = plain({ text: '', files: [one] }) ?? '';
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(line.length).toBeLessThan(4_000);
        expect(line).not.toBe('');
      }),
    );
  });
});
