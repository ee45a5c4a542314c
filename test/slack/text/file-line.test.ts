import { describe, expect, it } from 'vitest';
import { fileLine, SlackFile } from '../../../src/slack/text/file-line.ts';

const permalink = 'https://corp.slack.com/files/F1';
const lineOf = (fields: unknown, policy: 'link' | 'drop' = 'link') =>
  fileLine(SlackFile.parse(fields), policy);

// What files look like in whole messages is told in messages.yml.
describe('a line about a file', () => {
  it.each([
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [9_949, '9.9 kB'],
    [9_950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [2_500_000_000, '2.5 GB'],
    [5_000_000_000_000, '5.0 TB'],
  ])('tells %i bytes as %s', (size, told) => {
    expect(lineOf({ name: 'a', size })).toBe(`File: a (${told})`);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null])('says nothing of %j bytes', (size) => {
    expect(lineOf({ name: 'a', size })).toBe('File: a');
  });

  it('does without a name', () => {
    expect(lineOf({ pretty_type: 'PDF', permalink })).toBe(`File: without a name (PDF) ${permalink}`);
    expect(lineOf({ permalink }, 'drop')).toBe('(file left out)');
  });

  it('cuts a name that is longer than any file’s', () => {
    expect(lineOf({ name: '😀'.repeat(300) })).toBe(`File: ${'😀'.repeat(255)}`);
  });

  it('takes out what would turn round the text behind it', () => {
    expect(lineOf({ name: 'plan\u202efdp.exe' })).toBe('File: planfdp.exe');
  });

  it.each([
    'javascript:alert(1)',
    'https://',
    'https://a b',
    '//corp.com',
    `https://corp.com/${'x'.repeat(2_000)}`,
  ])('has no address that is none: %s', (address) => {
    expect(lineOf({ name: 'a', permalink: address })).toBe('File: a');
  });

  it.each([7, null, [], 'x', {}])('is there for %j as well', (file) => {
    expect(lineOf(file)).toBe('(a file that can be seen in Slack only)');
    expect(lineOf(file, 'drop')).toBe('(a file that can be seen in Slack only)');
  });
});
