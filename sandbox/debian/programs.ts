import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program and the environment variables that it needs on top of the caller's. */
export type Program = { readonly command: string; readonly env: Readonly<Record<string, string>> };

/** The first of `names` that can be run from `path` (a PATH value), or undefined. */
export function findInPath(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  return names
    .flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)))
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
 * `LD_LIBRARY_PATH` for programs from packages unpacked in `root`: Debian keeps libraries in a folder
 * named after the machine (`usr/lib/x86_64-linux-gnu`); what the machine itself has is still found after it.
 */
export function libraryPath(root: string): string {
  return ['usr/lib', 'lib']
    .flatMap((folder) => [folder, ...subfolders(join(root, folder)).map((name) => join(folder, name))])
    .filter((folder) => /lib$|-linux-gnu/.test(folder))
    .map((folder) => join(root, folder))
    .join(delimiter);
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
