import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withFileLock } from './lock.ts';
import { findInPath } from './programs.ts';

/** Where fetched packages are kept, one folder each: `.data/debian` of the project. */
export const packagesFolder = fileURLToPath(new URL('../../.data/debian', import.meta.url));

const run = promisify(execFile);

/** The longest that one apt-get or dpkg may take; a slow line needs minutes for a browser. */
const commandTimeoutMs = 300_000;

/**
 * Gets Debian or Ubuntu packages, with the dependencies that this machine lacks, and unpacks them into
 * `folder` without installing anything; no root needed. Does nothing when `folder` is there already.
 * `prepare` completes and tries the unpacked files before they become `folder`; a failed attempt leaves nothing.
 * Rejects with one line that says what was tried and what to type.
 */
export async function fetchPackages(
  names: readonly string[],
  folder: string,
  prepare: (root: string) => Promise<void> = async () => {},
): Promise<void> {
  if (existsSync(folder)) return;
  const [parent, name] = [dirname(folder), basename(folder)];
  try {
    if (!findInPath(['apt-get']) || !findInPath(['dpkg'])) throw new Error('this machine has none');
    await mkdir(parent, { recursive: true });
    await withFileLock(join(parent, 'lock'), async () => {
      if (existsSync(folder)) return;
      await removeLeftovers(parent, `.${name}-`);
      const attempt = await mkdtemp(join(parent, `.${name}-`));
      try {
        const root = join(attempt, 'root');
        await unpack(await download(names, join(parent, 'apt'), join(attempt, 'archives')), root);
        await prepare(root);
        await rename(root, folder);
      } finally {
        await rm(attempt, { recursive: true, force: true });
      }
    });
  } catch (error) {
    const wanted = names.join(' ');
    throw new Error(
      `Fetching ${wanted} with apt-get failed: ${reason(error)}. To install it, type: apt-get install ${wanted}`,
      { cause: error },
    );
  }
}

/** What an attempt that was killed left behind. */
async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  const left = (await readdir(parent)).filter((file) => file.startsWith(prefix));
  await Promise.all(left.map((file) => rm(join(parent, file), { recursive: true, force: true })));
}

/**
 * Lets apt work out and download what is missing, and gives the files. Its lists and caches are private:
 * the machine's own may be absent or too old to match the mirror, and only root may renew those.
 */
async function download(names: readonly string[], state: string, archives: string): Promise<string[]> {
  await mkdir(join(state, 'lists/partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  const options = Object.entries({
    'Dir::State': state,
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': state,
    'Dir::Cache::archives': archives,
    // Started by root, apt would download as user _apt, who may not write here.
    'APT::Sandbox::User': 'root',
    // Only root may take dpkg's lock, and nothing is installed.
    'Debug::NoLocking': 'true',
    // Smaller: compressed lists, no tables made from them, no translations.
    'Acquire::GzipIndexes': 'true',
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Acquire::Languages': 'none',
    // Without a network, update would only warn, and the reason would be lost.
    'APT::Update::Error-Mode': 'any',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  }).map(([name, value]) => `-o${name}=${value}`);
  const apt = (...command: string[]) =>
    run('apt-get', [...options, ...command], {
      timeout: commandTimeoutMs,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    });
  // One unreachable third-party source fails the whole update, though the lists that matter came: go on.
  const update = await apt('update', '--quiet').catch((error: unknown) => error);
  try {
    await apt('install', '--download-only', '--no-install-recommends', '--yes', '--quiet', ...names);
  } catch (error) {
    throw update instanceof Error ? new Error(`${reason(update)}; ${reason(error)}`) : error;
  }
  const files = await readdir(archives);
  return files.filter((file) => file.endsWith('.deb')).map((file) => join(archives, file));
}

async function unpack(archives: readonly string[], root: string): Promise<void> {
  if (archives.length === 0) throw new Error('nothing was downloaded, as if it were installed already');
  for (const archive of archives) await run('dpkg', ['-x', archive, root], { timeout: commandTimeoutMs });
}

/** The first line that names an error in what a command wrote, without the addresses of mirrors. */
function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr || message).split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^E: |error/i.test(line)) ?? lines.at(-1) ?? 'no reason given')
    .replace(/^E: |\.$/g, '')
    .replace(/https?:\/\/\S*\/(?=\S)/g, '')
    .trim();
}
