import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from './program.ts';

/** One mistake: the text that stands exactly once in a file of the build, and what stands there instead. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

export const MUTATIONS = {
  noLook: {
    name: 'no look before resending',
    file: 'bridge/deliver.js',
    text: 'found = await lookFor(hand.delivery, readable(hand), hand.pair, ownMs);',
    instead: 'found = undefined;',
  },
  /** A worker sends although its lock is long lost. */
  noFence: {
    name: 'no fence',
    file: 'queue/worker.js',
    text: 'if (o.now() - heldAtMs <= timing.lockMs / 3)',
    instead: 'if (true)',
  },
  noDeduplication: {
    name: 'no de-duplication',
    file: 'store/scripts.js',
    text: "if known[1] then return {'duplicate'} end",
    instead: '',
  },
} as const satisfies Record<string, Mutation>;

/**
 * A copy of the program with the mistake in it.
 * @throws Error when the place is not found exactly once: the mutation no longer says what it did.
 */
export async function mutate(program: Program, folder: string, mutation: Mutation): Promise<Program> {
  await cp(program.src, folder, { recursive: true });
  const path = join(folder, mutation.file);
  const source = await readFile(path, 'utf8');
  const pieces = source.split(mutation.text);
  if (pieces.length !== 2) {
    throw new Error(`${mutation.name}: found ${pieces.length - 1} times in ${mutation.file}`);
  }
  await writeFile(path, pieces.join(mutation.instead));
  return { ...program, src: folder };
}
