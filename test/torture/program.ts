import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const project = join(import.meta.dirname, '../..');
export const DATA = join(project, '.data/torture');

/** A built bridge, and the entry that runs it: both plain JavaScript, as each start costs time. */
export interface Program {
  /** Where `compose.js` is. */
  readonly src: string;
  readonly entry: string;
}

/** Builds the bridge together with its entry into a folder below the project, where packages are found. */
export async function buildProgram(folder: string): Promise<Program> {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const config = join(import.meta.dirname, 'tsconfig.built.json');
  await promisify(execFile)(process.execPath, [tsc, '-p', config, '--outDir', folder]);
  return { src: join(folder, 'src'), entry: join(folder, 'test/torture/bridge-process.js') };
}
