import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program and the environment variables that it needs on top of the caller's. */
export type Program = { readonly command: string; readonly env: Readonly<Record<string, string>> };

/** The first of `names` that can be run from `path` (a PATH value), or undefined. */
export function findInPath(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => isExecutable(file));
}

/** Whether `file` is a file that this user may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * `LD_LIBRARY_PATH` for programs from packages unpacked in `root`: every folder there in which Debian keeps
 * libraries (`usr/lib/x86_64-linux-gnu`, and its `pulseaudio`, which is known to its users by absolute path).
 */
export function libraryPath(root: string): string {
  const bases = ['lib', 'usr/lib'].map((base) => join(root, base));
  const machine = bases.flatMap((base) =>
    subfolders(base)
      .filter((name) => name.includes('-linux-gnu'))
      .map((name) => join(base, name)),
  );
  return [...bases, ...machine, ...machine.map((folder) => join(folder, 'pulseaudio'))].join(delimiter);
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
