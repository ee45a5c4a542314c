import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchPackages, packagesFolder } from '../debian/packages.ts';
import { findInPath, isExecutable, libraryPath, type Program } from '../debian/programs.ts';

const names = ['redis-server', 'valkey-server'] as const;

/**
 * The Redis server of this machine: redis-server or valkey-server from `path`, else one fetched earlier
 * into `folder`, else one fetched now. Rejects with one line that says what to type.
 */
export async function findRedisServer(
  path = process.env.PATH ?? '',
  folder = packagesFolder,
): Promise<Program> {
  const installed = findInPath(names, path);
  if (installed) return { command: installed, env: {} };
  const fetched = names.map((name) => unpacked(name, join(folder, name))).find(isUsable);
  return fetched ?? (await fetchRedisServer(folder));
}

async function fetchRedisServer(folder: string): Promise<Program> {
  const failures: Error[] = [];
  for (const name of names) {
    try {
      await fetchPackages([name], join(folder, name), (root) => answersItsVersion(unpacked(name, root)));
      return unpacked(name, join(folder, name));
    } catch (error) {
      failures.push(error as Error);
    }
  }
  throw new Error(`No Redis server in PATH. ${failures[0]?.message}`, { cause: failures });
}

const isUsable = (program: Program) => isExecutable(program.command);

function unpacked(name: string, root: string): Program {
  return { command: join(root, 'usr/bin', name), env: { LD_LIBRARY_PATH: libraryPath(root) } };
}

/** Rejects when the program does not run here, for instance for want of a library. */
async function answersItsVersion({ command, env }: Program): Promise<void> {
  await promisify(execFile)(command, ['--version'], { env: { ...process.env, ...env } });
}
