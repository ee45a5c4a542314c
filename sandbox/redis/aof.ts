import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** What Redis wrote at once: a command, or all that a script or a transaction wrote (MULTI … EXEC). */
export interface Block {
  /** Where it stands in the file, bytes. */
  start: number;
  end: number;
  /** Its commands as they are written, latin1. */
  text: string;
}

export interface Cut {
  /** How many of the last blocks go. */
  blocks: number;
  /** Only blocks that contain this count; what stands after the first of them goes, too. */
  containing?: string;
  /** Half of the first block that goes is left, as after a power failure. */
  torn?: boolean;
}

/**
 * Cuts the end off the AOF of a Redis that is not running, as if the machine had lost it before it was on the disk.
 * @returns what was cut, oldest first: fewer blocks when there were not so many.
 */
export async function cutAof(folder: string, cut: Cut): Promise<Block[]> {
  const path = await lastFile(join(folder, 'appendonlydir'));
  const blocks = blocksOf(await readFile(path));
  const counted = blocks.filter(({ text }) => text.includes(cut.containing ?? ''));
  const first = counted.slice(-cut.blocks)[0];
  if (first === undefined || cut.blocks === 0) return [];
  await truncate(path, cut.torn ? Math.floor((first.start + first.end) / 2) : first.start);
  return blocks.slice(blocks.indexOf(first));
}

/** Redis 7 and newer write a base and increments, named with a number that grows; the last increment is written to. */
async function lastFile(folder: string): Promise<string> {
  const numberOf = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
  const names = (await readdir(folder)).filter((name) => numberOf(name) > 0);
  const last = names.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1);
  if (last === undefined) throw new Error(`there is no AOF in ${folder}`);
  return join(folder, last);
}

/** The blocks of an AOF's text (RESP); a torn one at its end is left out. */
export function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  let openedAt: number | undefined;
  for (let at = 0; at < file.length; ) {
    const command = commandAt(file, at);
    if (command === undefined) break;
    const { name, end } = command;
    if (name === 'MULTI') openedAt = at;
    if (name === 'EXEC' || openedAt === undefined) {
      const start = openedAt ?? at;
      if (name !== 'ANNOTATION') blocks.push({ start, end, text: file.toString('latin1', start, end) });
      openedAt = undefined;
    }
    at = end;
  }
  return blocks;
}

/** `*2\r\n$3\r\nDEL\r\n$1\r\nx\r\n`; a line that begins with `#` is an annotation. */
function commandAt(file: Buffer, start: number): { name: string; end: number } | undefined {
  let at = start;
  const line = (): string | undefined => {
    const end = file.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const text = file.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const head = line();
  if (head === undefined) return undefined;
  if (head.startsWith('#')) return { name: 'ANNOTATION', end: at };
  let name = '';
  for (let i = 0; i < Number(head.slice(1)); i += 1) {
    const size = line();
    if (size === undefined) return undefined;
    const end = at + Number(size.slice(1)) + 2;
    if (end > file.length) return undefined;
    if (i === 0) name = file.toString('latin1', at, end - 2).toUpperCase();
    at = end;
  }
  return { name, end: at };
}
