import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateEmojiData, readSource } from '../../../scripts/generate-emoji.ts';

const FILE = new URL('../../../src/slack/text/emoji-data.ts', import.meta.url);

it('is what scripts/generate-emoji.ts makes of the installed emoji-datasource', async () => {
  expect(await readFile(FILE, 'utf8')).toBe(generateEmojiData(readSource()));
});

it('stays small enough to be read at every start', async () => {
  expect((await readFile(FILE)).byteLength).toBeLessThan(60_000);
});
