import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mutate } from './mutant.ts';

it.each([
  ['nowhere', 'look();'],
  ['twice', 'mistake(); mistake();'],
])('a mutation whose place is found %s fails, rather than change nothing', async (_, source) => {
  const folder = await mkdtemp(join(tmpdir(), 'mutant-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src/some.js'), source);
  const mutation = { name: 'a mistake', file: 'some.js', text: 'mistake()', instead: '' };
  const program = { src: join(folder, 'src'), entry: '' };
  await expect(mutate(program, join(folder, 'copy'), mutation)).rejects.toThrow(/found \d times/);
});
