import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fontConfiguration, fontPackages } from './fonts.ts';
import { fetchPackages, packagesFolder } from './packages.ts';
import { findInPath, isExecutable, libraryPath, type Program } from './programs.ts';

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-headless-shell'] as const;

/** Chromium without a user interface: half of chromium's size, and what Playwright uses by default. */
const fetchedName = 'chromium-headless-shell';

/** For Playwright's `args`: nothing but the page under test uses the network, and root may run it. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/**
 * A Chromium for browser tests: from `path`, else one fetched earlier into `folder`, else one fetched now
 * (110 MB, half a GB less than with `apt-get install chromium`). Where that is impossible, for instance
 * on Ubuntu (whose Chromium is a snap), gives undefined and tells `explain` why, in one line.
 * `env` goes to Playwright's `env`, on top of the process's own.
 */
export async function findChromium(
  explain: (reason: string) => void,
  path = process.env.PATH ?? '',
  folder = packagesFolder,
): Promise<Program | undefined> {
  const installed = findInPath(names, path);
  if (installed) return { command: installed, env: {} };
  const root = join(folder, fetchedName);
  try {
    await fetchPackages([fetchedName, ...fontPackages], root, async (fetched) => {
      await writeFile(join(fetched, 'fonts.conf'), fontConfiguration(root));
      await answersItsVersion(unpacked(fetched));
    });
  } catch (error) {
    explain(`No chromium or google-chrome in PATH. ${(error as Error).message}`);
    return undefined;
  }
  const program = unpacked(root);
  if (isExecutable(program.command)) return program;
  explain(`No chromium or google-chrome in PATH, and ${root} is incomplete: remove it to fetch it again`);
  return undefined;
}

function unpacked(root: string): Program {
  return {
    // Not usr/bin's script of that name, which calls this by its absolute installed path.
    command: join(root, 'usr/lib/chromium', fetchedName),
    env: { LD_LIBRARY_PATH: libraryPath(root), FONTCONFIG_FILE: join(root, 'fonts.conf') },
  };
}

/** Rejects when the program does not run here, for instance for want of a library. */
async function answersItsVersion({ command, env }: Program): Promise<void> {
  await promisify(execFile)(command, ['--version'], { env: { ...process.env, ...env } });
}
